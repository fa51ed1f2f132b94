/** AdaptiveMaxPooling3D: the largest element of as many windows of a volume as are wanted. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { AdaptivePooling, savedAdaptive, type AdaptivePoolingOptions } from './adaptive.ts';

/** Input [batch, depth, height, width, channels] → [batch, …outputSize, channels]. Keeps the dtype. No weights. */
export class AdaptiveMaxPooling3D extends AdaptivePooling {
  readonly className = 'AdaptiveMaxPooling3D';
  constructor(outputSize: PerAxis, options: AdaptivePoolingOptions = {}) { super('AdaptiveMaxPooling3D', 'max', 3, outputSize, options); }
  static fromConfig(config: Config): AdaptiveMaxPooling3D { return new AdaptiveMaxPooling3D(...savedAdaptive(config)); }
}
