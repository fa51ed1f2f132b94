/** RandomInvert: negatives. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Config } from '../../registry-table.ts';
import { ColorAugmentation, savedFactor, savedOptions, type ColorOptions, type Draw, type Factor } from './base.ts';

/** `factor`: the probability, itself drawn from the range, within 0 and 1; one number f draws it from 0 to f. Default 1. */
export class RandomInvert extends ColorAugmentation {
  readonly className = 'RandomInvert';
  constructor(factor: Factor = 1, options: ColorOptions = {}) { super('RandomInvert', factor, [0, 1], options); }
  static fromConfig(config: Config): RandomInvert { return new RandomInvert(savedFactor(config), savedOptions(config)); }
  protected augment(images: Tensor, draw: Draw): Tensor { return ops.where(draw.chance(this.factor), ops.subtract(this.valueRange[1], images), images); }
}
