/** MaxPooling3D: the largest element of each window of a volume. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { Pooling, savedPooling, type PoolingOptions } from './pooling.ts';

/** Input [batch, depth, height, width, channels] → the same axes, fewer windows. Largest element of each window and channel. Keeps the dtype. No weights. */
export class MaxPooling3D extends Pooling {
  readonly className = 'MaxPooling3D';
  constructor(poolSize: PerAxis = 2, options: PoolingOptions = {}) { super('MaxPooling3D', 'max', 3, poolSize, options); }
  static fromConfig(config: Config): MaxPooling3D { return new MaxPooling3D(...savedPooling(config)); }
}
