/** SeparableConv1D: each channel of a sequence by itself, then all channels at each place. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { savedArguments } from './base.ts';
import { SeparableConv, type SeparableConvOptions } from './separable.ts';

/** Input [batch, steps, channels] → [batch, steps, filters]. Weights: depthwise_kernel [size, channels, depthMultiplier], pointwise_kernel, bias [filters]. */
export class SeparableConv1D extends SeparableConv {
  readonly className = 'SeparableConv1D';
  constructor(filters: number, kernelSize: PerAxis, options: SeparableConvOptions = {}) { super('SeparableConv1D', 1, filters, kernelSize, options); }
  static fromConfig(config: Config): SeparableConv1D { return new SeparableConv1D(...savedArguments(config)); }
}
