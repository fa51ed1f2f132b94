/** GlobalMaxPooling3D: the largest element of each channel over all of a volume. */
import type { Config } from '../../registry-table.ts';
import { GlobalPooling, savedGlobal, type GlobalPoolingOptions } from './global.ts';

/** Input [batch, depth, height, width, channels] → [batch, channels]. Keeps the dtype. No weights. */
export class GlobalMaxPooling3D extends GlobalPooling {
  readonly className = 'GlobalMaxPooling3D';
  constructor(options: GlobalPoolingOptions = {}) { super('GlobalMaxPooling3D', 'max', 3, options); }
  static fromConfig(config: Config): GlobalMaxPooling3D { return new GlobalMaxPooling3D(savedGlobal(config)); }
}
