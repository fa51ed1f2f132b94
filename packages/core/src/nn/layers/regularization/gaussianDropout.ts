/** GaussianDropout (Srivastava et al. 2014): multiplies by normal noise while training. */
import * as ops from '../../../tensor/ops/index.ts';
import { normal, type SeedGenerator } from '../../../tensor/random.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { LayerOptions } from '../../layer.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { Noise, within } from './noise.ts';

/** x · noise of mean 1 and standard deviation √(rate / (1 - rate)); rate is below 1. Keeps the shape. */
export class GaussianDropout extends Noise {
  readonly className = 'GaussianDropout';
  readonly rate: number;
  constructor(rate: number, options: LayerOptions = {}) { super('GaussianDropout', options); this.rate = within(rate, 1, 'GaussianDropout: rate', true); }
  static fromConfig(config: Config): GaussianDropout { return new GaussianDropout(numberOf(config, 'rate', 0), layerOptions(config)); }
  protected get strength(): number { return this.rate; }
  protected disturb(x: Tensor, seeds: SeedGenerator): Tensor { return ops.multiply(x, normal(x.shape, seeds, { mean: 1, stddev: Math.sqrt(this.rate / (1 - this.rate)) })); }
  override getConfig(): Config { return { ...super.getConfig(), rate: this.rate }; }
}
