/** RandomContrast: stronger or weaker contrast. */
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Config } from '../../registry-table.ts';
import { ColorAugmentation, savedFactor, savedOptions, type ColorOptions, type Draw, type Factor } from './base.ts';
import { contrasted } from './colors.ts';

/** Distances from each channel's mean are multiplied by 1 - a to 1 + b for a factor [a, b] within 0 and 1; one number f: by 1 to 1 + f (as in Keras). */
export class RandomContrast extends ColorAugmentation {
  readonly className = 'RandomContrast';
  constructor(factor: Factor, options: ColorOptions = {}) { super('RandomContrast', factor, [0, 1], options); }
  static fromConfig(config: Config): RandomContrast { return new RandomContrast(savedFactor(config), savedOptions(config)); }
  protected augment(images: Tensor, draw: Draw): Tensor { return contrasted(images, draw.within([1 - this.factor[0], 1 + this.factor[1]]), this.valueRange); }
}
