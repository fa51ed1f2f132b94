/** TimeDistributed: a layer applied to every step, [batch, time, …] at once: steps become samples. */
import { ShapeError, ValueError } from '../../../base/errors.ts';
import { at, showShape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { DType } from '../../../base/dtype.ts';
import { Layer, single, singleShape, type BatchShape, type CallContext, type LayerOptions } from '../../layer.ts';
import { nestedLayer, saveNested } from '../nested.ts';
import type { Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';

/** Options of `timeDistributed`. */
export type TimeDistributedOptions = LayerOptions;
/** Input [batch, time, …] → [batch, time, …what the layer makes of the rest]. Weights: those of the layer. */
export class TimeDistributed extends Layer {
  readonly className = 'TimeDistributed';
  readonly layer: Layer;
  constructor(layer: Layer, options: TimeDistributedOptions = {}) {
    super('TimeDistributed', options);
    if (!(layer instanceof Layer)) throw new ValueError('TimeDistributed needs a layer.');
    this.layer = layer;
  }
  static fromConfig(config: Config): TimeDistributed { return new TimeDistributed(nestedLayer(config, 'layer', 'TimeDistributed'), layerOptions(config)); }
  override get supportsMasking(): boolean { return true; }
  private stepOf(shapes: readonly BatchShape[]): BatchShape {
    const shape = singleShape(shapes, 'TimeDistributed');
    if (shape.length < 3) throw new ShapeError(`Layer '${this.name}' needs [batch, time, …] of at least three axes, got ${showShape(shape)}.`);
    return [null, ...shape.slice(2)];
  }
  protected override createWeights(shapes: readonly BatchShape[]): void { this.layer.build([this.stepOf(shapes)]); }
  call(inputs: readonly Tensor[], context: CallContext): Tensor {
    const x = single(inputs, 'TimeDistributed'), [batch, time] = [at(x.shape, 0), at(x.shape, 1)], mask = context.masks?.[0] ?? null;
    const flat = (t: Tensor): Tensor => ops.reshape(t, [batch * time, ...t.shape.slice(2)]);
    // The mask of the steps themselves says nothing within a step; further axes of it do.
    const y = at(this.layer.run([flat(x)], { training: context.training, seeds: context.seeds, masks: [mask !== null && mask.rank > 2 ? flat(mask) : null] }), 0);
    return ops.reshape(y, [batch, time, ...y.shape.slice(1)]);
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const [batch, time] = singleShape(shapes, 'TimeDistributed'), [inner] = this.layer.outputShapes([this.stepOf(shapes)]);
    return [[batch ?? null, time ?? null, ...(inner ?? []).slice(1)]];
  }
  override outputDType(dtypes: readonly DType[]): DType { return this.layer.outputDType(dtypes); }
  override getConfig(): Config { return { ...super.getConfig(), layer: saveNested(this.layer) }; }
}
