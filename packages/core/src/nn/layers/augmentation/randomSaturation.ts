/** RandomSaturation: paler or stronger colours. */
import * as ops from '../../../tensor/ops/index.ts';
import { EPSILON } from '../../epsilon.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Config } from '../../registry-table.ts';
import { ColorAugmentation, savedFactor, savedOptions, type ColorOptions, type Draw, type Factor } from './base.ts';
import { requireColors, saturated } from './colors.ts';

/** 0 to 1 as a factor from 0 up; a half is 1. */
export const strengthOf = (factor: Tensor): Tensor => ops.divide(factor, ops.subtract(1 + EPSILON, factor));
/** `factor` within 0 and 1: 0 is grey, 0.5 changes nothing, 1 is as strong as can be; one number f draws from 0 to f. Images of 3 channels. */
export class RandomSaturation extends ColorAugmentation {
  readonly className = 'RandomSaturation';
  constructor(factor: Factor, options: ColorOptions = {}) { super('RandomSaturation', factor, [0, 1], options); }
  static fromConfig(config: Config): RandomSaturation { return new RandomSaturation(savedFactor(config), savedOptions(config)); }
  protected augment(images: Tensor, draw: Draw): Tensor {
    requireColors(images, `RandomSaturation '${this.name}'`);
    return saturated(images, strengthOf(draw.within(this.factor)), this.valueRange);
  }
}
