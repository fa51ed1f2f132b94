/** RandomPosterization: fewer shades. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Config } from '../../registry-table.ts';
import { ColorAugmentation, savedFactor, savedOptions, type ColorOptions, type Draw, type Factor } from './base.ts';
import { posterized } from './colors.ts';

/** `factor`: how many bits of 8 are kept, whole, within 1 and 8: [a, b] draws from a to b - 1, one number keeps that many. */
export class RandomPosterization extends ColorAugmentation {
  readonly className = 'RandomPosterization';
  constructor(factor: Factor, options: ColorOptions = {}) { super('RandomPosterization', typeof factor === 'number' ? [factor, factor] : factor, [1, 8], options); }
  static fromConfig(config: Config): RandomPosterization { return new RandomPosterization(savedFactor(config), savedOptions(config)); }
  protected augment(images: Tensor, draw: Draw): Tensor { return posterized(images, this.factor[0] === this.factor[1] ? draw.within(this.factor) : ops.floor(draw.within(this.factor)), this.valueRange); }
}
