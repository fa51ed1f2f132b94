/** Conv1D: filters that slide over a sequence. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { savedArguments } from './base.ts';
import { Conv, type ConvOptions } from './conv.ts';

/** Input [batch, steps, channels] → [batch, steps, filters]. Weights: kernel [size, channels / groups, filters], bias [filters]. */
export class Conv1D extends Conv {
  readonly className = 'Conv1D';
  constructor(filters: number, kernelSize: PerAxis, options: ConvOptions = {}) { super('Conv1D', 1, filters, kernelSize, options); }
  static fromConfig(config: Config): Conv1D { return new Conv1D(...savedArguments(config)); }
}
