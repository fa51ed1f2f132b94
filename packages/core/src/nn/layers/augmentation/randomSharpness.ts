/** RandomSharpness: sharper or blurred. */
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Config } from '../../registry-table.ts';
import { ColorAugmentation, savedFactor, savedOptions, type ColorOptions, type Draw, type Factor } from './base.ts';
import { sharpened } from './colors.ts';

/** `factor` within 0 and 1: 0 blurs, 0.5 changes nothing, 1 sharpens; one number f draws from 0 to f. */
export class RandomSharpness extends ColorAugmentation {
  readonly className = 'RandomSharpness';
  constructor(factor: Factor, options: ColorOptions = {}) { super('RandomSharpness', factor, [0, 1], options); }
  static fromConfig(config: Config): RandomSharpness { return new RandomSharpness(savedFactor(config), savedOptions(config)); }
  protected augment(images: Tensor, draw: Draw): Tensor { return sharpened(images, draw.within(this.factor), this.valueRange); }
}
