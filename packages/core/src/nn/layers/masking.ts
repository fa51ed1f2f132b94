/** Masking: marks the time steps that are padding, so that the layers after it leave them out. */
import { at } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Layer, single, singleShape, type BatchShape, type LayerOptions, type Masks } from '../layer.ts';
import { numberOf, type Config } from '../registry-table.ts';
import { layerOptions } from './options.ts';

/** Options of `masking`. */
export interface MaskingOptions extends LayerOptions {
  /** A step all of whose features equal this is padding. Default 0. */
  readonly maskValue?: number;
}
/** Input [batch, time, features] → the same with zeros where a step is padding; its mask is [batch, time]. f32 out. */
export class Masking extends Layer {
  readonly className = 'Masking';
  readonly maskValue: number;
  constructor(options: MaskingOptions = {}) { super('Masking', options); this.maskValue = options.maskValue ?? 0; }
  static fromConfig(config: Config): Masking { return new Masking({ ...layerOptions(config), maskValue: numberOf(config, 'maskValue', 0) }); }
  override get supportsMasking(): boolean { return true; }
  private counts(x: Tensor, keepDims: boolean): Tensor { return ops.any(ops.notEqual(x, this.maskValue), -1, keepDims); }
  call(inputs: readonly Tensor[]): Tensor {
    const x: Tensor = ops.cast(single(inputs, 'Masking'), 'f32');
    return ops.multiply(x, ops.cast(this.counts(x, true), 'f32'));
  }
  override computeMask(inputs: readonly Tensor[]): Masks { return [this.counts(at(inputs, 0), false)]; }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [singleShape(shapes, 'Masking')]; }
  override getConfig(): Config { return { ...super.getConfig(), maskValue: this.maskValue }; }
}
