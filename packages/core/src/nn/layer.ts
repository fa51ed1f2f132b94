/**
 * The layer: a function of tensors with weights. Layers are written with tensor operations only; the same `call` runs eagerly and traced.
 *
 * A layer is *built* when it knows the shapes of its inputs: then its weights exist, initialized on the host. Applying a layer to a
 * `SymbolicTensor` records it in a functional model.
 *
 * A layer of one's own gives `className` and `call`; its weights come from `addWeight` in `createWeights`, or are variables and layers in its properties.
 */
import type { DType } from '../base/dtype.ts';
import { ShapeError, StateError } from '../base/errors.ts';
import { at, showShape, type Shape } from '../base/shape.ts';
import { withScope } from '../ir/node.ts';
import * as ops from '../tensor/ops/index.ts';
import { SeedGenerator } from '../tensor/random.ts';
import { Tensor } from '../tensor/tensor.ts';
import { record } from '../tensor/trace.ts';
import { Variable } from '../tensor/variable.ts';
import type { Constraint } from './constraints/index.ts';
import type { Initializer } from './initializers/index.ts';
import { getRegularizer, serializeRegularizer, type Regularizer, type RegularizerLike } from './regularizers/index.ts';
import { snakeCase, uniqueName, type Config } from './registry-table.ts';
import { mixSeed, nextSeed } from './seed.ts';

/** A shape whose unknown extents are null; the batch comes first. */
export type BatchShape = readonly (number | null)[];

/** What a layer may need to know of the run. */
export interface CallContext {
  /** True while fitting: dropout drops, batch statistics are used. */
  readonly training: boolean;
  /** Keys for random layers. */
  readonly seeds: SeedGenerator;
  /** For each input its mask (bool, [batch, time]: true where a step counts), or null. Absent: no input has one. */
  readonly masks?: readonly (Tensor | null)[];
  /** Where layers put what they add to the loss: scalars. Absent: nobody asks for it. */
  readonly losses?: Tensor[];
  /** Present while a sequence is decoded step by step. */
  readonly decoding?: Decoding;
  /** Who looks into the model while it runs. */
  readonly watch?: Watch;
}
/** Looks at what happens inside a model, and may change it: for explanations, probes, features of inner layers. */
export interface Watch {
  /** Sees the results of a layer; what it returns goes on in their place, null leaves them as they are. Inside a loop (a cell of an RNN) the tensors are those of one step. */
  output?(layer: Layer, outputs: readonly Tensor[]): readonly Tensor[] | null;
  /** Sees the weights of multi-head and grouped-query attention, [batch, heads, queries, keys]. */
  attention?(layer: Layer, weights: Tensor): void;
  /** Floats given for an input of bytes stay floats, so that images between bytes can be looked at. Default false: they are cut. */
  readonly keepFloats?: boolean;
}
/** Decoding step by step: where the steps of a call stand in their sequences, and what layers keep of earlier steps. */
export interface Decoding {
  /** Position of the first step of the call, an i32 scalar; the steps follow each other. */
  readonly position: Tensor;
  /** How many positions there is room for. */
  readonly length: number;
  /** What `layer` keeps under a name: zeros at first, later what was assigned to it. */
  cache(layer: Layer, name: string, shape: Shape): Variable;
}
/** A mask for each tensor, or null (or nothing) where it has none. */
export type Masks = readonly (Tensor | null)[];
/** Shape and dtype of a result. */
export interface TensorSpec { readonly shape: BatchShape; readonly dtype: DType }
/** Results with their masks. */
export interface Masked { readonly outputs: readonly Tensor[]; readonly masks: Masks }

/** Options that every layer takes. */
export interface LayerOptions {
  /** Default: the class in snake case with a number, as in Keras. */
  readonly name?: string;
  /** Default true. */
  readonly trainable?: boolean;
  /** Penalty on the results, divided by the number of samples and added to the loss; default none. */
  readonly activityRegularizer?: RegularizerLike | null;
}

/** A place in a functional model: what a layer will give, shape and dtype, and who gives it. */
export class SymbolicTensor {
  readonly shape: BatchShape;
  readonly dtype: DType;
  readonly producer: { readonly layer: Layer; readonly inputs: readonly SymbolicTensor[]; readonly outputIndex: number } | null;
  readonly name: string;
  constructor(shape: BatchShape, dtype: DType, producer: SymbolicTensor['producer'], name: string) {
    this.shape = shape; this.dtype = dtype; this.producer = producer; this.name = name;
  }
}

/** How a weight is made. */
export interface WeightOptions {
  readonly initializer: Initializer;
  readonly regularizer?: Regularizer | null;
  readonly constraint?: Constraint | null;
  /** Default true. */
  readonly trainable?: boolean;
  /** Default f32. */
  readonly dtype?: DType;
  /** Default false; see `VariableOptions`. */
  readonly sparse?: boolean;
}

/** Base class of all layers. */
export abstract class Layer {
  /** The class's name in configurations: 'Dense'. */
  abstract readonly className: string;
  readonly name: string;
  readonly activityRegularizer: Regularizer | null;
  #trainable: boolean;
  /** Those made by `addWeight`. */
  readonly #own: Variable[] = [];
  /** Seed of the initial weights; a model sets it before building, else it is drawn from the global stream (`setRandomSeed`). */
  seed: number | null = null;
  #seeds: SeedGenerator | null = null;
  private readonly regularizers = new Map<Variable, Regularizer>();
  private builtFor: BatchShape[] | null = null;
  /** the recording of shapes that built the layer, if one did */
  #builtIn: object | null = null;

  constructor(className: string, options: LayerOptions) {
    this.name = options.name ?? uniqueName(snakeCase(className));
    this.#trainable = options.trainable ?? true;
    const penalty = options.activityRegularizer ?? null;
    this.activityRegularizer = penalty === null ? null : getRegularizer(penalty);
  }

  /** False: no weight is trained, and batch statistics stay as they are. Setting it sets the layers inside too, as in Keras; compile the model again. */
  get trainable(): boolean { return this.#trainable; }
  set trainable(value: boolean) { this.#trainable = value; for (const layer of this.sublayers) layer.trainable = value; }
  /** The layers that this one is made of: those in its properties, also in arrays, plain objects and maps there. Private (`#`) fields are not seen. */
  get sublayers(): readonly Layer[] { return held(this, Layer).filter((l) => l !== this); }
  /** All weights: those of `addWeight`, variables in its properties, weights of its sublayers; each once. */
  get weights(): Variable[] { return distinct([...this.#ownWeights, ...this.sublayers.flatMap((l) => l.weights)]); }
  get #ownWeights(): Variable[] { return [...this.#own, ...held(this, Variable)]; }

  get built(): boolean { return this.builtFor !== null; }
  /** The shapes the layer was built for, or null. */
  get inputShapes(): readonly BatchShape[] | null { return this.builtFor; }
  get trainableWeights(): Variable[] {
    return this.trainable ? distinct([...this.#ownWeights.filter((w) => w.trainable), ...this.sublayers.flatMap((l) => l.trainableWeights)]) : [];
  }
  get nonTrainableWeights(): Variable[] { const own = new Set(this.trainableWeights); return this.weights.filter((w) => !own.has(w)); }
  /** Number of weight elements. */
  get parameterCount(): number { return this.weights.reduce((n, w) => n + w.size, 0); }

  /** Makes the weights. Nothing happens the second time. `inputDTypes`: where they are known. */
  build(inputShapes: readonly BatchShape[], inputDTypes: readonly DType[] = []): void {
    if (this.builtFor !== null) return;
    this.sublayers.forEach((layer, i) => {
      if (this.seed !== null) layer.seed ??= mixSeed(this.seed, i);
      if (!this.#trainable) layer.trainable = false;
    });
    withScope(this.name, () => { this.createWeights(inputShapes, inputDTypes); });
    this.builtFor = inputShapes.map((s) => [...s]);
    this.#builtIn = recording;
  }
  /** Overridden by layers with weights: calls `addWeight`. */
  protected createWeights(_inputShapes: readonly BatchShape[], _inputDTypes: readonly DType[]): void { /* most layers have none */ }
  /** Makes one weight, named layer/name. */
  protected addWeight(name: string, shape: Shape, options: WeightOptions): Variable {
    this.seed ??= nextSeed();
    const dtype = options.dtype ?? 'f32', values = options.initializer.generate(shape, dtype, [this.seed >>> 0, this.#own.length + 1]);
    const weight = new Variable(Tensor.ofData(values, shape, dtype), { name: `${this.name}/${name}`, trainable: options.trainable ?? true, constraint: options.constraint ?? null, sparse: options.sparse ?? false });
    this.#own.push(weight);
    if (options.regularizer !== undefined && options.regularizer !== null) this.regularizers.set(weight, options.regularizer);
    return weight;
  }

  /** What the layer does. Inputs are as many as it was built for. */
  abstract call(inputs: readonly Tensor[], context: CallContext): Tensor | readonly Tensor[];
  /** Shapes of the results for shapes of the inputs. Layers that do not say so find them as `outputSpecs` does. */
  outputShapes(inputShapes: readonly BatchShape[]): readonly BatchShape[] {
    return this.outputSpecs(inputShapes, inputShapes.map(() => 'f32')).map((spec) => spec.shape);
  }
  /** Shapes and dtypes of the results: those of `outputShapes` and `outputDType` where the class has its own, else found by recording a call (twice: an extent that follows an unknown one is unknown). */
  outputSpecs(inputShapes: readonly BatchShape[], inputDTypes: readonly DType[]): readonly TensorSpec[] {
    if (Reflect.get(this, 'outputShapes') === Reflect.get(Layer.prototype, 'outputShapes')) return this.recordedSpecs(inputShapes, inputDTypes);
    const dtype = this.outputDType(inputDTypes);
    return this.outputShapes(inputShapes).map((shape) => ({ shape, dtype }));
  }
  /** Shapes and dtypes as calls show them. */
  protected recordedSpecs(inputShapes: readonly BatchShape[], inputDTypes: readonly DType[]): readonly TensorSpec[] { return recordedSpecs(this, inputShapes, inputDTypes); }
  /** Dtype of the results; f32 unless a layer says otherwise. */
  outputDType(_inputDTypes: readonly DType[]): DType { return 'f32'; }
  /** Whether a mask of the (first) input is also that of the result, as in Keras. */
  get supportsMasking(): boolean { return false; }
  /** Masks of the results. Default: that of the first input where `supportsMasking`, else none. */
  computeMask(_inputs: readonly Tensor[], masks: Masks): Masks { return this.supportsMasking ? masks.slice(0, 1) : []; }
  /** For each input that holds ids 0..n-1, n (null for others; the list may be short): models check their data against it before any work. */
  get idLimits(): readonly (number | null)[] { return []; }
  /** Everything that `fromConfig` needs to make the layer again, but its weights. */
  getConfig(): Config {
    return { name: this.name, trainable: this.trainable, ...(this.activityRegularizer === null ? {} : { activityRegularizer: serializeRegularizer(this.activityRegularizer) }) };
  }

  /** Builds where needed, checks the shapes, and calls, with the layer's name in every error and node. */
  run(inputs: readonly Tensor[], context: CallContext): readonly Tensor[] {
    return this.#guarded(inputs, context, () => this.#seen(list(this.call(inputs, context)), context));
  }
  /** `run` with the masks of the results. */
  runMasked(inputs: readonly Tensor[], context: CallContext): Masked { return this.#guarded(inputs, context, () => { const done = this.forward(inputs, context); return { ...done, outputs: this.#seen(done.outputs, context) }; }); }
  /** `call` with the masks of the results, without checks. */
  forward(inputs: readonly Tensor[], context: CallContext): Masked {
    return { outputs: list(this.call(inputs, context)), masks: this.computeMask(inputs, context.masks ?? []) };
  }
  /** Adds the penalties and shows the results to who watches. */
  #seen(outputs: readonly Tensor[], { losses, watch }: CallContext): readonly Tensor[] {
    if (losses !== undefined && this.activityRegularizer !== null) for (const y of outputs) losses.push(ops.divide(this.activityRegularizer.apply(y), Math.max(1, y.shape[0] ?? 1)));
    return watch?.output?.(this, outputs) ?? outputs;
  }
  #guarded<R>(inputs: readonly Tensor[], context: CallContext, body: () => R): R {
    this.build(inputs.map((t) => t.shape.map((d, i) => (i === 0 ? null : d))), inputs.map((t) => t.dtype));
    return withScope(this.name, () => {
      this.checkInputs(inputs.map((t) => t.shape));
      context.masks?.forEach((mask, i) => { if (mask !== null) checkMask(mask, inputs[i], this.name, i); });
      return body();
    });
  }
  /** Throws ShapeError where inputs do not fit what the layer was built for; axes of unknown extent fit anything. */
  checkInputs(shapes: readonly BatchShape[]): void {
    const built = this.builtFor;
    if (built === null) throw new StateError(`Layer '${this.name}' is not built.`);
    if (shapes.length !== built.length) throw new ShapeError(`Layer '${this.name}' takes ${built.length} input(s), got ${shapes.length}.`);
    shapes.forEach((shape, i) => {
      const own = at(built, i);
      if (shape.length !== own.length || shape.some((d, axis) => d !== null && own[axis] !== null && d !== own[axis])) {
        // both calls of one recording: an extent that differs is not fixed
        if (recording !== null && this.#builtIn === recording && shape.length === own.length) { built[i] = own.map((d, axis) => (d === shape[axis] ? d : null)); return; }
        throw new ShapeError(`Layer '${this.name}' was built for input ${showShape(own)}, got ${showShape(shape)}. Reshape the input, or make a new layer for it.`);
      }
    });
  }
  /** Sum of the weights' penalties, or null when there are none. */
  regularizationLoss(): Tensor | null {
    let total: Tensor | null = null;
    for (const [weight, regularizer] of this.regularizers) {
      const loss = regularizer.apply(weight.value);
      total = total === null ? loss : ops.add(total, loss);
    }
    for (const layer of distinct(this.sublayers)) {
      const loss = layer.regularizationLoss();
      if (loss !== null) total = total === null ? loss : ops.add(total, loss);
    }
    return total;
  }

  /**
   * Functional models: builds the layer and records it. On tensors: builds and calls it; the context defaults to inference, and of the context's masks those
   * that fit the inputs are handed on.
   */
  apply(inputs: SymbolicTensor | readonly SymbolicTensor[]): SymbolicTensor;
  apply(inputs: Tensor | readonly Tensor[], context?: Partial<CallContext>): Tensor;
  apply(inputs: OneOrMore<SymbolicTensor> | OneOrMore<Tensor>, context?: Partial<CallContext>): SymbolicTensor | Tensor {
    return at<SymbolicTensor | Tensor>(isSymbolic(inputs) ? this.applyAll(inputs) : this.applyAll(inputs, context), 0);
  }
  /** `apply` for layers with several results. */
  applyAll(inputs: SymbolicTensor | readonly SymbolicTensor[]): readonly SymbolicTensor[];
  applyAll(inputs: Tensor | readonly Tensor[], context?: Partial<CallContext>): readonly Tensor[];
  applyAll(inputs: OneOrMore<SymbolicTensor> | OneOrMore<Tensor>, context: Partial<CallContext> = {}): readonly SymbolicTensor[] | readonly Tensor[] {
    if (!isSymbolic(inputs)) {
      const given = inputs instanceof Tensor ? [inputs] : inputs, masks = given.map((x, i) => { const mask = context.masks?.[i] ?? null; return mask !== null && covers(mask, x) ? mask : null; });
      return this.run(given, { ...context, training: context.training ?? false, seeds: context.seeds ?? this.ownSeeds, masks });
    }
    const given = inputs instanceof SymbolicTensor ? [inputs] : inputs, shapes = given.map((t) => t.shape);
    this.build(shapes, given.map((t) => t.dtype));
    return withScope(this.name, () => {
      this.checkInputs(shapes);
      return this.outputSpecs(shapes, given.map((t) => t.dtype)).map(({ shape, dtype }, outputIndex) => new SymbolicTensor(shape, dtype, { layer: this, inputs: given, outputIndex }, outputIndex === 0 ? this.name : `${this.name}:${outputIndex}`));
    });
  }
  /** Keys for calls whose context brings none. */
  protected get ownSeeds(): SeedGenerator { return (this.#seeds ??= new SeedGenerator(this.seed ?? nextSeed(), `${this.name}/seeds`)); }
}

type OneOrMore<T> = T | readonly T[];
const isSymbolic = (inputs: OneOrMore<SymbolicTensor> | OneOrMore<Tensor>): inputs is OneOrMore<SymbolicTensor> => inputs instanceof SymbolicTensor || (Array.isArray(inputs) && inputs[0] instanceof SymbolicTensor);
/** What a layer's results are, from two recorded calls with different extents in place of the unknown ones. */
function recordedSpecs(layer: Layer, shapes: readonly BatchShape[], dtypes: readonly DType[]): TensorSpec[] {
  const results = (free: number): { shape: Shape; dtype: DType }[] => record(`${layer.name}/shapes`, shapes.map((shape, i) => ({ name: `input${i}`, type: { shape: shape.map((d) => d ?? free), dtype: at(dtypes, i) } })),
    (...inputs) => list(layer.call(inputs, { training: false, seeds: new SeedGenerator(0) }))).outputs.map((node) => node.type);
  const outer = recording;
  recording ??= {};
  const both = (a: number, b: number): TensorSpec[] => {
    const second = results(b);
    return results(a).map(({ shape, dtype }, i) => ({ shape: shape.map((d, axis) => (d === second[i]?.shape[axis] ? d : null)), dtype }));
  };
  try {
    return both(64, 97);
  } catch (error) {
    // too long for a layer that knows how long its inputs may be?
    if (!(error instanceof ShapeError)) throw error;
    try { return both(8, 13); } catch { throw error; }
  } finally { recording = outer; }
}
/** While shapes are found by recording: what layers that are built meanwhile remember. */
let recording: object | null = null;

const list = (result: Tensor | readonly Tensor[]): readonly Tensor[] => (result instanceof Tensor ? [result] : result);
const distinct = <T>(all: readonly T[]): T[] => [...new Set(all)];
/** What of a class an object holds in its properties, also in arrays, plain objects and maps there; each once, in the order of the properties. */
function held<T extends object>(owner: object, type: abstract new (...args: never[]) => T): T[] {
  const found = new Set<T>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (value instanceof type) found.add(value);
    else if (Array.isArray(value) || value instanceof Map) for (const item of value.values()) visit(item);
    else if (Object.getPrototypeOf(value) === Object.prototype) Object.values(value).forEach(visit);
  };
  Object.values(owner).forEach(visit);
  return [...found];
}
/** A mask covers the leading axes of its tensor. */
const covers = (mask: Tensor, input: Tensor): boolean => mask.rank <= input.rank && mask.shape.every((d, axis) => d === input.shape[axis]);
function checkMask(mask: Tensor, input: Tensor | undefined, layer: string, i: number): void {
  if (input === undefined || !covers(mask, input)) {
    throw new ShapeError(`Layer '${layer}': the mask of input ${i} has shape ${showShape(mask.shape)}, but the input has shape ${showShape(input?.shape ?? [])}. A mask covers the leading axes of its input: ${showShape(input?.shape.slice(0, Math.max(2, mask.rank)) ?? [])}.`);
  }
}

/** The only input shape of a layer with one input. */
export function singleShape(shapes: readonly BatchShape[], who: string): BatchShape {
  if (shapes.length !== 1) throw new ShapeError(`${who} takes one input, got ${shapes.length}.`);
  return at(shapes, 0);
}
/** The only input tensor. */
export function single(inputs: readonly Tensor[], who: string): Tensor {
  if (inputs.length !== 1) throw new ShapeError(`${who} takes one input, got ${inputs.length}.`);
  return at(inputs, 0);
}
/** A known extent, or an error that says which is missing. */
export function knownExtent(shape: BatchShape, axis: number, who: string): number {
  const d = shape.at(axis);
  if (d === undefined || d === null) throw new ShapeError(`${who}: axis ${axis} of the input ${showShape(shape)} must be known.`);
  return d;
}
