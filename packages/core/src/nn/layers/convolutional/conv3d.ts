/** Conv3D: filters that slide over a volume. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { savedArguments } from './base.ts';
import { Conv, type ConvOptions } from './conv.ts';

/** Input [batch, depth, height, width, channels] → [batch, depth, height, width, filters]. Weights: kernel [depth, height, width, channels / groups, filters], bias [filters]. */
export class Conv3D extends Conv {
  readonly className = 'Conv3D';
  constructor(filters: number, kernelSize: PerAxis, options: ConvOptions = {}) { super('Conv3D', 3, filters, kernelSize, options); }
  static fromConfig(config: Config): Conv3D { return new Conv3D(...savedArguments(config)); }
}
