/** UnitNormalization: each sample's chosen axes to length 1. */
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { Layer, single, type BatchShape, type LayerOptions } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { axesOfConfig, layerOptions } from '../options.ts';

/** Options of `unitNormalization`. */
export interface UnitNormalizationOptions extends LayerOptions {
  /** Axis or axes normalized together; default -1, the last. */
  readonly axis?: number | readonly number[];
}
/** x / √Σx² (Σx² at least 1e-12² = 1e-24). Keeps the shape. No weights. */
export class UnitNormalization extends Layer {
  readonly className = 'UnitNormalization';
  readonly axis: number | readonly number[];
  constructor(options: UnitNormalizationOptions = {}) { super('UnitNormalization', options); this.axis = options.axis ?? -1; }
  static fromConfig(config: Config): UnitNormalization { return new UnitNormalization({ ...layerOptions(config), axis: axesOfConfig(config) }); }
  override get supportsMasking(): boolean { return true; }
  call(inputs: readonly Tensor[]): Tensor {
    const x: Tensor = ops.cast(single(inputs, 'UnitNormalization'), 'f32');
    return ops.multiply(x, ops.rsqrt(ops.maximum(ops.sum(ops.square(x), this.axis, true), 1e-24)));
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [at(shapes, 0)]; }
  override getConfig(): Config { return { ...super.getConfig(), axis: this.axis }; }
}
