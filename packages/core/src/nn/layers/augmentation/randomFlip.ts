/** RandomFlip: mirrors half of the images. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Config } from '../../registry-table.ts';
import { stringOf } from '../../registry-table.ts';
import type { ImageOptions } from '../preprocessing/image.ts';
import { oneOf } from '../spatial.ts';
import { Augmentation, savedOptions, type Draw } from './base.ts';

export type FlipMode = 'horizontal' | 'vertical' | 'horizontalAndVertical';
/** 'horizontal': left and right change places. One decision for each image; with both directions, it is turned by half a circle (as in Keras). */
export class RandomFlip extends Augmentation {
  readonly className = 'RandomFlip';
  readonly mode: FlipMode;
  constructor(mode: FlipMode = 'horizontalAndVertical', options: ImageOptions = {}) {
    super('RandomFlip', options);
    this.mode = oneOf(mode, ['horizontal', 'vertical', 'horizontalAndVertical'], 'RandomFlip: mode');
  }
  static fromConfig(config: Config): RandomFlip { return new RandomFlip(stringOf(config, 'mode', 'horizontalAndVertical') as FlipMode, savedOptions(config)); }
  protected augment(images: Tensor, draw: Draw): Tensor {
    const axes = this.mode === 'horizontal' ? [2] : this.mode === 'vertical' ? [1] : [1, 2];
    return ops.where(ops.lessEqual(draw.within([0, 1]), 0.5), ops.flip(images, axes), images);
  }
  override getConfig(): Config { return { ...super.getConfig(), mode: this.mode }; }
}
