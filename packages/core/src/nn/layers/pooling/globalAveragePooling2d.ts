/** GlobalAveragePooling2D: the mean of each channel over all of an image. */
import type { Config } from '../../registry-table.ts';
import { GlobalPooling, savedGlobal, type GlobalPoolingOptions } from './global.ts';

/** Input [batch, height, width, channels] → [batch, channels]. No weights. */
export class GlobalAveragePooling2D extends GlobalPooling {
  readonly className = 'GlobalAveragePooling2D';
  constructor(options: GlobalPoolingOptions = {}) { super('GlobalAveragePooling2D', 'average', 2, options); }
  static fromConfig(config: Config): GlobalAveragePooling2D { return new GlobalAveragePooling2D(savedGlobal(config)); }
}
