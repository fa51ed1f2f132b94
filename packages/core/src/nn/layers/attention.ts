/** Attention: dot-product attention without projections (Luong et al. 2015). */
import { ShapeError, ValueError } from '../../base/errors.ts';
import { at, showShape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import { bernoulli } from '../../tensor/random.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { Ones } from '../initializers/index.ts';
import { Layer, type BatchShape, type CallContext, type LayerOptions } from '../layer.ts';
import { booleanOf, numberOf, stringOf, type Config } from '../registry-table.ts';
import { layerOptions } from './options.ts';

/** Options of attention layers without projections. */
export interface BaseAttentionOptions extends LayerOptions {
  /** Probability with which a weight is dropped while training. Default 0. */
  readonly dropout?: number;
  /** Query i sees values 0..i only. Default false. (An argument of the call in Keras.) */
  readonly useCausalMask?: boolean;
  /** Gives the weights [batch, queries, values] as a second result. Default false. (An argument of the call in Keras.) */
  readonly returnAttentionScores?: boolean;
}

/**
 * Inputs [query, value] or [query, value, key]: query [batch, queries, width], value and key [batch, values, width]; without a key the value is the key. Result
 * [batch, queries, width of value]. The mask of the value hides values; that of the query zeroes results.
 */
export abstract class BaseAttention extends Layer {
  readonly dropout: number;
  readonly useCausalMask: boolean;
  readonly returnAttentionScores: boolean;
  constructor(className: string, options: BaseAttentionOptions) {
    super(className, options);
    this.dropout = options.dropout ?? 0;
    if (!(this.dropout >= 0 && this.dropout < 1)) throw new ValueError(`${className}: dropout ${this.dropout} must be at least 0 and below 1.`);
    this.useCausalMask = options.useCausalMask ?? false;
    this.returnAttentionScores = options.returnAttentionScores ?? false;
  }
  override get supportsMasking(): boolean { return true; }
  /** Scores [batch, queries, values]. */
  protected abstract scores(query: Tensor, key: Tensor): Tensor;
  protected checkOperands(shapes: readonly BatchShape[]): void {
    if (shapes.length < 2 || shapes.length > 3) throw new ShapeError(`${this.className} takes [query, value] or [query, value, key], got ${shapes.length} input(s).`);
    const [query = [], value = [], key = value] = shapes;
    if ([query, value, key].some((s) => s.length !== 3)) throw new ShapeError(`${this.className}: query ${showShape(query)}, value ${showShape(value)} and key ${showShape(key)} must be [batch, length, width].`);
    if (query[2] !== key[2] || (value[1] !== null && key[1] !== null && value[1] !== key[1])) {
      throw new ShapeError(`${this.className}: query ${showShape(query)} and key ${showShape(key)} must have the same width, value ${showShape(value)} and key the same length.`);
    }
  }
  call(inputs: readonly Tensor[], context: CallContext): Tensor | readonly Tensor[] {
    this.checkOperands(inputs.map((t) => t.shape));
    const query = at(inputs, 0), value = at(inputs, 1), key = inputs[2] ?? value, queries = at(query.shape, 1), values = at(value.shape, 1);
    const rows = context.masks?.[0] ?? null, columns = context.masks?.[1] ?? null;
    let scores = this.scores(query, key), visible: Tensor | null = columns === null ? null : ops.reshape(columns, [-1, 1, values]);
    if (this.useCausalMask) {
      const causal = ops.lessEqual(ops.arange(values), ops.reshape(ops.arange(queries), [queries, 1]));
      visible = visible === null ? causal : ops.logicalAnd(visible, causal);
    }
    // Keras's way to hide: a large number taken away
    if (visible !== null) scores = ops.where(visible, scores, ops.subtract(scores, 1e9));
    const weights: Tensor = ops.softmax(scores);
    const kept: Tensor = context.training && this.dropout > 0 ? ops.where(bernoulli(weights.shape, context.seeds, 1 - this.dropout), ops.multiply(weights, 1 / (1 - this.dropout)), 0) : weights;
    let output: Tensor = ops.matmul(kept, value);
    if (rows !== null) output = ops.where(ops.reshape(rows, [-1, queries, 1]), output, 0);
    return this.returnAttentionScores ? [output, weights] : output;
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    this.checkOperands(shapes);
    const query = at(shapes, 0), value = at(shapes, 1), output = [...query.slice(0, -1), value.at(-1) ?? null];
    return this.returnAttentionScores ? [output, [...query.slice(0, -1), value[1] ?? null]] : [output];
  }
  override getConfig(): Config { return { ...super.getConfig(), dropout: this.dropout, useCausalMask: this.useCausalMask, returnAttentionScores: this.returnAttentionScores }; }
}
/** The options of a configuration. */
export const baseAttentionOptions = (config: Config): BaseAttentionOptions => ({
  ...layerOptions(config), dropout: numberOf(config, 'dropout', 0), useCausalMask: booleanOf(config, 'useCausalMask', false), returnAttentionScores: booleanOf(config, 'returnAttentionScores', false),
});

/** Options of `attention`. */
export interface AttentionLayerOptions extends BaseAttentionOptions {
  /** Multiplies the scores by a trained number. Default false. */
  readonly useScale?: boolean;
  /** 'dot': query · key; 'concat': a trained number times Σ tanh(query + key). Default 'dot'. */
  readonly scoreMode?: 'dot' | 'concat';
}
/** softmax(scores) · value. Inputs and masks: see BaseAttention. Weights: scale (useScale), concat_score_weight (concat), both single numbers. */
export class Attention extends BaseAttention {
  readonly className = 'Attention';
  readonly useScale: boolean;
  readonly scoreMode: 'dot' | 'concat';
  private scale: Variable | null = null;
  private factor: Variable | null = null;
  constructor(options: AttentionLayerOptions = {}) {
    super('Attention', options);
    this.useScale = options.useScale ?? false;
    this.scoreMode = options.scoreMode ?? 'dot';
    if (!['dot', 'concat'].includes(this.scoreMode)) throw new ValueError(`Attention: scoreMode '${this.scoreMode}' must be 'dot' or 'concat'.`);
  }
  static fromConfig(config: Config): Attention {
    return new Attention({ ...baseAttentionOptions(config), useScale: booleanOf(config, 'useScale', false), scoreMode: stringOf(config, 'scoreMode', 'dot') as 'dot' | 'concat' });
  }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    this.checkOperands(shapes);
    if (this.useScale) this.scale = this.addWeight('scale', [], { initializer: new Ones() });
    if (this.scoreMode === 'concat') this.factor = this.addWeight('concat_score_weight', [], { initializer: new Ones() });
  }
  protected scores(query: Tensor, key: Tensor): Tensor {
    const scaled = (x: Tensor): Tensor => (this.scale === null ? x : ops.multiply(x, this.scale.value));
    if (this.factor === null) return scaled(ops.matmul(query, ops.swapAxes(key, 1, 2)));
    return ops.multiply(ops.sum(ops.tanh(scaled(ops.add(ops.expandDims(query, 2), ops.expandDims(key, 1)))), -1), this.factor.value);
  }
  override getConfig(): Config { return { ...super.getConfig(), useScale: this.useScale, scoreMode: this.scoreMode }; }
}
