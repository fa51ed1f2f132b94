/** AdaptiveAveragePooling1D: the mean of as many windows of a sequence as are wanted. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { AdaptivePooling, savedAdaptive, type AdaptivePoolingOptions } from './adaptive.ts';

/** Input [batch, steps, channels] → [batch, …outputSize, channels]. No weights. */
export class AdaptiveAveragePooling1D extends AdaptivePooling {
  readonly className = 'AdaptiveAveragePooling1D';
  constructor(outputSize: PerAxis, options: AdaptivePoolingOptions = {}) { super('AdaptiveAveragePooling1D', 'average', 1, outputSize, options); }
  static fromConfig(config: Config): AdaptiveAveragePooling1D { return new AdaptiveAveragePooling1D(...savedAdaptive(config)); }
}
