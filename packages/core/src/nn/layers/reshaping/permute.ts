/** Permute: other order of the axes; the batch stays. */
import type { DType } from '../../../base/dtype.ts';
import { ShapeError, ValueError } from '../../../base/errors.ts';
import { at, showShape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { Layer, single, singleShape, type BatchShape, type LayerOptions } from '../../layer.ts';
import { numbersOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';

/** `dims`: for each axis of the result the axis of the input that it takes, counted from 1. Keeps the dtype. */
export class Permute extends Layer {
  readonly className = 'Permute';
  readonly dims: readonly number[];
  constructor(dims: readonly number[], options: LayerOptions = {}) {
    super('Permute', options);
    if (![...dims].sort((a, b) => a - b).every((d, i) => d === i + 1)) throw new ValueError(`Permute: dims ${showShape(dims)} must be the numbers 1 to ${dims.length}, each once.`);
    this.dims = [...dims];
  }
  static fromConfig(config: Config): Permute { return new Permute(numbersOf(config, 'dims'), layerOptions(config)); }
  call(inputs: readonly Tensor[]): Tensor { return ops.transpose(single(inputs, 'Permute'), [0, ...this.dims]); }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const shape = singleShape(shapes, 'Permute');
    if (shape.length !== this.dims.length + 1) throw new ShapeError(`Layer '${this.name}': dims ${showShape(this.dims)} are for ${this.dims.length} axes after the batch, got ${showShape(shape)}.`);
    return [[at(shape, 0), ...this.dims.map((d) => at(shape, d))]];
  }
  override outputDType(dtypes: readonly DType[]): DType { return at(dtypes, 0); }
  override getConfig(): Config { return { ...super.getConfig(), dims: this.dims }; }
}
