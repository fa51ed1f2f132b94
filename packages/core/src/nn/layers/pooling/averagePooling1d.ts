/** AveragePooling1D: the mean of each window of a sequence. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { Pooling, savedPooling, type PoolingOptions } from './pooling.ts';

/** Input [batch, steps, channels] → the same axes, fewer windows. Mean of each window and channel; padded places do not count. No weights. */
export class AveragePooling1D extends Pooling {
  readonly className = 'AveragePooling1D';
  constructor(poolSize: PerAxis = 2, options: PoolingOptions = {}) { super('AveragePooling1D', 'average', 1, poolSize, options); }
  static fromConfig(config: Config): AveragePooling1D { return new AveragePooling1D(...savedPooling(config)); }
}
