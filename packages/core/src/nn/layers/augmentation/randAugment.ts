/** RandAugment (Cubuk et al. 2020): some of eleven changes, drawn for each image, one after the other. */
import { ValueError } from '../../../base/errors.ts';
import { randint } from '../../../tensor/random.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import { Augmentation, rangeOf, savedFactor, savedOptions, valueRangeOf, type ColorOptions, type Draw, type Factor, type Range } from './base.ts';
import { CHANGES, changed } from './changes.ts';
import { oneOf } from '../spatial.ts';

/** Options of `randAugment`. */
export interface RandAugmentOptions extends ColorOptions {
  /** Changes for each image. Default 2. */
  readonly numOps?: number;
  /** The strength of all changes, within 0 and 1; one number f draws from 0 to f. Default 0.5. */
  readonly factor?: Factor;
  /** Default 'bilinear'. */
  readonly interpolation?: 'nearest' | 'bilinear';
}
/** The changes are those of `changed`. Keras draws them for the whole batch; here every image has its own. */
export class RandAugment extends Augmentation {
  readonly className = 'RandAugment';
  readonly valueRange: Range;
  readonly numOps: number;
  readonly factor: Range;
  readonly interpolation: 'nearest' | 'bilinear';
  constructor(options: RandAugmentOptions = {}) {
    super('RandAugment', options);
    this.valueRange = valueRangeOf(options.valueRange, `RandAugment '${this.name}'`);
    this.numOps = options.numOps ?? 2;
    this.factor = rangeOf(options.factor ?? 0.5, [0, 1], `RandAugment '${this.name}': factor`);
    this.interpolation = oneOf(options.interpolation ?? 'bilinear', ['nearest', 'bilinear'], 'RandAugment: interpolation');
    if (!(Number.isInteger(this.numOps) && this.numOps >= 1)) throw new ValueError(`RandAugment '${this.name}': numOps ${this.numOps} must be a whole number of at least 1.`);
  }
  static fromConfig(config: Config): RandAugment { return new RandAugment({ ...savedOptions<RandAugmentOptions>(config), numOps: numberOf(config, 'numOps', 2), factor: savedFactor(config, 'factor', 0.5) }); }
  protected augment(images: Tensor, draw: Draw): Tensor {
    let x = images;
    for (let i = 0; i < this.numOps; i++) x = changed(x, randint([draw.batch, 1, 1, 1], draw.keys.next(), 0, CHANGES), this, draw, 'RandAugment');
    return x;
  }
  override getConfig(): Config { return { ...super.getConfig(), valueRange: this.valueRange, numOps: this.numOps, factor: this.factor, interpolation: this.interpolation }; }
}
