/** SeparableConv2D: each channel of an image by itself, then all channels at each place. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { savedArguments } from './base.ts';
import { SeparableConv, type SeparableConvOptions } from './separable.ts';

/** Input [batch, height, width, channels] → [batch, height, width, filters]. Weights: depthwise_kernel [height, width, channels, depthMultiplier], pointwise_kernel, bias [filters]. */
export class SeparableConv2D extends SeparableConv {
  readonly className = 'SeparableConv2D';
  constructor(filters: number, kernelSize: PerAxis, options: SeparableConvOptions = {}) { super('SeparableConv2D', 2, filters, kernelSize, options); }
  static fromConfig(config: Config): SeparableConv2D { return new SeparableConv2D(...savedArguments(config)); }
}
