/** GlobalAveragePooling3D: the mean of each channel over all of a volume. */
import type { Config } from '../../registry-table.ts';
import { GlobalPooling, savedGlobal, type GlobalPoolingOptions } from './global.ts';

/** Input [batch, depth, height, width, channels] → [batch, channels]. No weights. */
export class GlobalAveragePooling3D extends GlobalPooling {
  readonly className = 'GlobalAveragePooling3D';
  constructor(options: GlobalPoolingOptions = {}) { super('GlobalAveragePooling3D', 'average', 3, options); }
  static fromConfig(config: Config): GlobalAveragePooling3D { return new GlobalAveragePooling3D(savedGlobal(config)); }
}
