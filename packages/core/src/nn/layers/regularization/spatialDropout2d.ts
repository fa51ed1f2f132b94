/** SpatialDropout2D: dropout of whole channels of an image. */
import type { Config } from '../../registry-table.ts';
import { savedSpatial, SpatialDropout, type SpatialDropoutOptions } from './spatialDropout.ts';

/** Input [batch, height, width, channels], kept. While training each channel of a sample is zeroed with probability `rate`, the others scaled by 1 / (1 - rate). */
export class SpatialDropout2D extends SpatialDropout {
  readonly className = 'SpatialDropout2D';
  constructor(rate: number, options: SpatialDropoutOptions = {}) { super('SpatialDropout2D', 2, rate, options); }
  static fromConfig(config: Config): SpatialDropout2D { return new SpatialDropout2D(...savedSpatial(config)); }
}
