/** RandAugment (Cubuk et al. 2020): some of eleven changes, drawn for each image, one after the other. */
import { ValueError } from '../../../base/errors.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { randint } from '../../../tensor/random.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import { Augmentation, rangeOf, savedFactor, savedOptions, valueRangeOf, type ColorOptions, type Draw, type Factor, type Range } from './base.ts';
import { brightened, contrasted, degenerated, equalized, posterized, sharpened, solarized, stretched } from './colors.ts';
import { turned, warp, type Affine } from './warp.ts';
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
/**
 * Shear, translation and rotation (they share one pass over the pixels), brightness, colour, contrast, sharpness, posterization, solarization, automatic contrast and
 * equalization, with the meaning that the single layers give the factor. Keras draws the changes for the whole batch; here every image has its own.
 */
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
    for (let i = 0; i < this.numOps; i++) x = this.#change(x, draw);
    return x;
  }
  #change(x: Tensor, draw: Draw): Tensor {
    const { valueRange: range, factor: [low, high] } = this, [, height, width, channels] = x.shape as readonly [number, number, number, number], strength = (): Tensor => draw.within(this.factor);
    const choice = randint([draw.batch, 1, 1, 1], draw.keys.next(), 0, 11), is = (k: number): Tensor => ops.equal(choice, k), bits = Math.max(1, Math.trunc(8 * high));
    const moved = warp(x, this.#map(height, width, is, strength, draw), { fillMode: 'reflect', interpolation: this.interpolation, fillValue: 0 });
    const changes = [
      brightened(x, strength(), range), channels === 3 ? degenerated(x, strength(), range, 'RandAugment') : x, contrasted(x, draw.within([1 - low, 1 + high]), range), sharpened(x, strength(), range),
      posterized(x, draw.within([bits, bits]), range), solarized(x, draw.within([low, high * 255]), draw.within([low, high * 255]), range), stretched(x, range), equalized(x, range, 256),
    ];
    return changes.reduce((y, change, k) => ops.where(is(k + 3), change, y), moved);
  }
  /** Shear (0), translation (1), rotation (2), or nothing. */
  #map(height: number, width: number, is: (k: number) => Tensor, strength: () => Tensor, draw: Draw): Affine {
    const sign = draw.sign(), shear = [ops.multiply(strength(), sign), ops.multiply(strength(), sign)] as const, shift = [ops.multiply(strength(), -width), ops.multiply(strength(), -height)] as const;
    const turn = turned(ops.multiply(strength(), 2 * Math.PI), height, width), own = (k: number, a: Tensor | number, rest: number): Tensor => ops.where(is(k), a, rest);
    const pick = (i: 0 | 1 | 2, row: 'x' | 'y'): Tensor => {
      const still = (row === 'x' ? i === 0 : i === 1) ? 1 : 0, slanted = i === (row === 'x' ? 1 : 0) ? shear[row === 'x' ? 0 : 1] : still, pushed = i === 2 ? shift[row === 'x' ? 0 : 1] : still;
      return ops.where(is(2), turn[row][i], ops.where(is(0), slanted, own(1, pushed, still)));
    };
    return { x: [pick(0, 'x'), pick(1, 'x'), pick(2, 'x')], y: [pick(0, 'y'), pick(1, 'y'), pick(2, 'y')] };
  }
  override getConfig(): Config { return { ...super.getConfig(), valueRange: this.valueRange, numOps: this.numOps, factor: this.factor, interpolation: this.interpolation }; }
}
