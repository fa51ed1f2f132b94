/** Pipeline: layers one after the other as one layer, for preparing data. */
import type { DType } from '../../../base/dtype.ts';
import { ValueError } from '../../../base/errors.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { Layer, SymbolicTensor, type BatchShape, type CallContext, type LayerOptions, type Masked, type Masks, type TensorSpec } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { layerOf, saveNested } from '../nested.ts';
import { layerOptions } from '../options.ts';

/**
 * Each layer takes the results of the one before, with their masks. Called on tensors it acts as in training unless told otherwise (`{ training: false }`), as in
 * Keras; within a model it does what the model does. Weights: those of the layers.
 */
export class Pipeline extends Layer {
  readonly className = 'Pipeline';
  readonly layers: readonly Layer[];
  constructor(layers: readonly Layer[], options: LayerOptions = {}) {
    super('Pipeline', options);
    const wrong = layers.find((layer: unknown) => !(layer instanceof Layer));
    if (layers.length === 0 || wrong !== undefined) throw new ValueError(`Pipeline '${this.name}' takes a list of one or more layers, got ${layers.length === 0 ? 'an empty one' : `one with ${String(wrong)}`}.`);
    this.layers = layers;
  }
  static fromConfig(config: Config): Pipeline {
    const saved = config['layers'];
    return new Pipeline(Array.isArray(saved) ? (saved as Config[]).map((own) => layerOf(own, 'layer', 'Pipeline')) : [], layerOptions(config));
  }
  protected override createWeights(shapes: readonly BatchShape[], dtypes: readonly DType[]): void {
    this.#specs(shapes, dtypes.length === 0 ? shapes.map(() => 'f32') : dtypes, true);
  }
  call(inputs: readonly Tensor[], context: CallContext): readonly Tensor[] { return this.forward(inputs, context).outputs; }
  override forward(inputs: readonly Tensor[], context: CallContext): Masked {
    let done: Masked = { outputs: inputs, masks: context.masks ?? [] };
    for (const layer of this.layers) done = layer.runMasked(done.outputs, { ...context, masks: done.outputs.map((_, i) => done.masks[i] ?? null) });
    return done;
  }
  override applyAll(inputs: SymbolicTensor | readonly SymbolicTensor[]): readonly SymbolicTensor[];
  override applyAll(inputs: Tensor | readonly Tensor[], context?: Partial<CallContext>): readonly Tensor[];
  override applyAll(inputs: SymbolicTensor | Tensor | readonly SymbolicTensor[] | readonly Tensor[], context: Partial<CallContext> = {}): readonly SymbolicTensor[] | readonly Tensor[] {
    if (inputs instanceof SymbolicTensor || (Array.isArray(inputs) && inputs[0] instanceof SymbolicTensor)) return super.applyAll(inputs as readonly SymbolicTensor[]);
    return super.applyAll(inputs as readonly Tensor[], { ...context, training: context.training ?? true });
  }
  /** Shapes and dtypes through the layers, which are built on the way where `build`. */
  #specs(shapes: readonly BatchShape[], dtypes: readonly DType[], build = false): readonly TensorSpec[] {
    let specs: readonly TensorSpec[] = shapes.map((shape, i) => ({ shape, dtype: dtypes[i] ?? 'f32' }));
    for (const layer of this.layers) {
      const own = specs.map((s) => s.shape), kinds = specs.map((s) => s.dtype);
      if (build) layer.build(own, kinds);
      specs = layer.outputSpecs(own, kinds);
    }
    return specs;
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return this.#specs(shapes, []).map((s) => s.shape); }
  override outputSpecs(shapes: readonly BatchShape[], dtypes: readonly DType[]): readonly TensorSpec[] { return this.#specs(shapes, dtypes); }
  override outputDType(dtypes: readonly DType[]): DType { return this.inputShapes === null ? 'f32' : (this.#specs(this.inputShapes, dtypes)[0]?.dtype ?? 'f32'); }
  override computeMask(inputs: readonly Tensor[], masks: Masks): Masks { return this.forward(inputs, { training: false, seeds: this.ownSeeds, masks }).masks; }
  override getConfig(): Config { return { ...super.getConfig(), layers: this.layers.map(saveNested) }; }
}
