/** GlobalMaxPooling2D: the largest element of each channel over all of an image. */
import type { Config } from '../../registry-table.ts';
import { GlobalPooling, savedGlobal, type GlobalPoolingOptions } from './global.ts';

/** Input [batch, height, width, channels] → [batch, channels]. Keeps the dtype. No weights. */
export class GlobalMaxPooling2D extends GlobalPooling {
  readonly className = 'GlobalMaxPooling2D';
  constructor(options: GlobalPoolingOptions = {}) { super('GlobalMaxPooling2D', 'max', 2, options); }
  static fromConfig(config: Config): GlobalMaxPooling2D { return new GlobalMaxPooling2D(savedGlobal(config)); }
}
