/** The base of layers that take images [batch, height, width, channels], or channels first. */
import type { DType } from '../../../base/dtype.ts';
import { ShapeError, ValueError } from '../../../base/errors.ts';
import { at, showShape } from '../../../base/shape.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { Layer, type BatchShape, type CallContext, type LayerOptions } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { channelsLast, dataFormatOf, inFormat, shapeInFormat, spatialShape, type DataFormat } from '../spatial.ts';

/** Options of all layers of images. */
export interface ImageOptions extends LayerOptions {
  /** Default 'channelsLast'. */
  readonly dataFormat?: DataFormat;
}
export abstract class ImageLayer extends Layer {
  readonly dataFormat: DataFormat;
  constructor(className: string, options: ImageOptions) { super(className, options); this.dataFormat = dataFormatOf(options.dataFormat, className); }
  /** What becomes of images with their channels last. */
  protected abstract transform(images: Tensor, context: CallContext): Tensor;
  /** Height and width of the results; unknown ones may stay null. */
  protected size(spatial: BatchShape): BatchShape { return spatial; }
  call(inputs: readonly Tensor[], context: CallContext): Tensor {
    spatialShape(inputs.map((x) => x.shape), 2, this.dataFormat, `${this.className} '${this.name}'`);
    return inFormat(this.transform(channelsLast(inputs, this.dataFormat, this.className), context), this.dataFormat);
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const parts = spatialShape(shapes, 2, this.dataFormat, `${this.className} '${this.name}'`);
    return [shapeInFormat({ ...parts, spatial: this.size(parts.spatial) }, this.dataFormat)];
  }
  override outputDType(_dtypes: readonly DType[]): DType { return 'f32'; }
  override getConfig(): Config { return { ...super.getConfig(), dataFormat: this.dataFormat }; }
}
/** A height or width of results. Throws ValueError. */
export function extentOf(value: number, who: string): number {
  if (!(Number.isInteger(value) && value >= 1)) throw new ValueError(`${who} ${value} must be a whole number of at least 1.`);
  return value;
}
/** Height and width of images with channels last, which must be known. */
export function imageSize(images: Tensor, who: string): readonly [height: number, width: number] {
  if (images.rank !== 4) throw new ShapeError(`${who} takes [batch, height, width, channels], got ${showShape(images.shape)}.`);
  return [at(images.shape, 1), at(images.shape, 2)];
}
