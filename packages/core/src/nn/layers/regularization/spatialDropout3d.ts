/** SpatialDropout3D: dropout of whole channels of a volume. */
import type { Config } from '../../registry-table.ts';
import { savedSpatial, SpatialDropout, type SpatialDropoutOptions } from './spatialDropout.ts';

/** Input [batch, depth, height, width, channels], kept. While training each channel of a sample is zeroed with probability `rate`, the others scaled by 1 / (1 - rate). */
export class SpatialDropout3D extends SpatialDropout {
  readonly className = 'SpatialDropout3D';
  constructor(rate: number, options: SpatialDropoutOptions = {}) { super('SpatialDropout3D', 3, rate, options); }
  static fromConfig(config: Config): SpatialDropout3D { return new SpatialDropout3D(...savedSpatial(config)); }
}
