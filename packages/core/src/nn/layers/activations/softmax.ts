/** Softmax as a layer, with an optional mask. */
import { ShapeError } from '../../../base/errors.ts';
import { showShape, type Shape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { softmax } from '../../activations/functions.ts';
import { Layer, singleShape, type BatchShape, type CallContext, type LayerOptions } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { axesOfConfig, layerOptions } from '../options.ts';

const broadcasts = (from: Shape, to: Shape): boolean => from.length <= to.length && from.every((d, i) => d === 1 || d === to[i + to.length - from.length]);
/** Options of `softmax`. */
export interface SoftmaxOptions extends LayerOptions { /** Axis or axes that sum to 1. Default -1. */ readonly axis?: number | readonly number[] }
/** e^x / Σ e^x along `axis`. A second input is a mask of the first's shape: where it is false or 0 the result is 0. Keeps the shape. */
export class Softmax extends Layer {
  readonly className = 'Softmax';
  readonly axis: number | readonly number[];
  constructor(options: SoftmaxOptions = {}) { super('Softmax', options); this.axis = options.axis ?? -1; }
  static fromConfig(config: Config): Softmax { return new Softmax({ ...layerOptions(config), axis: axesOfConfig(config) }); }
  override get supportsMasking(): boolean { return true; }
  call(inputs: readonly Tensor[], context: CallContext): Tensor {
    const [x, given] = inputs as readonly [Tensor, Tensor?];
    // a mask of a model covers the leading axes: only one of all axes leaves elements out
    const own = context.masks?.[0] ?? null, mask = given ?? (own?.rank === x.rank ? own : null);
    if (given !== undefined && !broadcasts(given.shape, x.shape)) throw new ShapeError(`Layer '${this.name}': the mask has shape ${showShape(given.shape)}, the input ${showShape(x.shape)}; give one for each element, or one that broadcasts to it.`);
    return softmax(mask === null ? x : ops.where(mask, x, ops.subtract(x, 1e9)), this.axis);
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [singleShape(shapes.slice(0, 1), 'Softmax')]; }
  override getConfig(): Config { return { ...super.getConfig(), axis: this.axis }; }
}
