/** Operations of networks that are more than one step: normalization and attention. */
import type { DType } from '../../base/dtype.ts';
import type { Node } from '../../ir/types.ts';
import * as lib from '../lib/index.ts';
import type { AttentionOptions, Axis, Real } from '../lib/index.ts';
import { compute, type Tensor } from '../tensor.ts';

/** Gives a builder its operands by place; null where there is none. */
function withOptional(operands: readonly (Tensor | null | undefined)[], build: (...nodes: (Node | null)[]) => Node): Tensor {
  const given = operands.filter((t): t is Tensor => t !== null && t !== undefined);
  return compute(given, (...nodes) => { let next = 0; return build(...operands.map((t) => (t === null || t === undefined ? null : nodes[next++] as Node))); });
}
/** (x - mean) / √(variance + epsilon) over `axis` (default the last), times gamma, plus beta; both have the extents of the axes, ascending. */
export const layerNormalization = <D extends DType>(x: Tensor<D>, gamma: Tensor | null = null, beta: Tensor | null = null, axis: Axis = -1, epsilon = 1e-7): Tensor<Real<D>> =>
  withOptional([x, gamma, beta], (a, b, c) => lib.layerNormalization(a as Node, b as Node | null, c as Node | null, axis, epsilon)) as Tensor<Real<D>>;
/** x / √(mean(x²) + epsilon) over `axis` (default the last), times scale. */
export const rmsNormalization = <D extends DType>(x: Tensor<D>, scale: Tensor | null = null, axis: Axis = -1, epsilon = 1e-7): Tensor<Real<D>> =>
  withOptional([x, scale], (a, b) => lib.rmsNormalization(a as Node, b as Node | null, axis, epsilon)) as Tensor<Real<D>>;

/** The weights of attention, in a layout of their own that `attentionMix` and `attentionScores` read. */
export const attentionWeights = (query: Tensor, key: Tensor, options: AttentionOptions<Tensor> = {}): Tensor => withOptional([query, key, options.bias, options.mask],
  (q, k, bias, mask) => lib.attentionWeights(q as Node, k as Node, { ...options, bias: bias ?? null, mask: mask ?? null }));
export const attentionMix = (weights: Tensor, value: Tensor): Tensor => compute([weights, value], (w, v) => lib.attentionMix(w as Node, v as Node));
/** [batch, heads, queries, keys]. */
export const attentionScores = (weights: Tensor): Tensor => compute([weights], (w) => lib.attentionScores(w as Node));
/**
 * softmax(scale · query·keyᵀ + bias) · value: query [batch, queries, heads, width], key and value [batch, keys, groups, width], heads a multiple of groups. The
 * result is [batch, queries, heads, width of value]. Throws ShapeError where shapes do not fit together.
 */
export const dotProductAttention = (query: Tensor, key: Tensor, value: Tensor, options: AttentionOptions<Tensor> = {}): Tensor => attentionMix(attentionWeights(query, key, options), value);
