/** What is explained: a model, one sample, one number. Everything that a user may have said or left out is settled and checked here. */
import { DataError, DTypeError, isTensor, NameError, ShapeError, StateError, tensor, ValueError, type Layer, type Model, type Tensor } from '@limelight/core';
import { toSample, toSamples } from './convert.ts';
import { programsFor, type Programs, type Sample } from './programs.ts';
import { shown } from './runner.ts';
import type { Baseline, Explained, Kind, Port, SubjectOptions } from './types.ts';

const EMBEDDINGS: ReadonlySet<string> = new Set(['Embedding', 'ReversibleEmbedding']);
const IN_STEPS = /LSTM|GRU|RNN|Conv1D|Attention|Bidirectional|TimeDistributed|1D$/;

/** All layers of a model, also those inside others; each once. */
export function allLayers(model: Model): Layer[] {
  const found = new Set<Layer>();
  const visit = (layer: Layer): void => { if (found.has(layer)) return; found.add(layer); layer.sublayers.forEach(visit); };
  model.layers.forEach(visit);
  return [...found];
}
/** The layer of that name, also inside others. Throws NameError. */
export function findLayer(model: Model, name: string): Layer {
  const all = allLayers(model), found = all.find((layer) => layer.name === name);
  if (found === undefined) throw new NameError('layer', name, all.map((layer) => layer.name));
  return found;
}

/** A model and one of its inputs, before a sample is there. */
export class Target {
  readonly model: Model;
  readonly ports: readonly Port[];
  readonly index: number;
  readonly programs: Programs;
  readonly kind: Kind;
  /** n where the input holds ids 0 to n - 1 */
  readonly ids: number | null;
  readonly who: string;
  readonly options: SubjectOptions;

  constructor(model: Model, options: SubjectOptions, who: string) {
    this.model = model;
    this.who = who;
    this.options = options;
    if (model.inputPorts === null) throw new StateError(`${who}: model '${model.name}' does not know its input shape yet. Begin it with input({ shape }), or fit it first.`);
    this.ports = model.inputPorts;
    this.index = options.input === undefined ? 0 : this.ports.findIndex((port) => port.name === options.input);
    const names = this.ports.map((port) => port.name);
    if (this.index < 0) throw new NameError('input', options.input ?? '', names);
    if (this.ports.length > 1 && options.input === undefined) throw new ValueError(`${who}: model '${model.name}' has ${names.length} inputs; say which one to explain: input: '${names[0]}' (there are ${names.join(', ')}).`);
    this.ids = model.idLimits[this.index] ?? null;
    const { port } = this, embedding = port.dtype === 'i32' || this.ids !== null ? embeddingOf(model, this.index) : null;
    this.kind = options.kind ?? kindOf(model, port, embedding !== null);
    this.programs = programsFor({ model, score: options.score ?? 'output', port: this.index, embedding });
  }
  get port(): Port { const port = this.ports[this.index]; if (port === undefined) throw new StateError('no such input'); return port; }
  /** Refuses inputs at which there are no gradients. */
  needGradients(): void {
    if (this.port.dtype === 'i32' && this.programs.question.embedding === null) {
      throw new DTypeError(`${this.who}: input '${this.port.name}' of model '${this.model.name}' holds whole numbers and no embedding reads it, so there are no gradients at it. Use occlusion, kernelShap or lime.`);
    }
  }
  /** The tensors for each input, [1, …], in the model's order; `inputs` is one sample or, for several inputs, a list or a record. */
  sampleTensors(inputs: unknown): Tensor[] {
    return this.#each(inputs, (value, port, i) => toSample(this.#encoded(value, port), port, this.model.idLimits[i] ?? null, this.who));
  }
  /** As `sampleTensors`, for sets of samples, [n, …]. */
  dataTensors(inputs: unknown): Tensor[] {
    const all = this.#each(inputs, (value, port, i) => toSamples(value, port, this.model.idLimits[i] ?? null, this.who));
    const [first] = all;
    for (const t of all) if (t.shape[0] !== first?.shape[0]) throw new DataError(`${this.who}: the inputs have ${all.map((x) => x.shape[0]).join(', ')} samples; they need the same number.`);
    return all;
  }
  /** Samples of the explained input, [n, …]. */
  samples(value: unknown, what: string): Tensor { return toSamples(value, this.port, this.ids, `${this.who}: ${what}`); }
  /** A baseline as [1, …], in the shape of `x`. */
  baseline(value: Baseline | undefined, x: Tensor): Tensor {
    if (value !== undefined && typeof value !== 'number') {
      const given = toSample(value, this.port, this.ids, `${this.who}: baseline`);
      if (given.size !== x.size) throw new ShapeError(`${this.who}: the baseline has shape ${shown(given.shape.slice(1))}, the sample ${shown(x.shape.slice(1))}; they must be equal.`);
      return given;
    }
    const fill = value ?? (this.ids !== null || this.kind === 'text' ? this.options.padId ?? 0 : 0);
    return toSample(tensor(new Float32Array(x.size).fill(fill), x.shape), this.port, this.ids, `${this.who}: baseline`);
  }
  #each(inputs: unknown, convert: (value: unknown, port: Port, i: number) => Tensor): Tensor[] {
    if (this.ports.length === 1) {
      const only = typeof inputs === 'object' && inputs !== null && !isTensor(inputs) && !Array.isArray(inputs) && this.port.name in inputs ? (inputs as Record<string, unknown>)[this.port.name] : inputs;
      return [convert(only, this.port, 0)];
    }
    return this.ports.map((port, i) => {
      const value = Array.isArray(inputs) ? (inputs as unknown[])[i] : (inputs as Record<string, unknown> | null)?.[port.name];
      if (value === undefined) throw new DataError(`${this.who}: model '${this.model.name}' has the inputs ${this.ports.map((p) => p.name).join(', ')}; nothing is given for '${port.name}'. Give a list in this order, or a record.`);
      return convert(value, port, i);
    });
  }
  /** A text becomes ids, filled up to the length that the model wants. */
  #encoded(value: unknown, port: Port): unknown { return typeof value === 'string' ? this.encode(value, port).ids : value; }
  encode(text: string, port: Port): { readonly ids: Int32Array; readonly tokens: readonly string[] } {
    const { tokenizer, padId = 0 } = this.options;
    if (tokenizer === undefined) throw new ValueError(`${this.who}: a text was given; say how it becomes ids: tokenizer: (text) => ids.`);
    const result = tokenizer(text), found = 'ids' in result ? result.ids : result, wanted = port.shape.length === 1 ? port.shape[0] ?? found.length : null;
    if (wanted === null) throw new ShapeError(`${this.who}: input '${port.name}' takes ${shown(port.shape)}, which is no row of ids.`);
    if (found.length > wanted) throw new ShapeError(`${this.who}: the text has ${found.length} tokens, but input '${port.name}' takes ${wanted}; shorten it.`);
    const words = text.split(/\s+/).filter((word) => word !== '');
    const tokens = 'tokens' in result ? result.tokens : words.length === found.length ? words : found.map((id) => `#${id}`);
    const ids = new Int32Array(wanted).fill(padId);
    ids.set(found);
    return { ids, tokens: [...tokens, ...new Array<string>(wanted - found.length).fill('')] };
  }
  /** Which class: the one that was asked for, checked, or the likeliest. */
  chosen(scores: ArrayLike<number>): number {
    const { target } = this.options, classes = scores.length;
    for (let i = 0; i < classes; i++) if (!Number.isFinite(scores[i])) throw new DataError(`${this.who}: model '${this.model.name}' gives ${scores[i]} for class ${i} of this sample; only finite scores can be explained.`);
    if (target === undefined) return Array.from(scores).reduce((best, value, i) => (value > (scores[best] ?? 0) ? i : best), 0);
    if (!Number.isInteger(target) || target < 0 || target >= classes) throw new ValueError(`${this.who}: target ${target} is no class of model '${this.model.name}', which has ${classes} (0 to ${classes - 1}).`);
    return target;
  }
}

/** A target with its sample. */
export class Subject extends Target {
  readonly sample: Sample;
  readonly explained: Explained;

  private constructor(model: Model, options: SubjectOptions, who: string, sample: Sample, explained: Omit<Explained, 'kind' | 'model'>) {
    super(model, options, who);
    this.sample = sample;
    this.explained = { model: model.name, kind: this.kind, ...explained };
  }
  static async of(model: Model, inputs: unknown, options: SubjectOptions, who: string): Promise<Subject> {
    const target = new Target(model, options, who), { programs, port } = target, all = target.sampleTensors(inputs);
    const [x] = all.splice(target.index, 1);
    if (x === undefined) throw new StateError(`${who}: no sample`);
    const text = typeof inputs === 'string' ? target.encode(inputs, port).tokens : null;
    let chosen: number | null = null, outputs: Float32Array | null = null, score: number;
    if (typeof options.score === 'function') {
      if (options.target !== undefined) throw new ValueError(`${who}: target and a score function are both given; the function alone says what is explained.`);
      score = (await programs.scores.runAsync(x, all, CLASS_0)).item();
      if (!Number.isFinite(score)) throw new DataError(`${who}: the score of this sample is ${score}; only finite scores can be explained.`);
    } else {
      const whole = [...all];
      whole.splice(target.index, 0, x);
      outputs = (await programs.classes.runAsync(whole)).dataSync() as Float32Array;
      chosen = target.chosen(outputs);
      score = outputs[chosen] ?? 0;
    }
    const names = options.classNames ?? null;
    if (names !== null && outputs !== null && names.length !== outputs.length) throw new ValueError(`${who}: ${names.length} classNames for the ${outputs.length} classes of model '${model.name}'.`);
    const features = options.featureNames ?? null, last = x.shape.at(-1) ?? 0;
    if (features !== null && features.length !== last) throw new ValueError(`${who}: ${features.length} featureNames for the ${last} features of input '${port.name}'.`);
    return new Subject(model, options, who, { x, others: all, target: tensor(new Int32Array([chosen ?? 0]), []) }, {
      input: x.reshape(x.shape.slice(1)), tokens: text, featureNames: features, classNames: names, target: chosen, score, outputs,
    });
  }
  get x(): Tensor { return this.sample.x; }
  /** Shape of one sample. */
  get shape(): readonly number[] { return this.x.shape.slice(1); }
}
const CLASS_0 = tensor(new Int32Array([0]), []);

/** The layer that turns the ids of an input into vectors, or null. */
function embeddingOf(model: Model, port: number): Layer | null {
  const { calls, linked } = model.structure(), isEmbedding = (layer: Layer | null): layer is Layer => layer !== null && EMBEDDINGS.has(layer.className);
  if (linked) {
    const inputs = calls.flatMap((call, i) => (call.className === 'InputLayer' ? [i] : [])), from = inputs[port];
    const direct = calls.find((call) => isEmbedding(call.layer) && call.operands[0] === from)?.layer;
    if (direct !== undefined && direct !== null) return direct;
  }
  return allLayers(model).find(isEmbedding) ?? null;
}
function kindOf(model: Model, port: Port, embedded: boolean): Kind {
  if (embedded) return 'text';
  const rank = port.shape.length;
  if (rank <= 1) return 'table';
  const inSteps = allLayers(model).some((layer) => IN_STEPS.test(layer.className));
  if (rank === 3) return 'image';
  return rank === 2 && port.dtype !== 'u8' && (inSteps || Math.min(...port.shape.map((d) => d ?? 0)) < 8) ? 'sequence' : 'image';
}
