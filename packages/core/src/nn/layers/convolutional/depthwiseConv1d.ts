/** DepthwiseConv1D: every channel of a sequence with filters of its own. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { DepthwiseConv, savedDepthwise, type DepthwiseConvOptions } from './depthwise.ts';

/** Input [batch, steps, channels] → [batch, steps, channels · depthMultiplier]. Weights: kernel [size, channels, depthMultiplier], bias. */
export class DepthwiseConv1D extends DepthwiseConv {
  readonly className = 'DepthwiseConv1D';
  constructor(kernelSize: PerAxis, options: DepthwiseConvOptions = {}) { super('DepthwiseConv1D', 1, kernelSize, options); }
  static fromConfig(config: Config): DepthwiseConv1D { return new DepthwiseConv1D(...savedDepthwise(config)); }
}
