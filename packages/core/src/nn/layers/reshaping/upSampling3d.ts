/** UpSampling3D: makes a volume larger. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { savedUpSampling, UpSampling, type UpSamplingOptions } from './upSampling.ts';

/** Input [batch, depth, height, width, channels] → the same axes, `size` (default 2) times as long, by repetition. Keeps the dtype. */
export class UpSampling3D extends UpSampling {
  readonly className = 'UpSampling3D';
  constructor(size: PerAxis = 2, options: UpSamplingOptions = {}) { super('UpSampling3D', 3, size, options); }
  static fromConfig(config: Config): UpSampling3D { return new UpSampling3D(...savedUpSampling(config)); }
}
