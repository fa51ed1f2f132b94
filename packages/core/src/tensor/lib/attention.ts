/**
 * Scaled dot-product attention on nodes (Vaswani et al. 2017), with keys shared by groups of heads (Ainslie et al. 2023). Scores are laid out
 * [batch, heads, queries, keys]; where heads share keys, [batch, groups, queries, heads of a group, keys], so that the queries of a group are rows of one product.
 */
import { ShapeError } from '../../base/errors.ts';
import { at, broadcastShapes, showShape } from '../../base/shape.ts';
import * as g from '../../ir/build.ts';
import type { Node } from '../../ir/types.ts';
import { add, div, mul, where } from './arith.ts';
import { real, truth } from './promote.ts';
import { max, softmax, sum } from './reduce.ts';

/** What hides a score from softmax: finite, so that a row that is hidden as a whole gives no NaN. Keras's number. */
const HIDDEN = -0.7 * 3.4028234663852886e38;
const WHO = 'dotProductAttention';

/** Options of `dotProductAttention`. */
export interface AttentionOptions<T> {
  /** Added to the scores; broadcasts to [batch, heads, queries, keys]. */
  readonly bias?: T | null;
  /** True where a query may see a key; broadcasts to [batch, heads, queries, keys]. */
  readonly mask?: T | null;
  /** Factor of the scores; default 1 / √(width of query). */
  readonly scale?: number | null;
  /** Query i sees keys 0..i only. Default false. */
  readonly isCausal?: boolean;
  /** Hidden weights are exactly 0 even where a whole row is hidden; else such a row is uniform. Default false. */
  readonly zeroHidden?: boolean;
}

/** softmax(scale · q·kᵀ + bias) where the mask lets see: weights in the layout of scores. q [batch, queries, heads, width], k [batch, keys, groups, width]. */
export function attentionWeights(q: Node, k: Node, options: AttentionOptions<Node> = {}): Node {
  const query = real(q), key = real(k), shown = `query ${showShape(q.type.shape)} and key ${showShape(k.type.shape)}`;
  if (query.type.shape.length !== 4 || key.type.shape.length !== 4) throw new ShapeError(`${WHO}: ${shown} must be [batch, length, heads, width].`);
  const [batch = 0, queries = 0, heads = 0, width = 0] = query.type.shape, keys = at(key.type.shape, 1), groups = at(key.type.shape, 2);
  if (key.type.shape[0] !== batch || key.type.shape[3] !== width) throw new ShapeError(`${WHO}: ${shown} must have the same batch and width.`);
  if (groups === 0 || heads % groups !== 0) throw new ShapeError(`${WHO}: ${shown}: the heads of query must be a multiple of those of key.`);
  const each = heads / groups, shared = each > 1;
  const scaled = mul(query, options.scale ?? 1 / Math.sqrt(width));
  let scores = g.dot(shared ? g.reshape(scaled, [batch, queries, groups, each, width]) : scaled, key, { batchA: [0, 2], batchB: [0, 2], contractA: [shared ? 4 : 3], contractB: [3] });
  // what broadcasts to [batch, heads, queries, keys], in the layout of scores
  const laid = (x: Node, name: string): Node => {
    const full = [batch, heads, queries, keys], rank = x.type.shape.length, shape = [...new Array<number>(Math.max(0, 4 - rank)).fill(1), ...x.type.shape];
    if (rank > 4 || shape.some((d, i) => d !== 1 && d !== full[i])) throw new ShapeError(`${WHO}: ${name} of shape ${showShape(x.type.shape)} does not broadcast to [batch, heads, queries, keys] = ${showShape(full)}.`);
    if (!shared) return g.reshape(x, shape);
    const [b = 1, h = 1, t = 1, s = 1] = shape;
    return g.transpose(g.reshape(x, [b, h === 1 ? 1 : groups, h === 1 ? 1 : each, t, s]), [0, 1, 3, 2, 4]);
  };
  if (options.bias !== undefined && options.bias !== null) scores = add(scores, laid(options.bias, 'bias'));
  let visible = options.mask === undefined || options.mask === null ? null : laid(truth(options.mask), 'mask');
  if (options.isCausal === true) {
    const type = { shape: shared ? [queries, 1, keys] : [queries, keys], dtype: 'i32' } as const, causal = g.le(g.iota(type, type.shape.length - 1), g.iota(type, 0));
    if (visible === null) visible = causal;
    else { const shape = broadcastShapes(visible.type.shape, causal.type.shape, WHO); visible = g.and(g.broadcastTo(visible, shape), g.broadcastTo(causal, shape)); }
  }
  if (visible === null) return softmax(scores);
  // Causal alone, no row is hidden as a whole: hidden weights are written as 0, which the lowering knows to leave out of the products.
  if (options.isCausal === true && (options.mask ?? null) === null) {
    const shown = where(visible, scores, HIDDEN), top = g.stopGradient(max(shown, -1, true)), e = where(visible, g.exp(g.sub(shown, g.broadcastTo(top, shown.type.shape))), 0);
    return where(visible, div(e, sum(e, -1, true)), 0);
  }
  const weights = softmax(where(visible, scores, HIDDEN));
  return options.zeroHidden === true ? where(visible, weights, 0) : weights;
}
/** Weights of `attentionWeights` times values [batch, keys, groups, width]: [batch, queries, heads, width]. */
export function attentionMix(weights: Node, v: Node): Node {
  const value = real(v), shape = weights.type.shape, rank = shape.length, shared = rank === 5;
  const [batch = 0, groups = 0, queries = 0] = shape, keys = at(shape, -1), out = value.type.shape;
  if (out.length !== 4 || out[0] !== batch || out[1] !== keys || out[2] !== groups) throw new ShapeError(`${WHO}: value ${showShape(v.type.shape)} must have the batch, length and heads of key: [${batch}, ${keys}, ${groups}, width].`);
  const mixed = g.dot(weights, value, { batchA: [0, 1], batchB: [0, 2], contractA: [rank - 1], contractB: [1] });
  if (!shared) return g.transpose(mixed, [0, 2, 1, 3]);
  return g.reshape(g.transpose(mixed, [0, 2, 1, 3, 4]), [batch, queries, groups * at(shape, 3), at(out, 3)]);
}
/** Weights as [batch, heads, queries, keys]. */
export function attentionScores(weights: Node): Node {
  if (weights.type.shape.length === 4) return weights;
  const [batch = 0, groups = 0, queries = 0, each = 0, keys = 0] = weights.type.shape;
  return g.reshape(g.transpose(weights, [0, 1, 3, 2, 4]), [batch, groups * each, queries, keys]);
}
