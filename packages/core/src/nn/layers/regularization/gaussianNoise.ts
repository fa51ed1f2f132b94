/** GaussianNoise: adds normal noise while training. */
import * as ops from '../../../tensor/ops/index.ts';
import { normal, type SeedGenerator } from '../../../tensor/random.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { LayerOptions } from '../../layer.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { Noise, within } from './noise.ts';

/** x + noise of mean 0 and standard deviation `stddev` (0 to 1, as in Keras). Keeps the shape. */
export class GaussianNoise extends Noise {
  readonly className = 'GaussianNoise';
  readonly stddev: number;
  constructor(stddev: number, options: LayerOptions = {}) { super('GaussianNoise', options); this.stddev = within(stddev, 1, 'GaussianNoise: stddev'); }
  static fromConfig(config: Config): GaussianNoise { return new GaussianNoise(numberOf(config, 'stddev', 0), layerOptions(config)); }
  protected get strength(): number { return this.stddev; }
  protected disturb(x: Tensor, seeds: SeedGenerator): Tensor { return ops.add(x, normal(x.shape, seeds, { stddev: this.stddev })); }
  override getConfig(): Config { return { ...super.getConfig(), stddev: this.stddev }; }
}
