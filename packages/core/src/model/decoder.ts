/**
 * Decoding step by step: a language model whose causal attention keeps keys and values of earlier steps in device state, so that a new token costs one step
 * and not the whole sequence. Positions are data: one program serves all of them, another one takes prompts in pieces of up to 32 tokens.
 */
import { ShapeError, StateError, ValueError } from '../base/errors.ts';
import { at, showShape, type Shape } from '../base/shape.ts';
import { logitsOf } from '../nn/activations/logits.ts';
import type { CallContext, Decoding, Layer } from '../nn/layer.ts';
import * as ops from '../tensor/ops/index.ts';
import { SeedGenerator, uniform } from '../tensor/random.ts';
import { tensor, type Tensor } from '../tensor/tensor.ts';
import { jit, type Jitted } from '../tensor/trace.ts';
import { Variable } from '../tensor/variable.ts';
import type { Model } from './model.ts';

/** A prompt is taken in pieces of so many tokens. */
const PIECE = 32;
/** Layers that mix the steps of a sequence without keeping the earlier ones; what nobody knows is trusted. */
const MIXES_STEPS = /^(Conv|SeparableConv|DepthwiseConv|LSTM|GRU|SimpleRNN|RNN|Bidirectional|Max|Average|Global|Adaptive|Flatten|Reshape|Permute|RepeatVector|Cropping|ZeroPadding|UpSampling|Attention$|AdditiveAttention|GroupNorm)/;

/** All layers inside a layer, itself included. */
export const layersIn = (layer: Layer): Layer[] => [layer, ...('layers' in layer ? (layer as Model).layers : layer.sublayers).flatMap(layersIn)];

/** Options of a decoder. */
export interface DecoderOptions {
  /** Sequences decoded side by side; default 1. */
  readonly batch?: number;
  /** Positions there is room for, prompt included. */
  readonly length: number;
  /** Keep keys and values (default), or compute the whole sequence again at each step: slower, and for any model that never looks ahead. */
  readonly cache?: boolean;
}
/** How the next token is chosen. */
export interface SamplingOptions {
  /** Divides the scores; 0 takes the most likely token. Default 1. */
  readonly temperature?: number;
  /** Only the k most likely tokens are eligible. Default null: all. */
  readonly topK?: number | null;
}

/**
 * A model that is fed token by token. The model maps ids [batch, length] to scores (or softmax probabilities) [batch, length, classes] and is made with an
 * open length: `input({ shape: [null], dtype: 'i32' })`.
 */
export class Decoder {
  readonly model: Model;
  readonly batch: number;
  readonly length: number;
  readonly cached: boolean;
  /** Tokens taken in so far. */
  position = 0;
  /** where the newest token stands */
  readonly #place = Variable.zeros([], 'i32', { name: 'decoder/position', trainable: false });
  /** the newest token of each sequence; without cache all of them */
  readonly #tokens: Variable;
  readonly #seeds = new SeedGenerator(0, 'decoder');
  readonly #caches = new Map<Layer, Map<string, Variable>>();
  readonly #piece: number;
  readonly #take: Jitted<[Tensor], undefined>;
  readonly #score: Jitted<[], Tensor>;
  readonly #samplers = new Map<string, Jitted<[Tensor], Tensor>>();

  constructor(model: Model, options: DecoderOptions) {
    const { batch = 1, length, cache = true } = options;
    if (!Number.isInteger(batch) || batch < 1 || !Number.isInteger(length) || length < 1) throw new ValueError(`Decoder: batch ${batch} and length ${length} must be whole numbers of at least 1.`);
    this.model = model; this.batch = batch; this.length = length; this.cached = cache;
    this.#piece = Math.min(PIECE, this.#check());
    this.#tokens = Variable.zeros([batch, cache ? 1 : length], 'i32', { name: 'decoder/tokens', trainable: false });
    this.#take = jit((ids: Tensor) => { this.#run(ids); return undefined; });
    this.#score = jit(() => this.#scores());
  }
  /** Refuses models that cannot be decoded so; gives how many positions all layers know. */
  #check(): number {
    const { model } = this, ports = model.inputPorts;
    if (ports === null) throw new StateError(`Decoder: model '${model.name}' does not know its input yet; begin it with input({ shape: [null], dtype: 'i32' }).`);
    const own = ports[0]?.shape ?? [];
    if (ports.length !== 1 || own.length !== 1 || (own[0] !== null && (this.cached || own[0] !== this.length))) {
      throw new ShapeError(`Decoder: model '${model.name}' takes ${ports.map((p) => showShape([null, ...p.shape])).join(', ')}; it must take ids [batch, length] with an open length: input({ shape: [null], dtype: 'i32' }).`);
    }
    let known = this.length;
    for (const layer of layersIn(model)) {
      if (this.cached && MIXES_STEPS.test(layer.className)) throw new ValueError(`Decoder: layer '${layer.name}' (${layer.className}) needs all steps of a sequence at once. Decode with cache: false.`);
      const limit = layer.className === 'PositionEmbedding' ? (layer as Layer & { readonly sequenceLength: number }).sequenceLength : Infinity;
      if (limit < this.length) throw new ShapeError(`Decoder: ${this.length} positions are asked for, but layer '${layer.name}' knows ${limit}.`);
      known = Math.min(known, limit);
    }
    return known;
  }

  /** Forgets everything; `seed` is that of the samples to come. */
  reset(seed = 0): void {
    this.position = 0;
    this.#place.write(new Int32Array(1));
    this.#tokens.write(new Int32Array(this.#tokens.size));
    this.#seeds.state.write(new Uint32Array([seed >>> 0, 0]));
    for (const kept of this.#caches.values()) for (const variable of kept.values()) variable.write(new Float32Array(variable.size));
  }
  /** Takes tokens in: as many for each sequence, the sequences one after the other. The last one is only remembered: the next step begins with it. */
  async feed(tokens: readonly ArrayLike<number>[]): Promise<void> {
    const count = tokens[0]?.length ?? 0;
    if (tokens.length !== this.batch || count === 0 || tokens.some((t) => t.length !== count)) throw new ShapeError(`Decoder: ${this.batch} sequence(s) of equal length, at least 1, are needed; got lengths ${showShape(tokens.map((t) => t.length))}.`);
    if (this.position > 0) throw new StateError('Decoder: feed begins a sequence; call reset() first, or advance() for each further token.');
    if (count > this.length) throw new ShapeError(`Decoder: a prompt of ${count} tokens does not fit ${this.length} positions.`);
    if (!this.cached) {
      const all = new Int32Array(this.batch * this.length);
      tokens.forEach((row, i) => { all.set(Int32Array.from(row), i * this.length); });
      this.#tokens.write(all);
    } else {
      for (let from = 0; from < count - 1; from += this.#piece) {
        const piece = new Int32Array(this.batch * this.#piece);
        // what stands behind the prompt is written over before anybody sees it
        tokens.forEach((row, i) => { for (let j = 0; j < this.#piece && from + j < count; j++) piece[i * this.#piece + j] = at(row, from + j); });
        this.#place.write(new Int32Array([from]));
        await this.#take.runAsync(tensor(piece, [this.batch, this.#piece]));
      }
      this.#tokens.write(Int32Array.from(tokens, (row) => at(row, count - 1)));
    }
    this.#place.write(new Int32Array([count - 1]));
    this.position = count;
  }
  /** Scores [batch, classes] of the token that follows. */
  async scores(): Promise<Tensor> {
    this.#room();
    return this.#score.runAsync();
  }
  /** Takes one more token for each sequence. */
  async advance(tokens: ArrayLike<number>): Promise<void> {
    if (this.position === 0) { await this.feed(Array.from(tokens, (t) => [t])); return; }
    if (tokens.length !== this.batch) throw new ShapeError(`Decoder: ${this.batch} token(s) are needed, got ${tokens.length}.`);
    if (this.position >= this.length) throw new ShapeError(`Decoder: all ${this.length} positions are taken.`);
    if (this.cached) {
      // the token remembered so far goes into the cache
      await this.#score.runAsync();
      this.#tokens.write(Int32Array.from(tokens));
    } else {
      const all = (await this.#tokens.readAsync()) as Int32Array;
      for (let i = 0; i < this.batch; i++) all[i * this.length + this.position] = at(tokens, i);
      this.#tokens.write(all);
    }
    this.#place.write(new Int32Array([this.position++]));
  }
  /** Chooses the next token of each sequence and takes it in. */
  async next(options: SamplingOptions = {}): Promise<Int32Array> {
    const { temperature = 1, topK = null } = options;
    if (!(temperature >= 0)) throw new ValueError(`Decoder: temperature ${temperature} must be at least 0.`);
    if (topK !== null && (!Number.isInteger(topK) || topK < 1)) throw new ValueError(`Decoder: topK ${topK} must be a whole number of at least 1.`);
    this.#room();
    const greedy = temperature === 0, key = greedy ? 'greedy' : String(topK);
    let sampler = this.#samplers.get(key);
    if (sampler === undefined) this.#samplers.set(key, sampler = jit((divisor: Tensor) => this.#step(greedy, topK, divisor)));
    const chosen = (await sampler.runAsync(tensor(new Float32Array([greedy ? 1 : temperature]), []))).dataSync() as Int32Array;
    this.position++;
    return chosen;
  }
  #room(): void {
    if (this.position === 0) throw new StateError('Decoder: nothing to go on from; feed a prompt first.');
    if (this.position > this.length) throw new ShapeError(`Decoder: all ${this.length} positions are taken.`);
  }

  // ---- inside traces ----
  #run(ids: Tensor): Tensor {
    const asked = new Map<string, number>();
    const decoding: Decoding = {
      position: this.#place.value, length: this.length,
      cache: (layer, name, shape) => {
        // a layer that stands in several places keeps something for each of them
        const key = `${layer.name}/${name}`, n = asked.get(key) ?? 0;
        asked.set(key, n + 1);
        return this.#cache(layer, `${name}${n === 0 ? '' : n}`, shape);
      },
    };
    const context: CallContext = { training: false, seeds: this.#seeds, ...(this.cached ? { decoding } : {}) };
    const scores = at(this.model.run([ids], context), 0);
    if (scores.rank !== 3) throw new ShapeError(`Decoder: model '${this.model.name}' gives ${showShape(scores.shape)}; it must give scores [batch, length, classes].`);
    return logitsOf(scores, 'softmax') ?? scores;
  }
  #cache(layer: Layer, name: string, shape: Shape): Variable {
    const kept = this.#caches.get(layer) ?? new Map<string, Variable>();
    this.#caches.set(layer, kept);
    const variable = kept.get(name) ?? Variable.zeros(shape, 'f32', { name: `${layer.name}/cache/${name}`, trainable: false });
    kept.set(name, variable);
    return variable;
  }
  /** [batch, classes] for the newest token. */
  #scores(): Tensor {
    const all = this.#run(this.#tokens.value), { batch } = this;
    return this.cached ? ops.reshape(all, [batch, at(all.shape, 2)]) : ops.take(all, this.#place.value, 1);
  }
  #step(greedy: boolean, topK: number | null, temperature: Tensor): Tensor {
    const scores = this.#scores(), classes = at(scores.shape, 1);
    let chances: Tensor = ops.divide(scores, temperature);
    if (!greedy) {
      if (topK !== null && topK < classes) chances = ops.where(ops.less(chances, ops.slice(ops.topK(chances, topK).values, null, [topK - 1, topK])), -Infinity, chances);
      // the largest of score plus Gumbel noise is a draw from the softmax (Gumbel 1954)
      chances = ops.subtract(chances, ops.log(ops.negative(ops.log(ops.maximum(uniform(chances.shape, this.#seeds), 1e-20)))));
    }
    const chosen = ops.argMax(chances, -1), following = ops.add(this.#place.value, 1);
    this.#place.assign(following);
    this.#tokens.assign(this.cached ? ops.reshape(chosen, [this.batch, 1]) : ops.where(ops.equal(ops.arange(0, this.length, 1, 'i32'), following), ops.reshape(chosen, [this.batch, 1]), this.#tokens.value));
    return chosen;
  }
}
