/** Resizing: images at another size. */
import type { DType } from '../../../base/dtype.ts';
import { ValueError } from '../../../base/errors.ts';
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { BatchShape } from '../../layer.ts';
import { booleanOf, numberOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { INTERPOLATIONS, type Interpolation } from '../reshaping/curves.ts';
import { oneOf } from '../spatial.ts';
import { extentOf, ImageLayer, imageSize, type ImageOptions } from './image.ts';
import { middlePart, resizeImages } from './resize.ts';

/** Options of `resizing`. */
export interface ResizingOptions extends ImageOptions {
  /** Default 'bilinear'. */
  readonly interpolation?: Interpolation;
  /** Cut the image to the new shape first, instead of distorting it. Default false. */
  readonly cropToAspectRatio?: boolean;
  /** Pad it to the new shape first. Default false. */
  readonly padToAspectRatio?: boolean;
  /** What padding is filled with; default 0. */
  readonly fillValue?: number;
  /** Average over the new pixels when the image gets smaller. Default false. */
  readonly antialias?: boolean;
}
/** Keeps the dtype, rounded for bytes and whole numbers; the same in training and not. */
export class Resizing extends ImageLayer {
  readonly className = 'Resizing';
  readonly height: number;
  readonly width: number;
  readonly options: Required<Pick<ResizingOptions, 'interpolation' | 'cropToAspectRatio' | 'padToAspectRatio' | 'fillValue' | 'antialias'>>;
  constructor(height: number, width: number, options: ResizingOptions = {}) {
    super('Resizing', options);
    this.height = extentOf(height, `Resizing '${this.name}': height`);
    this.width = extentOf(width, `Resizing '${this.name}': width`);
    const { cropToAspectRatio = false, padToAspectRatio = false, fillValue = 0, antialias = false } = options;
    if (cropToAspectRatio && padToAspectRatio) throw new ValueError(`Resizing '${this.name}': cropToAspectRatio and padToAspectRatio exclude each other.`);
    this.options = { interpolation: oneOf(options.interpolation ?? 'bilinear', INTERPOLATIONS, 'Resizing: interpolation'), cropToAspectRatio, padToAspectRatio, fillValue, antialias };
  }
  static fromConfig(config: Config): Resizing {
    return new Resizing(numberOf(config, 'height', 0), numberOf(config, 'width', 0), {
      ...(config as ResizingOptions), ...layerOptions(config), cropToAspectRatio: booleanOf(config, 'cropToAspectRatio', false), padToAspectRatio: booleanOf(config, 'padToAspectRatio', false),
    });
  }
  protected transform(images: Tensor): Tensor {
    const { interpolation, antialias } = this.options, resized = resizeImages(this.#shaped(images), this.height, this.width, interpolation, antialias);
    return resized.dtype === images.dtype ? resized : ops.cast(ops.round(resized), images.dtype);
  }
  /** Cut or padded to the shape of the result. */
  #shaped(images: Tensor): Tensor {
    const { cropToAspectRatio, padToAspectRatio, fillValue } = this.options, [height, width] = imageSize(images, 'Resizing');
    if (cropToAspectRatio) {
      const [top, left, h, w] = middlePart(height, width, this.height, this.width);
      return ops.slice(images, null, [top, top + h], [left, left + w], null);
    }
    if (!padToAspectRatio) return images;
    const more = (own: number, wanted: number): number => Math.trunc((Math.max(own, Math.trunc(Math.fround(wanted))) - own) / 2);
    const y = more(height, (width * this.height) / this.width), x = more(width, (height * this.width) / this.height);
    return ops.pad(images, [[0, 0], [y, y], [x, x], [0, 0]], 'constant', fillValue);
  }
  protected override size(): BatchShape { return [this.height, this.width]; }
  override outputDType(dtypes: readonly DType[]): DType { return at(dtypes, 0); }
  override getConfig(): Config { return { ...super.getConfig(), height: this.height, width: this.width, ...this.options }; }
}
