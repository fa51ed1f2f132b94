/** Rescaling: x · scale + offset, in the graph, so that images may stay u8 until then. */
import { at } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../tensor/tensor.ts';
import { Layer, single, type BatchShape, type LayerOptions } from '../layer.ts';
import type { Config, JsonValue } from '../registry-table.ts';
import { layerOptions } from './options.ts';

type Factor = number | readonly number[];
/** Any dtype in, f32 out. Lists apply to the last axis. `rescaling(1 / 255)` maps bytes to 0..1. */
export class Rescaling extends Layer {
  readonly className = 'Rescaling';
  readonly scale: Factor;
  readonly offset: Factor;
  constructor(scale: Factor, offset: Factor = 0, options: LayerOptions = {}) { super('Rescaling', options); this.scale = scale; this.offset = offset; }
  static fromConfig(config: Config): Rescaling {
    const factor = (value: JsonValue | undefined, fallback: number): Factor => (typeof value === 'number' ? value : Array.isArray(value) ? (value as number[]) : fallback);
    return new Rescaling(factor(config['scale'], 1), factor(config['offset'], 0), layerOptions(config));
  }
  override get supportsMasking(): boolean { return true; }
  call(inputs: readonly Tensor[]): Tensor {
    const x: Tensor = ops.cast(single(inputs, 'Rescaling'), 'f32');
    const factor = (value: Factor): Tensor | number => (typeof value === 'number' ? value : tensor(Float32Array.from(value)));
    const scaled = this.scale === 1 ? x : ops.multiply(x, factor(this.scale));
    return this.offset === 0 ? scaled : ops.add(scaled, factor(this.offset));
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [at(shapes, 0)]; }
  override getConfig(): Config { return { ...super.getConfig(), scale: this.scale, offset: this.offset }; }
}
