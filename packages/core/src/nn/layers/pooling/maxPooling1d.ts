/** MaxPooling1D: the largest element of each window of a sequence. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { Pooling, savedPooling, type PoolingOptions } from './pooling.ts';

/** Input [batch, steps, channels] → the same axes, fewer windows. Largest element of each window and channel. Keeps the dtype. No weights. */
export class MaxPooling1D extends Pooling {
  readonly className = 'MaxPooling1D';
  constructor(poolSize: PerAxis = 2, options: PoolingOptions = {}) { super('MaxPooling1D', 'max', 1, poolSize, options); }
  static fromConfig(config: Config): MaxPooling1D { return new MaxPooling1D(...savedPooling(config)); }
}
