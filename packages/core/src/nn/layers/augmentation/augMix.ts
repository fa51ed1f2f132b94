/** AugMix (Hendrycks et al. 2020): a mean of chains of changes, mixed with the image itself. */
import { ValueError } from '../../../base/errors.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { randint } from '../../../tensor/random.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { booleanOf, numberOf, type Config } from '../../registry-table.ts';
import { oneOf } from '../spatial.ts';
import { Augmentation, Draw, rangeOf, savedFactor, savedOptions, valueRangeOf, type ColorOptions, type Factor, type Range } from './base.ts';
import { logGamma, symmetricBeta } from './beta.ts';
import { CHANGES, changed } from './changes.ts';

/** Options of `augMix`. */
export interface AugMixOptions extends ColorOptions {
  /** Chains that are mixed. Default 3. */
  readonly numChains?: number;
  /** Most changes in a chain; each is left out once in (number of changes + 1) times. Default 3. */
  readonly chainDepth?: number;
  /** The strength of all changes, within 0 and 1; one number f draws from 0 to f. Default 0.3. */
  readonly factor?: Factor;
  /** Above 0. Weights of the chains are Dirichlet(alpha), that of the image itself is Beta(alpha, alpha). Default 1. */
  readonly alpha?: number;
  /** False: without brightness, colour, contrast and sharpness. Default true. */
  readonly allOps?: boolean;
  /** Default 'bilinear'. */
  readonly interpolation?: 'nearest' | 'bilinear';
}
/** The changes are those of `changed`. Keras draws changes and weights for the whole batch (the changes once for a traced program); here every image has its own, anew in each step. */
export class AugMix extends Augmentation {
  readonly className = 'AugMix';
  readonly valueRange: Range;
  readonly numChains: number;
  readonly chainDepth: number;
  readonly factor: Range;
  readonly alpha: number;
  readonly allOps: boolean;
  readonly interpolation: 'nearest' | 'bilinear';
  constructor(options: AugMixOptions = {}) {
    super('AugMix', options);
    const who = `AugMix '${this.name}'`, count = (value: number, name: string): number => {
      if (!(Number.isInteger(value) && value >= 1)) throw new ValueError(`${who}: ${name} ${value} must be a whole number of at least 1.`);
      return value;
    };
    this.valueRange = valueRangeOf(options.valueRange, who);
    this.numChains = count(options.numChains ?? 3, 'numChains');
    this.chainDepth = count(options.chainDepth ?? 3, 'chainDepth');
    this.factor = rangeOf(options.factor ?? 0.3, [0, 1], `${who}: factor`);
    this.alpha = options.alpha ?? 1;
    if (!(this.alpha > 0)) throw new ValueError(`${who}: alpha ${this.alpha} must be above 0.`);
    this.allOps = options.allOps ?? true;
    this.interpolation = oneOf(options.interpolation ?? 'bilinear', ['nearest', 'bilinear'], `${who}: interpolation`);
  }
  static fromConfig(config: Config): AugMix {
    return new AugMix({
      ...savedOptions<AugMixOptions>(config), numChains: numberOf(config, 'numChains', 3), chainDepth: numberOf(config, 'chainDepth', 3), factor: savedFactor(config, 'factor', 0.3), alpha: numberOf(config, 'alpha', 1), allOps: booleanOf(config, 'allOps', true),
    });
  }
  protected augment(images: Tensor, draw: Draw): Tensor {
    const { batch, keys } = draw, { numChains } = this, rest = images.shape.slice(1);
    // the chains of all images run side by side, as a larger batch
    const chained = ops.reshape(this.#chain(ops.tile(images, [numChains, ...rest.map(() => 1)]), new Draw(numChains * batch, keys)), [numChains, batch, ...rest]);
    // gamma draws over their sum are a draw of the Dirichlet distribution
    const weights = ops.softmax(ops.reshape(logGamma(numChains * batch, this.alpha, keys), [numChains, batch, 1, 1, 1]), 0);
    const own = ops.reshape(symmetricBeta(batch, this.alpha, keys), [batch, 1, 1, 1]), mixed = ops.add(ops.multiply(images, own), ops.multiply(ops.sum(ops.multiply(chained, weights), 0), ops.subtract(1, own)));
    return ops.clip(mixed, ...this.valueRange);
  }
  #chain(images: Tensor, draw: Draw): Tensor {
    let x = images;
    for (let i = 0; i < this.chainDepth; i++) {
      // one number more than there are changes: none
      const drawn = randint([draw.batch, 1, 1, 1], draw.keys.next(), 0, (this.allOps ? CHANGES : CHANGES - 4) + 1);
      x = changed(x, this.allOps ? drawn : ops.where(ops.less(drawn, 3), drawn, ops.add(drawn, 4)), this, draw, 'AugMix', this.allOps);
    }
    return x;
  }
  override getConfig(): Config {
    return {
      ...super.getConfig(), valueRange: this.valueRange, numChains: this.numChains, chainDepth: this.chainDepth, factor: this.factor, alpha: this.alpha, allOps: this.allOps, interpolation: this.interpolation,
    };
  }
}
