/** RandomHue: other colours. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Config } from '../../registry-table.ts';
import { ColorAugmentation, savedFactor, savedOptions, type ColorOptions, type Draw, type Factor } from './base.ts';
import { hueShifted, requireColors } from './colors.ts';

/** `factor`: half turns of the circle of hues, within 0 and 1, to either side; one number f draws from 0 to f. Images of 3 channels. */
export class RandomHue extends ColorAugmentation {
  readonly className = 'RandomHue';
  constructor(factor: Factor, options: ColorOptions = {}) { super('RandomHue', factor, [0, 1], options); }
  static fromConfig(config: Config): RandomHue { return new RandomHue(savedFactor(config), savedOptions(config)); }
  protected augment(images: Tensor, draw: Draw): Tensor {
    requireColors(images, `RandomHue '${this.name}'`);
    return hueShifted(images, ops.multiply(ops.multiply(draw.within(this.factor), draw.sign()), 0.5), this.valueRange);
  }
}
