/** RandomPerspective: images as if seen from the side. */
import { ValueError } from '../../../base/errors.ts';
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import { oneOf } from '../spatial.ts';
import { Augmentation, rangeOf, savedFactor, savedOptions, type Draw, type Factor, type Range } from './base.ts';
import { warp, type Affine, type WarpOptions } from './warp.ts';

/** Options of `randomPerspective`. */
export interface RandomPerspectiveOptions extends Omit<WarpOptions, 'fillMode'> {
  /** How far corners move, in parts of height and width (half of it to either side), within 0 and 1. Default 1. */
  readonly scale?: number;
}
/**
 * `factor`: the probability, itself drawn from the range, within 0 and 1; one number f draws it from 0 to f. Default 1. As in Keras the upper left corner stays, its
 * neighbours move along the edges, and the lower right one moves both ways. Beyond the border: `fillValue`.
 */
export class RandomPerspective extends Augmentation {
  readonly className = 'RandomPerspective';
  readonly factor: Range;
  readonly scale: number;
  readonly interpolation: 'nearest' | 'bilinear';
  readonly fillValue: number;
  constructor(factor: Factor = 1, options: RandomPerspectiveOptions = {}) {
    super('RandomPerspective', options);
    const who = `RandomPerspective '${this.name}'`;
    this.factor = rangeOf(factor, [0, 1], `${who}: factor`);
    this.scale = options.scale ?? 1;
    if (!(this.scale >= 0 && this.scale <= 1)) throw new ValueError(`${who}: scale ${this.scale} must be within 0 and 1.`);
    this.interpolation = oneOf(options.interpolation ?? 'bilinear', ['nearest', 'bilinear'], `${who}: interpolation`);
    this.fillValue = options.fillValue ?? 0;
  }
  static fromConfig(config: Config): RandomPerspective { return new RandomPerspective(savedFactor(config, 'factor', 1), { ...savedOptions<RandomPerspectiveOptions>(config), scale: numberOf(config, 'scale', 1) }); }
  protected augment(images: Tensor, draw: Draw): Tensor {
    const part = (): Tensor => ops.add(draw.within([-0.5 * this.scale, 0.5 * this.scale]), 1), map = perspective(part(), part(), [part(), part()], at(images.shape, 1), at(images.shape, 2));
    return ops.where(draw.chance(this.factor), warp(images, map, { fillMode: 'constant', interpolation: this.interpolation, fillValue: this.fillValue }), images);
  }
  override getConfig(): Config { return { ...super.getConfig(), factor: this.factor, scale: this.scale, interpolation: this.interpolation, fillValue: this.fillValue }; }
}
/**
 * Images whose upper right corner comes to (right, 0), whose lower left one to (0, bottom) and whose lower right one to `corner`, all in parts of width and height and
 * above 0: the projective map of these four points, solved by hand (0 stays 0, and the two edges keep their directions, so four of its eight numbers are left).
 */
export function perspective(right: Tensor, bottom: Tensor, [x, y]: readonly [Tensor, Tensor], height: number, width: number): Affine {
  const across = ops.divide(ops.subtract(ops.divide(y, bottom), 1), x), down = ops.divide(ops.subtract(ops.divide(x, right), 1), y);
  return {
    x: [ops.add(ops.divide(1, right), across), 0, 0], y: [0, ops.add(ops.divide(1, bottom), down), 0],
    depth: [ops.divide(across, Math.max(1, width - 1)), ops.divide(down, Math.max(1, height - 1))],
  };
}
