/** MaxPooling2D: the largest element of each window of an image. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { Pooling, savedPooling, type PoolingOptions } from './pooling.ts';

/** Input [batch, height, width, channels] → the same axes, fewer windows. Largest element of each window and channel. Keeps the dtype. No weights. */
export class MaxPooling2D extends Pooling {
  readonly className = 'MaxPooling2D';
  constructor(poolSize: PerAxis = 2, options: PoolingOptions = {}) { super('MaxPooling2D', 'max', 2, poolSize, options); }
  static fromConfig(config: Config): MaxPooling2D { return new MaxPooling2D(...savedPooling(config)); }
}
