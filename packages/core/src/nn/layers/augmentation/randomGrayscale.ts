/** RandomGrayscale: some images without colour. */
import { ValueError } from '../../../base/errors.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import type { ImageOptions } from '../preprocessing/image.ts';
import { Augmentation, savedOptions, type Draw } from './base.ts';
import { gray } from './colors.ts';

/** `factor`: the probability. Default 0.5. Images of 3 channels keep them. */
export class RandomGrayscale extends Augmentation {
  readonly className = 'RandomGrayscale';
  readonly factor: number;
  constructor(factor = 0.5, options: ImageOptions = {}) {
    super('RandomGrayscale', options);
    if (!(factor >= 0 && factor <= 1)) throw new ValueError(`RandomGrayscale '${this.name}': factor ${factor} must be within 0 and 1.`);
    this.factor = factor;
  }
  static fromConfig(config: Config): RandomGrayscale { return new RandomGrayscale(numberOf(config, 'factor', 0.5), savedOptions(config)); }
  protected augment(images: Tensor, draw: Draw): Tensor { return ops.where(ops.less(draw.within([0, 1]), this.factor), gray(images, `RandomGrayscale '${this.name}'`), images); }
  override getConfig(): Config { return { ...super.getConfig(), factor: this.factor }; }
}
