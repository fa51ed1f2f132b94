/** RandomElasticTransform (Simard, Steinkraus and Platt 2003): images drawn out of shape, as on rubber. */
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { normal } from '../../../tensor/random.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Config } from '../../registry-table.ts';
import { oneOf } from '../spatial.ts';
import { Augmentation, rangeOf, savedFactor, savedOptions, valueRangeOf, type Draw, type Factor, type Range } from './base.ts';
import { blurred, gaussian } from './blur.ts';
import { sample } from './sample.ts';
import { pixelPlaces, type FillMode, type WarpOptions } from './warp.ts';

/** Options of `randomElasticTransform`. */
export interface RandomElasticTransformOptions extends WarpOptions {
  /** The strength, within 0 and 1; one number f draws from 0 to f. Default 1. */
  readonly scale?: Factor;
  /** Black and white of the images. Default [0, 255]. */
  readonly valueRange?: Range;
}
/**
 * `factor`: the probability, itself drawn from the range, within 0 and 1; one number f draws it from 0 to f. Default 1. Each pixel comes from a place beside it: noise,
 * blurred over 0.05 · scale · the shorter side and spread over 0.1 · scale · the longer one. Strength and both directions are drawn for every image (Keras: one strength
 * for the batch, and one noise for both directions, so that all moves along the diagonal).
 */
export class RandomElasticTransform extends Augmentation {
  readonly className = 'RandomElasticTransform';
  readonly factor: Range;
  readonly scale: Range;
  readonly interpolation: 'nearest' | 'bilinear';
  readonly fillMode: FillMode;
  readonly fillValue: number;
  readonly valueRange: Range;
  constructor(factor: Factor = 1, options: RandomElasticTransformOptions = {}) {
    super('RandomElasticTransform', options);
    const who = `RandomElasticTransform '${this.name}'`;
    this.factor = rangeOf(factor, [0, 1], `${who}: factor`);
    this.scale = rangeOf(options.scale ?? 1, [0, 1], `${who}: scale`);
    this.interpolation = oneOf(options.interpolation ?? 'bilinear', ['nearest', 'bilinear'], `${who}: interpolation`);
    this.fillMode = oneOf(options.fillMode ?? 'reflect', ['reflect', 'wrap', 'constant', 'nearest'], `${who}: fillMode`);
    this.fillValue = options.fillValue ?? 0;
    this.valueRange = valueRangeOf(options.valueRange, who);
  }
  static fromConfig(config: Config): RandomElasticTransform { return new RandomElasticTransform(savedFactor(config, 'factor', 1), savedOptions(config)); }
  protected augment(images: Tensor, draw: Draw): Tensor {
    const [column, row] = pixelPlaces(at(images.shape, 1), at(images.shape, 2)), [x, y] = this.places(images, draw);
    return ops.clip(ops.where(draw.chance(this.factor), sample(images, ops.add(column, x), ops.add(row, y), this), images), ...this.valueRange);
  }
  /** How far to the side and down each pixel comes from, [batch, height, width, 1]. */
  private places(images: Tensor, draw: Draw): readonly [Tensor, Tensor] {
    const [batch, height, width] = images.shape as readonly [number, number, number, number], widest = 0.05 * Math.min(height, width), strength = draw.within(this.scale);
    const deviation = ops.maximum(ops.multiply(strength, widest), 1e-6), reach = ops.multiply(ops.floor(deviation), 3), far = ops.multiply(strength, 0.1 * Math.max(height, width));
    const weights = gaussian(6 * Math.floor(widest * this.scale[1]) + 1, deviation, reach);
    const field = (): Tensor => ops.multiply(blurred(blurred(ops.multiply(normal([batch, height, width, 1], draw.keys.next()), deviation), 2, weights), 1, weights), far);
    return [field(), field()];
  }
  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor, scale: this.scale, interpolation: this.interpolation, fillMode: this.fillMode, fillValue: this.fillValue, valueRange: this.valueRange };
  }
}
