/** GlobalMaxPooling1D: the largest element of each channel over all of a sequence. */
import type { Config } from '../../registry-table.ts';
import { GlobalPooling, savedGlobal, type GlobalPoolingOptions } from './global.ts';

/** Input [batch, steps, channels] → [batch, channels]. Keeps the dtype. No weights. */
export class GlobalMaxPooling1D extends GlobalPooling {
  readonly className = 'GlobalMaxPooling1D';
  constructor(options: GlobalPoolingOptions = {}) { super('GlobalMaxPooling1D', 'max', 1, options); }
  static fromConfig(config: Config): GlobalMaxPooling1D { return new GlobalMaxPooling1D(savedGlobal(config)); }
}
