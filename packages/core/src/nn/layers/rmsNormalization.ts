/** RMSNormalization (Zhang and Sennrich 2019): each sample's chosen axes to a mean square of 1, then scaled. */
import { ValueError } from '../../base/errors.ts';
import { at } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { Ones } from '../initializers/index.ts';
import { Layer, single, singleShape, type BatchShape, type LayerOptions } from '../layer.ts';
import { numberOf, type Config } from '../registry-table.ts';
import { axesOfConfig, axisExtents, layerOptions } from './options.ts';

/** Options of `rmsNormalization`. */
export interface RMSNormalizationOptions extends LayerOptions {
  /** Axis or axes normalized together; default -1, the last. */
  readonly axis?: number | readonly number[];
  /** Added to the mean square; default 1e-6. */
  readonly epsilon?: number;
}
/** x / √(mean(x²) + epsilon) · scale. Keeps the shape. Weight: scale, with the extents of the axes in ascending order. */
export class RMSNormalization extends Layer {
  readonly className = 'RMSNormalization';
  readonly axis: number | readonly number[];
  readonly epsilon: number;
  private scale: Variable | null = null;
  constructor(options: RMSNormalizationOptions = {}) {
    super('RMSNormalization', options);
    this.axis = options.axis ?? -1;
    this.epsilon = options.epsilon ?? 1e-6;
    if (!(this.epsilon >= 0)) throw new ValueError(`RMSNormalization: epsilon ${this.epsilon} must be at least 0.`);
  }
  static fromConfig(config: Config): RMSNormalization { return new RMSNormalization({ ...layerOptions(config), axis: axesOfConfig(config), epsilon: numberOf(config, 'epsilon', 1e-6) }); }
  override get supportsMasking(): boolean { return true; }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    this.scale = this.addWeight('scale', axisExtents(singleShape(shapes, 'RMSNormalization'), this.axis, 'RMSNormalization'), { initializer: new Ones() });
  }
  call(inputs: readonly Tensor[]): Tensor { return ops.rmsNormalization(single(inputs, 'RMSNormalization'), this.scale?.value ?? null, this.axis, this.epsilon); }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [at(shapes, 0)]; }
  override getConfig(): Config { return { ...super.getConfig(), axis: this.axis, epsilon: this.epsilon }; }
}
