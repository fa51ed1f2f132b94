/** SpatialDropout1D: dropout of whole channels of a sequence. */
import type { Config } from '../../registry-table.ts';
import { savedSpatial, SpatialDropout, type SpatialDropoutOptions } from './spatialDropout.ts';

/** Input [batch, steps, channels], kept. While training each channel of a sample is zeroed with probability `rate`, the others scaled by 1 / (1 - rate). */
export class SpatialDropout1D extends SpatialDropout {
  readonly className = 'SpatialDropout1D';
  constructor(rate: number, options: SpatialDropoutOptions = {}) { super('SpatialDropout1D', 1, rate, options); }
  static fromConfig(config: Config): SpatialDropout1D { return new SpatialDropout1D(...savedSpatial(config)); }
}
