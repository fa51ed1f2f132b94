/** DepthwiseConv2D: every channel of an image with filters of its own. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { DepthwiseConv, savedDepthwise, type DepthwiseConvOptions } from './depthwise.ts';

/** Input [batch, height, width, channels] → [batch, height, width, channels · depthMultiplier]. Weights: kernel [height, width, channels, depthMultiplier], bias. */
export class DepthwiseConv2D extends DepthwiseConv {
  readonly className = 'DepthwiseConv2D';
  constructor(kernelSize: PerAxis, options: DepthwiseConvOptions = {}) { super('DepthwiseConv2D', 2, kernelSize, options); }
  static fromConfig(config: Config): DepthwiseConv2D { return new DepthwiseConv2D(...savedDepthwise(config)); }
}
