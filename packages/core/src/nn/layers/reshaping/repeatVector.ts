/** RepeatVector: the same features in n steps. */
import type { DType } from '../../../base/dtype.ts';
import { ShapeError, ValueError } from '../../../base/errors.ts';
import { at, showShape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { Layer, single, singleShape, type BatchShape, type LayerOptions } from '../../layer.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';

/** Input [batch, features] → [batch, n, features]. Keeps the dtype. */
export class RepeatVector extends Layer {
  readonly className = 'RepeatVector';
  readonly n: number;
  constructor(n: number, options: LayerOptions = {}) {
    super('RepeatVector', options);
    if (!Number.isInteger(n) || n < 1) throw new ValueError(`RepeatVector: n ${n} must be a whole number of at least 1.`);
    this.n = n;
  }
  static fromConfig(config: Config): RepeatVector { return new RepeatVector(numberOf(config, 'n', 0), layerOptions(config)); }
  call(inputs: readonly Tensor[]): Tensor { return ops.repeat(ops.expandDims(single(inputs, 'RepeatVector'), 1), this.n, 1); }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const shape = singleShape(shapes, 'RepeatVector');
    if (shape.length !== 2) throw new ShapeError(`Layer '${this.name}' takes [batch, features], got ${showShape(shape)}.`);
    return [[at(shape, 0), this.n, at(shape, 1)]];
  }
  override outputDType(dtypes: readonly DType[]): DType { return at(dtypes, 0); }
  override getConfig(): Config { return { ...super.getConfig(), n: this.n }; }
}
