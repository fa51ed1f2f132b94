/**
 * What multi-head and grouped-query attention share: projections to heads, masks as Keras combines them, attention over chosen axes, the cache of keys and
 * values for decoding step by step.
 */
import { ShapeError, StateError, ValueError } from '../../base/errors.ts';
import { at, normalizeAxes, showShape, sizeOf, type Shape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import { attentionMix, attentionScores, attentionWeights } from '../../tensor/ops/nn.ts';
import { bernoulli } from '../../tensor/random.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { knownExtent, Layer, type BatchShape, type CallContext, type Decoding, type LayerOptions } from '../layer.ts';
import { booleanOf, numberOf, type Config } from '../registry-table.ts';
import { layerOptions } from './options.ts';
import { projectionOptions, Projections, type Projection, type ProjectionOptions } from './projection.ts';

/** Options of multi-head and grouped-query attention. */
export interface HeadAttentionOptions extends LayerOptions, ProjectionOptions {
  /** Probability with which a weight of attention is dropped while training. Default 0. */
  readonly dropout?: number;
  /** A step sees itself and earlier steps only. Default false. (An argument of the call in Keras.) */
  readonly useCausalMask?: boolean;
  /** A step sees only steps less than this away. Default null: all. */
  readonly slidingWindow?: number | null;
  /** Multiplies the result of attention by a sigmoid projection of the query. Default false. */
  readonly useGate?: boolean;
  /** Gives the weights [batch, heads, queries, keys] as a second result. Default false. (An argument of the call in Keras.) */
  readonly returnAttentionScores?: boolean;
}
/** Heads and widths. */
export interface HeadSizes { readonly heads: number; readonly groups: number; readonly keyDim: number; readonly valueDim: number }

/** The whole number an option must be, at least 1. */
export function positive(value: number, name: string, who: string): number {
  if (!Number.isInteger(value) || value < 1) throw new ValueError(`${who}: ${name} ${value} must be a whole number of at least 1.`);
  return value;
}

/**
 * Inputs: [query] (attends to itself), [query, value], [query, value, key], or [query, value, key, attentionMask]; query [batch, …, width], the mask bool
 * [batch, queries, keys] or [batch, heads, queries, keys]. Weights as in Keras, in its order: query, key, (gate), value, attention_output; kernels and biases.
 */
export abstract class HeadAttention extends Layer {
  readonly sizes: HeadSizes;
  readonly dropout: number;
  readonly useCausalMask: boolean;
  readonly slidingWindow: number | null;
  readonly useGate: boolean;
  readonly returnAttentionScores: boolean;
  protected readonly outputShape: Shape | null;
  protected readonly attentionAxes: readonly number[] | null;
  private readonly projections: Projections;
  private made: { readonly query: Projection; readonly key: Projection; readonly value: Projection; readonly gate: Projection | null; readonly output: Projection } | null = null;

  constructor(className: string, sizes: HeadSizes, options: HeadAttentionOptions, outputShape: Shape | null = null, attentionAxes: readonly number[] | null = null) {
    super(className, options);
    const rate = options.dropout ?? 0;
    if (!(rate >= 0 && rate < 1)) throw new ValueError(`${className}: dropout ${rate} must be at least 0 and below 1.`);
    this.sizes = sizes;
    this.dropout = rate;
    this.useCausalMask = options.useCausalMask ?? false;
    this.slidingWindow = options.slidingWindow === undefined || options.slidingWindow === null ? null : positive(options.slidingWindow, 'slidingWindow', className);
    this.useGate = options.useGate ?? false;
    this.returnAttentionScores = options.returnAttentionScores ?? false;
    this.outputShape = outputShape;
    this.attentionAxes = attentionAxes;
    this.projections = new Projections(options);
    if (this.useCausalMask && (attentionAxes?.length ?? 1) > 1) throw new ValueError(`${className}: useCausalMask needs one attention axis, got ${showShape(attentionAxes ?? [])}.`);
  }
  override get supportsMasking(): boolean { return true; }

  protected override createWeights(shapes: readonly BatchShape[]): void {
    const [query, value, key] = this.operandShapes(shapes), { heads, groups, keyDim, valueDim } = this.sizes;
    const width = (shape: BatchShape): number => knownExtent(shape, -1, this.className);
    const make = (name: string, inputs: Shape, outputs: Shape): Projection => this.projections.make(name, inputs, outputs, (n, shape, options) => this.addWeight(n, shape, options));
    const q = make('query', [width(query)], [heads, keyDim]), k = make('key', [width(key)], [groups, keyDim]);
    const gate = this.useGate ? make('gate', [width(query)], [heads, valueDim]) : null;
    const v = make('value', [width(value)], [groups, valueDim]);
    this.made = { query: q, key: k, gate, value: v, output: make('attention_output', [heads, valueDim], this.outputShape ?? [width(query)]) };
  }
  /** Shapes of query, value and key, checked against each other. */
  private operandShapes(shapes: readonly BatchShape[]): [BatchShape, BatchShape, BatchShape] {
    if (shapes.length < 1 || shapes.length > 4) throw new ShapeError(`${this.className} takes [query], [query, value], [query, value, key] or [query, value, key, attentionMask], got ${shapes.length} inputs.`);
    const query = at(shapes, 0), value = shapes[1] ?? query, key = shapes[2] ?? value;
    if (query.length < 3) throw new ShapeError(`${this.className} needs a query of shape [batch, length, …, features], got ${showShape(query)}.`);
    if (value.length !== key.length || value.slice(1, -1).some((d, i) => d !== null && key[i + 1] !== null && d !== key[i + 1])) {
      throw new ShapeError(`${this.className}: value ${showShape(value)} and key ${showShape(key)} must be equal in all axes but the last.`);
    }
    if (value.length !== query.length) throw new ShapeError(`${this.className}: query ${showShape(query)} and value ${showShape(value)} must have the same number of axes.`);
    return [query, value, key];
  }
  /** The axes attended over, of an input of this rank. */
  private axesOf(rank: number): number[] {
    const axes = normalizeAxes(this.attentionAxes?.map((a) => (a < 0 ? a + rank : a)) ?? Array.from({ length: rank - 2 }, (_, i) => i + 1), rank, this.className);
    if (axes.some((a) => a === 0 || a === rank - 1)) throw new ShapeError(`${this.className}: attention axes ${showShape(axes)} must lie between the batch and the features.`);
    return axes;
  }

  call(inputs: readonly Tensor[], context: CallContext): Tensor | readonly Tensor[] {
    const made = this.made;
    if (made === null) throw new ShapeError(`${this.className} is not built.`);
    this.operandShapes(inputs.map((t) => t.shape));
    const query = at(inputs, 0), value = inputs[1] ?? query, key = inputs[2] ?? value, axes = this.axesOf(query.rank);
    const q = toLength(made.query.apply(query), axes), fresh = [made.key.apply(key), made.value.apply(value)].map((x) => toLength(x, axes));
    const { decoding } = context, [k = q, v = q] = decoding === undefined ? fresh : fresh.map((x, i) => this.remember(x, i === 0 ? 'key' : 'value', inputs.length, decoding));
    const dropping = context.training && this.dropout > 0;
    let weights = attentionWeights(q, k, {
      mask: decoding === undefined ? this.combinedMask(inputs, context.masks ?? [], at(q.shape, 1), at(k.shape, 1)) : this.visible(at(q.shape, 1), decoding),
      isCausal: this.useCausalMask && decoding === undefined, zeroHidden: this.dropout > 0 || this.returnAttentionScores,
    });
    const seen = weights;
    context.watch?.attention?.(this, attentionScores(seen));
    if (dropping) weights = ops.where(bernoulli(weights.shape, context.seeds, 1 - this.dropout), ops.multiply(weights, 1 / (1 - this.dropout)), 0);
    let mixed = fromLength(attentionMix(weights, v), axes, query.shape);
    if (made.gate !== null) mixed = ops.multiply(mixed, ops.sigmoid(made.gate.apply(query)));
    const output = made.output.apply(mixed);
    return this.returnAttentionScores ? [output, attentionScores(seen)] : output;
  }
  /** Puts the keys or values of this call into the cache [batch, positions, groups, width] and gives all of it. */
  private remember(x: Tensor, name: string, inputs: number, decoding: Decoding): Tensor {
    if (!this.useCausalMask || inputs > 1) throw new StateError(`${this.className} '${this.name}' can only decode step by step where it attends to its own input with useCausalMask.`);
    const [batch = 0, steps = 0, groups = 0, width = 0] = x.shape, { length, position } = decoding;
    const kept = decoding.cache(this, name, [batch, length, groups, width]), places = ops.add(upTo(steps), position);
    // one step is a choice for each position, which is written in place; several are scattered
    const all: Tensor = steps === 1 ? ops.where(ops.reshape(ops.equal(upTo(length), position), [1, length, 1, 1]), x, kept.value) : ops.scatterUpdate(kept.value, places, x, 1);
    kept.assign(all);
    return all;
  }
  /** Which positions of the cache each step of this call may see: [steps, positions]. */
  private visible(steps: number, { position, length }: Decoding): Tensor {
    const places = ops.reshape(ops.add(upTo(steps), position), [steps, 1]), positions = upTo(length), seen = ops.lessEqual(positions, places);
    return this.slidingWindow === null ? seen : ops.logicalAnd(seen, ops.less(ops.subtract(places, positions), this.slidingWindow));
  }
  /** Everything but causality as one mask that broadcasts to [batch, heads, queries, keys], or null. */
  private combinedMask(inputs: readonly Tensor[], masks: readonly (Tensor | null)[], queries: number, keys: number): Tensor | null {
    const parts: Tensor[] = [], rows = masks[0] ?? null, columns = (inputs.length === 1 ? masks[0] : masks[1]) ?? null, keyMask = masks[2] ?? null;
    const checked = (mask: Tensor, length: number, name: string): Tensor => {
      if (mask.rank !== 2 || mask.shape[1] !== length) throw new ShapeError(`${this.className}: the mask of ${name} has shape ${showShape(mask.shape)}; it must be [batch, ${length}].`);
      return mask;
    };
    if (rows !== null) parts.push(ops.reshape(checked(rows, queries, 'the query'), [-1, 1, queries, 1]));
    if (columns !== null) parts.push(ops.reshape(checked(columns, keys, 'the value'), [-1, 1, 1, keys]));
    if (keyMask !== null && inputs.length > 2) parts.push(ops.reshape(checked(keyMask, keys, 'the key'), [-1, 1, 1, keys]));
    if (this.slidingWindow !== null) {
      const distance = ops.subtract(ops.reshape(ops.arange(queries), [queries, 1]), ops.arange(keys));
      parts.push(ops.less(ops.abs(distance), this.slidingWindow));
    }
    const own = inputs[3];
    if (own !== undefined) parts.push(own.rank === 3 ? ops.expandDims(own, 1) : own);
    return parts.length === 0 ? null : parts.reduce((a, b) => ops.logicalAnd(a, b));
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const [query, value] = this.operandShapes(shapes), axes = this.axesOf(query.length);
    const length = (shape: BatchShape): number | null => axes.reduce<number | null>((n, a) => { const d = at(shape, a); return n === null || d === null ? null : n * d; }, 1);
    const output = [...query.slice(0, -1), ...(this.outputShape ?? [query.at(-1) ?? null])];
    if (!this.returnAttentionScores) return [output];
    const rest = query.slice(1, -1).filter((_, i) => !axes.includes(i + 1)), batch = rest.includes(null) || query[0] === null ? null : sizeOf([query[0] ?? 1, ...(rest as number[])]);
    return [output, [batch, this.sizes.heads, length(query), length(value)]];
  }
  override getConfig(): Config {
    return {
      ...super.getConfig(), dropout: this.dropout, useCausalMask: this.useCausalMask, slidingWindow: this.slidingWindow, useGate: this.useGate,
      returnAttentionScores: this.returnAttentionScores, ...this.projections.getConfig(),
    };
  }
}
/** The options of a configuration. */
export const headAttentionOptions = (config: Config): HeadAttentionOptions => ({
  ...layerOptions(config), ...projectionOptions(config), dropout: numberOf(config, 'dropout', 0), useCausalMask: booleanOf(config, 'useCausalMask', false),
  slidingWindow: typeof config['slidingWindow'] === 'number' ? config['slidingWindow'] : null, useGate: booleanOf(config, 'useGate', false),
  returnAttentionScores: booleanOf(config, 'returnAttentionScores', false),
});

const upTo = (n: number): Tensor<'i32'> => ops.arange(0, n, 1, 'i32');
/** [batch, …, heads, width] → [batch and axes not attended, axes attended, heads, width]. */
function toLength(x: Tensor, axes: readonly number[]): Tensor {
  if (x.rank === 4) return x;
  const rest = Array.from({ length: x.rank - 3 }, (_, i) => i + 1).filter((a) => !axes.includes(a)), size = (list: readonly number[]): number => list.reduce((n, a) => n * at(x.shape, a), 1);
  return ops.reshape(ops.transpose(x, [0, ...rest, ...axes, x.rank - 2, x.rank - 1]), [size([0, ...rest]), size(axes), at(x.shape, -2), at(x.shape, -1)]);
}
/** The way back, to the axes of a query of shape `like`. */
function fromLength(x: Tensor, axes: readonly number[], like: Shape): Tensor {
  if (like.length === 3) return x;
  const rest = Array.from({ length: like.length - 2 }, (_, i) => i + 1).filter((a) => !axes.includes(a)), order = [0, ...rest, ...axes], rank = like.length + 1;
  const wide = ops.reshape(x, [...order.map((a) => at(like, a)), at(x.shape, -2), at(x.shape, -1)]);
  return ops.transpose(wide, [...order.map((_, a) => order.indexOf(a)), rank - 2, rank - 1]);
}
