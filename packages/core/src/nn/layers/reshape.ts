/** Reshape: other axes, same elements; the batch stays. */
import type { DType } from '../../base/dtype.ts';
import { ShapeError } from '../../base/errors.ts';
import { at, showShape, sizeOf } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Layer, single, singleShape, type BatchShape, type LayerOptions } from '../layer.ts';
import { numbersOf, type Config } from '../registry-table.ts';
import { layerOptions } from './options.ts';

/** Input [batch, …] → [batch, …targetShape]; one extent may be -1. Keeps the dtype. */
export class Reshape extends Layer {
  readonly className = 'Reshape';
  readonly targetShape: readonly number[];
  constructor(targetShape: readonly number[], options: LayerOptions = {}) {
    super('Reshape', options);
    if (targetShape.filter((d) => d === -1).length > 1) throw new ShapeError(`Reshape: ${showShape(targetShape)} has more than one -1.`);
    this.targetShape = [...targetShape];
  }
  static fromConfig(config: Config): Reshape { return new Reshape(numbersOf(config, 'targetShape'), layerOptions(config)); }
  call(inputs: readonly Tensor[]): Tensor { const x = single(inputs, 'Reshape'); return ops.reshape(x, this.resolve([at(x.shape, 0), ...x.shape.slice(1)]) as number[]); }
  private resolve(shape: BatchShape): BatchShape {
    const [batch, ...rest] = shape;
    if (rest.includes(null)) return [batch ?? null, ...this.targetShape.map((d) => (d === -1 ? null : d))];
    const total = sizeOf(rest as number[]), known = sizeOf(this.targetShape.filter((d) => d !== -1));
    const target = this.targetShape.map((d) => (d === -1 ? total / known : d));
    if (sizeOf(target) !== total || !target.every(Number.isInteger)) throw new ShapeError(`Reshape: ${showShape(rest)} has ${total} elements, which do not fill ${showShape(this.targetShape)}.`);
    return [batch ?? null, ...target];
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [this.resolve(singleShape(shapes, 'Reshape'))]; }
  override outputDType(dtypes: readonly DType[]): DType { return at(dtypes, 0); }
  override getConfig(): Config { return { ...super.getConfig(), targetShape: this.targetShape }; }
}
