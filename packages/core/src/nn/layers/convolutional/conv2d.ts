/** Conv2D: filters that slide over an image. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { savedArguments } from './base.ts';
import { Conv, type ConvOptions } from './conv.ts';

/** Input [batch, height, width, channels] → [batch, height, width, filters]. Weights: kernel [height, width, channels / groups, filters], bias [filters]. */
export class Conv2D extends Conv {
  readonly className = 'Conv2D';
  constructor(filters: number, kernelSize: PerAxis, options: ConvOptions = {}) { super('Conv2D', 2, filters, kernelSize, options); }
  static fromConfig(config: Config): Conv2D { return new Conv2D(...savedArguments(config)); }
}
