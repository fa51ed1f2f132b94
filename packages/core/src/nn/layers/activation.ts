/** Activation: one of the activation functions as a layer. */
import type { Tensor } from '../../tensor/tensor.ts';
import { getActivation, type Activation as ActivationFunction, type ActivationLike } from '../activations/index.ts';
import { Layer, single, type BatchShape, type LayerOptions, singleShape } from '../layer.ts';
import type { Config } from '../registry-table.ts';
import { layerOptions } from './options.ts';

/** Applies a function; keeps the shape, but for glu, which halves the last axis. */
export class Activation extends Layer {
  readonly className = 'Activation';
  readonly activation: ActivationFunction;
  constructor(activation: ActivationLike, options: LayerOptions = {}) { super('Activation', options); this.activation = getActivation(activation); }
  static fromConfig(config: Config): Activation { return new Activation((config['activation'] ?? 'linear') as ActivationLike, layerOptions(config)); }
  override get supportsMasking(): boolean { return true; }
  call(inputs: readonly Tensor[]): Tensor { return this.activation.apply(single(inputs, 'Activation')); }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const shape = singleShape(shapes, 'Activation');
    if (this.activation.name !== 'glu') return [shape];
    const last = shape.at(-1) ?? null;
    return [[...shape.slice(0, -1), last === null ? null : last / 2]];
  }
  override getConfig(): Config { return { ...super.getConfig(), activation: this.activation.serialize() }; }
}
