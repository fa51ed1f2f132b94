/** Concatenate: its inputs behind each other along one axis. */
import type { DType } from '../../../base/dtype.ts';
import { ShapeError } from '../../../base/errors.ts';
import { at, normalizeAxis, showShape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { ones, type Tensor } from '../../../tensor/tensor.ts';
import { Layer, type BatchShape, type LayerOptions, type Masks } from '../../layer.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { alike, mergedDType, wholeMask } from './merge.ts';

/** Options of `concatenate`. */
export interface ConcatenateOptions extends LayerOptions {
  /** Default -1, the last; 0 is the batch. */
  readonly axis?: number;
}
/** Inputs of equal extents but along `axis`. A step's mask is true where one of the inputs' is (along the time axis: that of its input); an input without one counts. */
export class Concatenate extends Layer {
  readonly className = 'Concatenate';
  readonly axis: number;
  constructor(options: ConcatenateOptions = {}) { super('Concatenate', options); this.axis = options.axis ?? -1; }
  static fromConfig(config: Config): Concatenate { return new Concatenate({ ...layerOptions(config), axis: numberOf(config, 'axis', -1) }); }
  override get supportsMasking(): boolean { return true; }
  protected override createWeights(shapes: readonly BatchShape[]): void { this.outputShapes(shapes); }
  call(inputs: readonly Tensor[]): Tensor { return ops.concat(alike(inputs), this.axis); }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const first = shapes[0];
    if (first === undefined) throw new ShapeError(`Layer '${this.name}' takes one or more inputs, got none. Give them as a list: layer.apply([a, b]).`);
    const axis = normalizeAxis(this.axis, first.length, `Layer '${this.name}'`), result = [...first];
    shapes.slice(1).forEach((shape, i) => {
      if (shape.length !== first.length || shape.some((d, k) => k !== axis && d !== null && first[k] !== null && d !== first[k])) {
        throw new ShapeError(`Layer '${this.name}': input 0 has shape ${showShape(first)}, input ${i + 1} has ${showShape(shape)}; along axis ${this.axis} only inputs that are equal in every other extent can be put together. Crop, pad or reshape one of them.`);
      }
      shape.forEach((d, k) => { const own = at(result, k); result[k] = k === axis ? (own === null || d === null ? null : own + d) : own ?? d; });
    });
    return [result];
  }
  override outputDType(dtypes: readonly DType[]): DType { return mergedDType(dtypes); }
  override computeMask(inputs: readonly Tensor[], masks: Masks): Masks {
    if (inputs.every((_, i) => (masks[i] ?? null) === null)) return [];
    const whole = inputs.map((x, i): Tensor => { const mask = masks[i] ?? null; return mask === null ? ones(x.shape, 'bool') : wholeMask(mask, x); });
    return [ops.any(ops.concat(whole, this.axis), -1)];
  }
  override getConfig(): Config { return { ...super.getConfig(), axis: this.axis }; }
}
