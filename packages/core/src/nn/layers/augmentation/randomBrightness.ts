/** RandomBrightness: lighter or darker. */
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Config } from '../../registry-table.ts';
import { ColorAugmentation, savedFactor, savedOptions, type ColorOptions, type Draw, type Factor } from './base.ts';
import { brightened } from './colors.ts';

/** `factor`: parts of the range of values that are added, within -1 and 1; one number f draws from -f to f. */
export class RandomBrightness extends ColorAugmentation {
  readonly className = 'RandomBrightness';
  constructor(factor: Factor, options: ColorOptions = {}) { super('RandomBrightness', factor, [-1, 1], options); }
  static fromConfig(config: Config): RandomBrightness { return new RandomBrightness(savedFactor(config), savedOptions(config)); }
  protected augment(images: Tensor, draw: Draw): Tensor { return brightened(images, draw.within(this.factor), this.valueRange); }
}
