/** RandomGaussianBlur: some images out of focus. */
import { ValueError } from '../../../base/errors.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Config } from '../../registry-table.ts';
import { ColorAugmentation, rangeOf, savedFactor, savedOptions, type ColorOptions, type Draw, type Factor, type Range } from './base.ts';
import { blurred, gaussian } from './blur.ts';

/** Options of `randomGaussianBlur`. */
export interface RandomGaussianBlurOptions extends ColorOptions {
  /** Pixels that each pixel is made of, odd: one number for both directions, or [across, down]. Default 3. */
  readonly kernelSize?: number | readonly [number, number];
  /** The standard deviation in pixels, within 0 and 1; one number f draws from 0 to f. Default 1. */
  readonly sigma?: Factor;
}
/**
 * `factor`: the probability, itself drawn from the range, within 0 and 1; one number f draws it from 0 to f. Default 1. Deviations across and down are drawn apart for
 * every image (Keras draws a pair for the batch, and mixes up the two of a `kernelSize` that is not square).
 */
export class RandomGaussianBlur extends ColorAugmentation {
  readonly className = 'RandomGaussianBlur';
  readonly kernelSize: readonly [number, number];
  readonly sigma: Range;
  constructor(factor: Factor = 1, options: RandomGaussianBlurOptions = {}) {
    super('RandomGaussianBlur', factor, [0, 1], options);
    const { kernelSize = 3 } = options, who = `RandomGaussianBlur '${this.name}'`, sizes: readonly number[] = typeof kernelSize === 'number' ? [kernelSize, kernelSize] : kernelSize;
    if (sizes.length !== 2 || !sizes.every((n) => Number.isInteger(n) && n >= 1 && n % 2 === 1)) throw new ValueError(`${who}: kernelSize ${JSON.stringify(kernelSize)} must be an odd whole number, or two of them.`);
    this.kernelSize = sizes as unknown as readonly [number, number];
    this.sigma = rangeOf(options.sigma ?? 1, [0, 1], `${who}: sigma`);
  }
  static fromConfig(config: Config): RandomGaussianBlur { return new RandomGaussianBlur(savedFactor(config, 'factor', 1), savedOptions(config)); }
  protected augment(images: Tensor, draw: Draw): Tensor {
    const [across, down] = this.kernelSize.map((n) => gaussian(n, ops.add(draw.within(this.sigma), 1e-6))) as [Tensor, Tensor];
    return ops.clip(ops.where(draw.chance(this.factor), blurred(blurred(images, 2, across), 1, down), images), ...this.valueRange);
  }
  override getConfig(): Config { return { ...super.getConfig(), kernelSize: this.kernelSize, sigma: this.sigma }; }
}
