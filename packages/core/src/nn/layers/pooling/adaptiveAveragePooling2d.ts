/** AdaptiveAveragePooling2D: the mean of as many windows of an image as are wanted. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { AdaptivePooling, savedAdaptive, type AdaptivePoolingOptions } from './adaptive.ts';

/** Input [batch, height, width, channels] → [batch, …outputSize, channels]. No weights. */
export class AdaptiveAveragePooling2D extends AdaptivePooling {
  readonly className = 'AdaptiveAveragePooling2D';
  constructor(outputSize: PerAxis, options: AdaptivePoolingOptions = {}) { super('AdaptiveAveragePooling2D', 'average', 2, outputSize, options); }
  static fromConfig(config: Config): AdaptiveAveragePooling2D { return new AdaptiveAveragePooling2D(...savedAdaptive(config)); }
}
