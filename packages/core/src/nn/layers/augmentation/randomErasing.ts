/** RandomErasing (Zhong et al. 2020): a rectangle of images is painted over. */
import { ValueError } from '../../../base/errors.ts';
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { normal } from '../../../tensor/random.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import type { Config } from '../../registry-table.ts';
import { ColorAugmentation, rangeOf, savedFactor, savedOptions, type ColorOptions, type Draw, type Factor, type Range } from './base.ts';
import { randomBox } from './box.ts';

/** Options of `randomErasing`. */
export interface RandomErasingOptions extends ColorOptions {
  /** The part of the image that is erased if the rectangle has its shape (sides are drawn apart), within 0 and 1; one number f draws from 0 to f. Default [0.02, 0.33]. */
  readonly scale?: Factor;
  /** A number, one for each channel, or null for noise. Default null. */
  readonly fillValue?: number | readonly number[] | null;
}
/** `factor`: the probability, itself drawn from the range; one number f draws it from 0 to f. Default 1. */
export class RandomErasing extends ColorAugmentation {
  readonly className = 'RandomErasing';
  readonly scale: Range;
  readonly fillValue: number | readonly number[] | null;
  constructor(factor: Factor = 1, options: RandomErasingOptions = {}) {
    super('RandomErasing', factor, [0, 1], options);
    this.scale = rangeOf(options.scale ?? [0.02, 0.33], [0, 1], `RandomErasing '${this.name}': scale`);
    this.fillValue = options.fillValue ?? null;
  }
  static fromConfig(config: Config): RandomErasing { return new RandomErasing(savedFactor(config), savedOptions(config)); }
  protected augment(images: Tensor, draw: Draw): Tensor {
    const { mask } = randomBox(at(images.shape, 1), at(images.shape, 2), ops.sqrt(draw.within(this.scale)), ops.sqrt(draw.within(this.scale)), draw), { fillValue, valueRange: [low, high] } = this;
    if (typeof fillValue === 'object' && fillValue !== null && fillValue.length !== at(images.shape, 3)) throw new ValueError(`RandomErasing '${this.name}': fillValue has ${fillValue.length} numbers for images of ${at(images.shape, 3)} channels.`);
    const paint = fillValue === null ? ops.multiply(normal(images.shape, draw.keys.next()), high) : typeof fillValue === 'number' ? tensor([fillValue]) : tensor(Float32Array.from(fillValue));
    return ops.where(ops.logicalAnd(mask, draw.chance(this.factor)), ops.clip(paint, low, high), images);
  }
  override getConfig(): Config { return { ...super.getConfig(), scale: this.scale, fillValue: this.fillValue }; }
}
