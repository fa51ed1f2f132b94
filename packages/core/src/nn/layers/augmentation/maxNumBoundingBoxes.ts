/** MaxNumBoundingBoxes: as many boxes for every image, cut off or filled up. */
import type { DType } from '../../../base/dtype.ts';
import { ShapeError, ValueError } from '../../../base/errors.ts';
import { at, showShape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { Layer, type BatchShape, type LayerOptions, type TensorSpec } from '../../layer.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';

/** Options of `maxNumBoundingBoxes`. */
export interface MaxNumBoundingBoxesOptions extends LayerOptions {
  /** What boxes and labels that are missing consist of; a whole number. Default -1. */
  readonly fillValue?: number;
}
/**
 * Inputs: boxes [batch, n, 4] and labels [batch, n], or images before them, which come out as they are. Results: as many, boxes [batch, maxNumber, 4] and labels
 * [batch, maxNumber], of their dtypes. In training and not.
 */
export class MaxNumBoundingBoxes extends Layer {
  readonly className = 'MaxNumBoundingBoxes';
  readonly maxNumber: number;
  readonly fillValue: number;
  constructor(maxNumber: number, options: MaxNumBoundingBoxesOptions = {}) {
    super('MaxNumBoundingBoxes', options);
    const who = `MaxNumBoundingBoxes '${this.name}'`;
    if (!(Number.isInteger(maxNumber) && maxNumber >= 1)) throw new ValueError(`${who}: maxNumber ${maxNumber} must be a whole number of at least 1.`);
    this.maxNumber = maxNumber;
    this.fillValue = options.fillValue ?? -1;
    if (!Number.isInteger(this.fillValue)) throw new ValueError(`${who}: fillValue ${this.fillValue} must be a whole number.`);
  }
  static fromConfig(config: Config): MaxNumBoundingBoxes { return new MaxNumBoundingBoxes(numberOf(config, 'maxNumber', 0), { ...layerOptions(config), fillValue: numberOf(config, 'fillValue', -1) }); }
  call(inputs: readonly Tensor[]): readonly Tensor[] {
    this.outputShapes(inputs.map((x) => x.shape));
    return inputs.map((x, i) => (i < inputs.length - 2 ? x : this.#fixed(x)));
  }
  #fixed(x: Tensor): Tensor {
    const missing = Math.max(0, this.maxNumber - at(x.shape, 1)), kept = ops.slice(x, null, [0, Math.min(this.maxNumber, at(x.shape, 1))]);
    return ops.pad(kept, x.shape.map((_, axis) => [0, axis === 1 ? missing : 0] as const), 'constant', this.fillValue);
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const [boxes, labels] = shapes.slice(-2);
    if (shapes.length < 2 || shapes.length > 3 || boxes?.length !== 3 || boxes[2] !== 4 || labels?.length !== 2) throw new ShapeError(`Layer '${this.name}' takes boxes [batch, n, 4] and labels [batch, n], or images before them, got ${shapes.map(showShape).join(', ')}.`);
    if (boxes[1] !== null && labels[1] !== null && boxes[1] !== labels[1]) throw new ShapeError(`Layer '${this.name}': boxes ${showShape(boxes)} and labels ${showShape(labels)} must be equally many.`);
    return shapes.map((shape, i) => (i < shapes.length - 2 ? shape : shape.map((d, axis) => (axis === 1 ? this.maxNumber : d))));
  }
  override outputSpecs(shapes: readonly BatchShape[], dtypes: readonly DType[]): readonly TensorSpec[] { return this.outputShapes(shapes).map((shape, i) => ({ shape, dtype: at(dtypes, i) })); }
  override outputDType(dtypes: readonly DType[]): DType { return at(dtypes, 0); }
  override getConfig(): Config { return { ...super.getConfig(), maxNumber: this.maxNumber, fillValue: this.fillValue }; }
}
