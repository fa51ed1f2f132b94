/** RandomCrop: a part of images at a random place. */
import * as ops from '../../../tensor/ops/index.ts';
import { uniform } from '../../../tensor/random.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { BatchShape, CallContext } from '../../layer.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import { middleOf } from '../preprocessing/centerCrop.ts';
import { extentOf, imageSize, ImageLayer, type ImageOptions } from '../preprocessing/image.ts';
import { Keys, savedOptions } from './base.ts';

/** The place is drawn once for a batch, as in Keras. When not training, and of images that are too small, the middle is taken, as `centerCrop` does. */
export class RandomCrop extends ImageLayer {
  readonly className = 'RandomCrop';
  readonly height: number;
  readonly width: number;
  constructor(height: number, width: number, options: ImageOptions = {}) {
    super('RandomCrop', options);
    this.height = extentOf(height, `RandomCrop '${this.name}': height`);
    this.width = extentOf(width, `RandomCrop '${this.name}': width`);
  }
  static fromConfig(config: Config): RandomCrop { return new RandomCrop(numberOf(config, 'height', 0), numberOf(config, 'width', 0), savedOptions(config)); }
  protected transform(images: Tensor, { training, seeds }: CallContext): Tensor {
    const x: Tensor = ops.cast(images, 'f32'), [height, width] = imageSize(x, 'RandomCrop');
    if (!training || height < this.height || width < this.width) return middleOf(x, this.height, this.width);
    const keys = new Keys(seeds), places = (from: number, to: number): Tensor => ops.add(ops.arange(0, to, 1, 'i32'), ops.cast(uniform([1], keys.next(), { max: from - to + 1 }), 'i32'));
    return ops.take(ops.take(x, places(height, this.height), 1), places(width, this.width), 2);
  }
  protected override size(): BatchShape { return [this.height, this.width]; }
  override getConfig(): Config { return { ...super.getConfig(), height: this.height, width: this.width }; }
}
