/** A chain of layers, each with one input and one output. It may begin without an input shape; then the first data give it. */
import type { DType } from '../base/dtype.ts';
import { FormatError, ShapeError, StateError, ValueError } from '../base/errors.ts';
import { at } from '../base/shape.ts';
import { InputLayer } from '../nn/layers/input.ts';
import { single, singleShape, type BatchShape, type CallContext, type Layer, type Masked, type Masks, type SymbolicTensor, type TensorSpec } from '../nn/layer.ts';
import { knownLayer, serializeLayer } from '../nn/layer-registry.ts';
import { booleanOf, numberOf, objectOf, stringOf, type Config, type JsonValue } from '../nn/registry-table.ts';
import { mixSeed } from '../nn/seed.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Archive } from './archive.ts';
import { castInputs } from './cast.ts';
import { inputDType, Model, type LayerCall, type ModelOptions } from './model.ts';
import type { SummaryRow } from './summary.ts';
import type { Port } from './trainee.ts';

export class Sequential extends Model {
  readonly className = 'Sequential';
  readonly #layers: Layer[] = [];
  #input: Port | null = null;
  /** what each layer gives, with the batch axis */
  readonly #specs: TensorSpec[] = [];

  constructor(layers: readonly (Layer | SymbolicTensor)[] = [], options: ModelOptions = {}) {
    super('Sequential', options);
    for (const layer of layers) this.add(layer);
  }
  static fromConfig(config: Config): Sequential {
    const layers = config['layers'], input = config['input'] as { readonly [key: string]: JsonValue } | null | undefined;
    if (!Array.isArray(layers)) throw new FormatError("Sequential: the configuration has no list 'layers'.");
    const model = new Sequential([], { name: stringOf(config, 'name', 'sequential'), trainable: booleanOf(config, 'trainable', true), seed: numberOf(config, 'seed', 0) });
    if (input !== null && input !== undefined) model.#setInput({ name: String(input['name']), shape: input['shape'] as (number | null)[], dtype: String(input['dtype']) as DType });
    for (const saved of layers as readonly JsonValue[]) {
      const object = objectOf(saved);
      if (object === null) throw new FormatError('Sequential: an entry of layers has no className.');
      model.add(knownLayer(object));
    }
    return model;
  }

  /** the layers without the input layer */
  override get layers(): readonly Layer[] { return this.#layers; }
  override get sublayers(): readonly Layer[] { return this.#layers; }
  override get inputPorts(): readonly Port[] | null { return this.#input === null ? null : [this.#input]; }
  override get outputPorts(): readonly Port[] {
    const last = this.#layers[this.#layers.length - 1];
    if (last === undefined) throw new StateError(`Model '${this.name}' has no layers; add some.`);
    if (this.#input === null) throw new StateError(`Model '${this.name}' does not know its input shape yet.`);
    const { shape, dtype } = at(this.#specs, -1);
    return [{ name: last.name, shape: shape.slice(1), dtype }];
  }

  /** Appends a layer; `input({ shape })` or an input layer may come first. */
  add(layer: Layer | SymbolicTensor): this {
    const own = 'producer' in layer ? this.#inputOf(layer) : layer;
    if (own instanceof InputLayer) {
      if (this.#layers.length > 0 || this.#input !== null) throw new ValueError(`Model '${this.name}': an input can only come first.`);
      this.#setInput({ name: own.name, shape: own.batchShape.slice(1), dtype: own.dtype });
      return this;
    }
    if (this.#layers.some((l) => l.name === own.name)) throw new ValueError(`Model '${this.name}' has a layer named '${own.name}' already; layers of a model need different names (and in a sequential model a layer can stand only once).`);
    this.#layers.push(own);
    if (this.#input !== null) this.#extend(this.#layers.length - 1);
    this.structureChanged();
    return this;
  }
  #inputOf(tensor: SymbolicTensor): Layer {
    const layer = tensor.producer?.layer;
    if (!(layer instanceof InputLayer)) throw new ValueError(`Model '${this.name}': only input({ shape }) can be added, not the result of a layer; add the layer itself.`);
    return layer;
  }
  #setInput(port: Port): void {
    this.#input = port;
    super.build([[null, ...port.shape]], [port.dtype]);
  }
  override get idLimits(): readonly (number | null)[] { return this.#layers[0]?.idLimits ?? []; }
  override buildFor(shapes: readonly (readonly (number | null)[])[], dtypes: readonly DType[], names: readonly string[] = []): void {
    if (this.#input !== null) return;
    this.#setInput({ name: names[0] ?? 'input', shape: singleShape(shapes, `Model '${this.name}'`), dtype: inputDType(at(dtypes, 0)) });
  }
  protected override createWeights(shapes: readonly BatchShape[], dtypes: readonly DType[]): void {
    const shape = singleShape(shapes, `Model '${this.name}'`);
    this.#input ??= { name: 'input', shape: shape.slice(1), dtype: inputDType(dtypes[0] ?? 'f32') };
    this.#layers.forEach((_, i) => { this.#extend(i); });
  }
  /** Builds layer `i` on what comes before it. */
  #extend(i: number): void {
    if (this.#input === null) return;
    const layer = at(this.#layers, i);
    if (!this.trainable) layer.trainable = false;
    const before: TensorSpec = i === 0 ? { shape: [null, ...this.#input.shape], dtype: this.#input.dtype } : at(this.#specs, i - 1);
    layer.seed ??= mixSeed(this.runSeed, i);
    layer.build([before.shape], [before.dtype]);
    layer.checkInputs([before.shape]);
    this.#specs[i] = this.#next(layer, before);
  }
  #next(layer: Layer, before: TensorSpec): TensorSpec {
    const specs = layer.outputSpecs([before.shape], [before.dtype]);
    if (specs.length !== 1) throw new ShapeError(`Model '${this.name}': layer '${layer.name}' has ${specs.length} outputs; a sequential model is a plain chain. Use model({ inputs, outputs }).`);
    return at(specs, 0);
  }

  override call(inputs: readonly Tensor[], context: CallContext): readonly Tensor[] { return this.forward(inputs, context).outputs; }
  override computeMask(inputs: readonly Tensor[], masks: Masks): Masks { return this.forward(inputs, { training: false, seeds: this.seeds, masks }).masks; }
  override forward(inputs: readonly Tensor[], context: CallContext): Masked {
    if (this.#layers.length === 0) throw new StateError(`Model '${this.name}' has no layers; add some.`);
    let outputs: readonly Tensor[] = [single(this.inputPorts === null ? inputs : castInputs(inputs, this.inputPorts, context.watch?.keepFloats), `Model '${this.name}'`)], masks = context.masks ?? [];
    for (const layer of this.#layers) ({ outputs, masks } = layer.runMasked(outputs, { ...context, masks }));
    return { outputs, masks };
  }
  override outputSpecs(shapes: readonly BatchShape[], dtypes: readonly DType[]): readonly TensorSpec[] {
    return [this.#layers.reduce((before, layer) => this.#next(layer, before), { shape: singleShape(shapes, `Model '${this.name}'`), dtype: this.#input?.dtype ?? at(dtypes, 0) })];
  }
  override getConfig(): Config {
    const input = this.#input;
    return {
      ...super.getConfig(),
      input: input === null ? null : { name: input.name, shape: input.shape, dtype: input.dtype },
      layers: this.#layers.map(serializeLayer),
    };
  }
  override structure(): { readonly calls: readonly LayerCall[]; readonly linked: boolean } {
    const input = this.#input, first = input === null ? [] : [{ layer: null, className: 'InputLayer', name: input.name, outputShapes: [[null, ...input.shape]], operands: [] }];
    return { linked: true, calls: [...first, ...super.structure().calls.map((call, i) => ({ ...call, operands: i + first.length === 0 ? [] : [i + first.length - 1] }))] };
  }
  protected override summaryRows(): SummaryRow[] {
    return this.#layers.map((layer, i) => ({ layer, outputShapes: this.#specs.slice(i, i + 1).map((spec) => spec.shape) }));
  }
  protected override buildLike(archive: Archive, name: string): void {
    const saved = objectOf(archive.documents['model'] as JsonValue), input = saved?.config['input'] as { readonly [key: string]: JsonValue } | null | undefined;
    if (saved?.className !== this.className || input === null || input === undefined) { super.buildLike(archive, name); return; }
    this.#setInput({ name: String(input['name']), shape: input['shape'] as (number | null)[], dtype: String(input['dtype']) as DType });
  }
}

/** A chain of layers: `sequential([layers.flatten(), layers.dense(10)])`. */
export const sequential = (layers: readonly (Layer | SymbolicTensor)[] = [], options: ModelOptions = {}): Sequential => new Sequential(layers, options);
