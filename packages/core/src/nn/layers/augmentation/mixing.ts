/** The base of layers that mix each image with another one of the batch, and their labels with the same weights. */
import { ShapeError } from '../../../base/errors.ts';
import { at, showShape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { uniform } from '../../../tensor/random.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { Layer, type BatchShape, type CallContext } from '../../layer.ts';
import type { DType } from '../../../base/dtype.ts';
import type { Config } from '../../registry-table.ts';
import type { ImageOptions } from '../preprocessing/image.ts';
import { Keys } from './base.ts';
import { channelsLast, dataFormatOf, inFormat, spatialShape, type DataFormat } from '../spatial.ts';

/**
 * One input, images; or two, images and labels [batch, …] (floats: one-hot, probabilities, targets), which come out as two. Labels are no input of a model, so where
 * they matter the layer stands before it: `mixUp.applyAll([images, labels], { training: true })` on batches in `Dataset.map`, or in a training step of one's own.
 */
export abstract class Mixing extends Layer {
  readonly dataFormat: DataFormat;
  constructor(className: string, options: ImageOptions) { super(className, options); this.dataFormat = dataFormatOf(options.dataFormat, className); }
  /** Images (channels last) mixed with `others`, and the weight of the own label, [batch]. */
  protected abstract mix(images: Tensor, others: Tensor, keys: Keys): { readonly images: Tensor; readonly weight: Tensor };
  call(inputs: readonly Tensor[], context: CallContext): readonly Tensor[] {
    this.#check(inputs.map((t) => t.shape));
    const floats = inputs.map((t): Tensor => ops.cast(t, 'f32')), labels = floats[1];
    if (!context.training) return floats;
    const x = channelsLast(floats.slice(0, 1), this.dataFormat, this.className), batch = at(x.shape, 0);
    const keys = new Keys(context.seeds), order = ops.argsort(uniform([batch], keys.next())), mixed = this.mix(x, ops.take(x, order, 0), keys), images = inFormat(mixed.images, this.dataFormat);
    if (labels === undefined) return [images];
    const weight = ops.reshape(mixed.weight, labels.shape.map((_, i) => (i === 0 ? batch : 1)));
    return [images, ops.add(ops.multiply(labels, weight), ops.multiply(ops.take(labels, order, 0), ops.subtract(1, weight)))];
  }
  #check(shapes: readonly BatchShape[]): void {
    if (shapes.length > 2) throw new ShapeError(`${this.className} '${this.name}' takes images, or images and labels; got ${shapes.length} inputs.`);
    const { batch } = spatialShape(shapes.slice(0, 1), 2, this.dataFormat, `${this.className} '${this.name}'`), labels = shapes[1];
    if (labels !== undefined && batch !== null && labels[0] !== null && labels[0] !== batch) throw new ShapeError(`${this.className} '${this.name}': ${batch} images but labels ${showShape(labels)}.`);
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { this.#check(shapes); return shapes; }
  override outputDType(_dtypes: readonly DType[]): DType { return 'f32'; }
  override getConfig(): Config { return { ...super.getConfig(), dataFormat: this.dataFormat }; }
}
