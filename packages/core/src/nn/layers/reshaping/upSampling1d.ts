/** UpSampling1D: makes a sequence larger. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { savedUpSampling, UpSampling, type UpSamplingOptions } from './upSampling.ts';

/** Input [batch, steps, channels] → the same axes, `size` (default 2) times as long, by repetition. Keeps the dtype. */
export class UpSampling1D extends UpSampling {
  readonly className = 'UpSampling1D';
  constructor(size: PerAxis = 2, options: UpSamplingOptions = {}) { super('UpSampling1D', 1, size, options); }
  static fromConfig(config: Config): UpSampling1D { return new UpSampling1D(...savedUpSampling(config)); }
}
