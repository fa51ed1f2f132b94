/** AdaptiveMaxPooling1D: the largest element of as many windows of a sequence as are wanted. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { AdaptivePooling, savedAdaptive, type AdaptivePoolingOptions } from './adaptive.ts';

/** Input [batch, steps, channels] → [batch, …outputSize, channels]. Keeps the dtype. No weights. */
export class AdaptiveMaxPooling1D extends AdaptivePooling {
  readonly className = 'AdaptiveMaxPooling1D';
  constructor(outputSize: PerAxis, options: AdaptivePoolingOptions = {}) { super('AdaptiveMaxPooling1D', 'max', 1, outputSize, options); }
  static fromConfig(config: Config): AdaptiveMaxPooling1D { return new AdaptiveMaxPooling1D(...savedAdaptive(config)); }
}
