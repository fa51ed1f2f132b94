/** AveragePooling3D: the mean of each window of a volume. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { Pooling, savedPooling, type PoolingOptions } from './pooling.ts';

/** Input [batch, depth, height, width, channels] → the same axes, fewer windows. Mean of each window and channel; padded places do not count. No weights. */
export class AveragePooling3D extends Pooling {
  readonly className = 'AveragePooling3D';
  constructor(poolSize: PerAxis = 2, options: PoolingOptions = {}) { super('AveragePooling3D', 'average', 3, poolSize, options); }
  static fromConfig(config: Config): AveragePooling3D { return new AveragePooling3D(...savedPooling(config)); }
}
