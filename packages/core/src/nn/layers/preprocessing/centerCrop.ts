/** CenterCrop: the middle of images. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { BatchShape } from '../../layer.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { extentOf, ImageLayer, imageSize, type ImageOptions } from './image.ts';
import { middlePart, resizeImages } from './resize.ts';

/** The middle `height` × `width` of each image; of an image that is smaller, the largest part of that shape, enlarged (bilinear). f32. */
export class CenterCrop extends ImageLayer {
  readonly className = 'CenterCrop';
  readonly height: number;
  readonly width: number;
  constructor(height: number, width: number, options: ImageOptions = {}) {
    super('CenterCrop', options);
    this.height = extentOf(height, `CenterCrop '${this.name}': height`);
    this.width = extentOf(width, `CenterCrop '${this.name}': width`);
  }
  static fromConfig(config: Config): CenterCrop { return new CenterCrop(numberOf(config, 'height', 0), numberOf(config, 'width', 0), { ...(config as ImageOptions), ...layerOptions(config) }); }
  protected transform(images: Tensor): Tensor { return middleOf(ops.cast(images, 'f32'), this.height, this.width); }
  protected override size(): BatchShape { return [this.height, this.width]; }
  override getConfig(): Config { return { ...super.getConfig(), height: this.height, width: this.width }; }
}
/** The middle of f32 images, enlarged where they are too small. */
export function middleOf(x: Tensor, height: number, width: number): Tensor {
  const [h, w] = imageSize(x, 'CenterCrop');
  if (h >= height && w >= width) {
    const top = Math.floor((h - height) / 2), left = Math.floor((w - width) / 2);
    return ops.slice(x, null, [top, top + height], [left, left + width], null);
  }
  const [top, left, ownHeight, ownWidth] = middlePart(h, w, height, width);
  return resizeImages(ops.slice(x, null, [top, top + ownHeight], [left, left + ownWidth], null), height, width, 'bilinear');
}
