/** RandomColorDegeneration: less colour. */
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Config } from '../../registry-table.ts';
import { ColorAugmentation, savedFactor, savedOptions, type ColorOptions, type Draw, type Factor } from './base.ts';
import { degenerated } from './colors.ts';

/** `factor`: how far towards grey, within 0 and 1; one number f draws from 0 to f. Images of 3 channels. */
export class RandomColorDegeneration extends ColorAugmentation {
  readonly className = 'RandomColorDegeneration';
  constructor(factor: Factor, options: ColorOptions = {}) { super('RandomColorDegeneration', factor, [0, 1], options); }
  static fromConfig(config: Config): RandomColorDegeneration { return new RandomColorDegeneration(savedFactor(config), savedOptions(config)); }
  protected augment(images: Tensor, draw: Draw): Tensor { return degenerated(images, draw.within(this.factor), this.valueRange, `RandomColorDegeneration '${this.name}'`); }
}
