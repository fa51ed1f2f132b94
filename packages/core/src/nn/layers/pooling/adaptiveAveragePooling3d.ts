/** AdaptiveAveragePooling3D: the mean of as many windows of a volume as are wanted. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { AdaptivePooling, savedAdaptive, type AdaptivePoolingOptions } from './adaptive.ts';

/** Input [batch, depth, height, width, channels] → [batch, …outputSize, channels]. No weights. */
export class AdaptiveAveragePooling3D extends AdaptivePooling {
  readonly className = 'AdaptiveAveragePooling3D';
  constructor(outputSize: PerAxis, options: AdaptivePoolingOptions = {}) { super('AdaptiveAveragePooling3D', 'average', 3, outputSize, options); }
  static fromConfig(config: Config): AdaptiveAveragePooling3D { return new AdaptiveAveragePooling3D(...savedAdaptive(config)); }
}
