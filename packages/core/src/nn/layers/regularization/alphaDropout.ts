/** AlphaDropout (Klambauer et al. 2017): sets elements to the value that selu saturates at, and keeps mean and variance. For networks of selu. */
import * as ops from '../../../tensor/ops/index.ts';
import { bernoulli, type SeedGenerator } from '../../../tensor/random.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { Noise, noiseExtents, within, type NoiseShapeOptions } from './noise.ts';

/** -alpha · scale of selu */
const LEAST = -1.6732632423543772 * 1.0507009873554805;
/** a · (x or LEAST) + b, with a and b such that inputs of mean 0 and variance 1 keep both; rate is below 1. Keeps the shape. */
export class AlphaDropout extends Noise {
  readonly className = 'AlphaDropout';
  readonly rate: number;
  readonly noiseShape: readonly (number | null)[] | null;
  constructor(rate: number, options: NoiseShapeOptions = {}) {
    super('AlphaDropout', options);
    this.rate = within(rate, 1, 'AlphaDropout: rate', true);
    this.noiseShape = options.noiseShape ?? null;
  }
  static fromConfig(config: Config): AlphaDropout { return new AlphaDropout(numberOf(config, 'rate', 0), { ...config, ...layerOptions(config) }); }
  protected get strength(): number { return this.rate; }
  protected disturb(x: Tensor, seeds: SeedGenerator): Tensor {
    const { rate } = this, a = ((1 - rate) * (1 + rate * LEAST ** 2)) ** -0.5;
    return ops.add(ops.multiply(ops.where(bernoulli(noiseExtents(this.noiseShape, x), seeds, 1 - rate), x, LEAST), a), -a * LEAST * rate);
  }
  override getConfig(): Config { return { ...super.getConfig(), rate: this.rate, noiseShape: this.noiseShape }; }
}
