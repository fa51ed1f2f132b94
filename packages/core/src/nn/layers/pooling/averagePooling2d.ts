/** AveragePooling2D: the mean of each window of an image. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { Pooling, savedPooling, type PoolingOptions } from './pooling.ts';

/** Input [batch, height, width, channels] → the same axes, fewer windows. Mean of each window and channel; padded places do not count. No weights. */
export class AveragePooling2D extends Pooling {
  readonly className = 'AveragePooling2D';
  constructor(poolSize: PerAxis = 2, options: PoolingOptions = {}) { super('AveragePooling2D', 'average', 2, poolSize, options); }
  static fromConfig(config: Config): AveragePooling2D { return new AveragePooling2D(...savedPooling(config)); }
}
