/** AdaptiveMaxPooling2D: the largest element of as many windows of an image as are wanted. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { AdaptivePooling, savedAdaptive, type AdaptivePoolingOptions } from './adaptive.ts';

/** Input [batch, height, width, channels] → [batch, …outputSize, channels]. Keeps the dtype. No weights. */
export class AdaptiveMaxPooling2D extends AdaptivePooling {
  readonly className = 'AdaptiveMaxPooling2D';
  constructor(outputSize: PerAxis, options: AdaptivePoolingOptions = {}) { super('AdaptiveMaxPooling2D', 'max', 2, outputSize, options); }
  static fromConfig(config: Config): AdaptiveMaxPooling2D { return new AdaptiveMaxPooling2D(...savedAdaptive(config)); }
}
