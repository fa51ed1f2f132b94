/**
 * The 30 activation functions of Keras 3 with its defaults, on tensors. Formulas: the Keras documentation of each; where a paper gave it, it is named.
 * Each is written so that neither value nor gradient overflows where the function itself is finite.
 */
import { ShapeError } from '../../base/errors.ts';
import { at, normalizeAxis, showShape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { noteLogits } from './logits.ts';

/** min(x, 0), with the gradient of x at 0. */
const negativePart = (x: Tensor): Tensor => ops.where(ops.greater(x, 0), 0, x);
const choose = (condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor => ops.where(condition, a, b);

/** Identity. */
export const linear = (x: Tensor): Tensor => x;
/** max(x, 0); optionally leaky below `threshold` and cut at `maxValue`. */
export function relu(x: Tensor, options: { readonly negativeSlope?: number; readonly maxValue?: number | null; readonly threshold?: number } = {}): Tensor {
  const { negativeSlope = 0, maxValue = null, threshold: edge = 0 } = options;
  let y = edge === 0 ? ops.relu(x) : choose(ops.greater(x, edge), x, 0);
  if (maxValue !== null) y = ops.clip(y, 0, maxValue);
  return negativeSlope === 0 ? y : ops.subtract(y, ops.multiply(ops.relu(ops.subtract(edge, x)), negativeSlope));
}
/** relu cut at 6. */
export const relu6 = (x: Tensor): Tensor => choose(ops.greaterEqual(x, 6), 6, ops.relu(x));
/** x above 0, negativeSlope · x below. */
export const leakyRelu = (x: Tensor, negativeSlope = 0.2): Tensor => choose(ops.greater(x, 0), x, ops.multiply(x, negativeSlope));
/** x above 0, alpha (e^x - 1) below (Clevert et al. 2016). */
export const elu = (x: Tensor, alpha = 1): Tensor => ops.add(ops.relu(x), ops.multiply(ops.expm1(negativePart(x)), alpha));
/** elu whose slope at 0 is 1 for every alpha (Barron 2017). */
export const celu = (x: Tensor, alpha = 1): Tensor => ops.add(ops.relu(x), ops.multiply(ops.expm1(ops.divide(negativePart(x), alpha)), alpha));
const SELU_ALPHA = 1.6732632423543772, SELU_SCALE = 1.0507009873554805;
/** Scaled elu that keeps mean 0 and variance 1 (Klambauer et al. 2017). */
export const selu = (x: Tensor): Tensor => {
  const below = ops.less(x, 0);
  return ops.multiply(choose(below, ops.multiply(ops.expm1(choose(below, x, 0)), SELU_ALPHA), x), SELU_SCALE);
};
/** e^x. */
export const exponential = (x: Tensor): Tensor => ops.exp(x);
export const tanh = (x: Tensor): Tensor => ops.tanh(x);
/** 1 / (1 + e^-x). A binary cross-entropy that gets this very tensor works on x. */
export const sigmoid = (x: Tensor): Tensor => noteLogits(ops.sigmoid(x), 'sigmoid', x);
export const logSigmoid = (x: Tensor): Tensor => ops.logSigmoid(x);
/** 0 below -3, 1 above 3, x / 6 + 1/2 between. */
export const hardSigmoid = (x: Tensor): Tensor => ops.divide(relu6(ops.add(x, 3)), 6);
/** x · sigmoid(x), also called swish (Ramachandran et al. 2017). */
export const silu = (x: Tensor): Tensor => ops.multiply(x, ops.sigmoid(x));
/** x · hardSigmoid(x) (Howard et al. 2019). */
export const hardSilu = (x: Tensor): Tensor => ops.multiply(x, hardSigmoid(x));
/** x limited to -1..1. */
export const hardTanh = (x: Tensor): Tensor => ops.clip(x, -1, 1);
/** log(1 + e^x). */
export const softplus = (x: Tensor): Tensor => ops.softplus(x);
/** x / (1 + |x|). */
export const softsign = (x: Tensor): Tensor => ops.divide(x, ops.add(ops.abs(x), 1));
/** x · tanh(softplus(x)) (Misra 2019). */
export const mish = (x: Tensor): Tensor => ops.multiply(x, ops.tanh(ops.softplus(x)));
/** x · P(N(0, 1) ≤ x) (Hendrycks and Gimpel 2016); `approximate` uses the tanh form. */
export function gelu(x: Tensor, approximate = false): Tensor {
  if (!approximate) return ops.multiply(ops.multiply(x, 0.5), ops.add(ops.erf(ops.multiply(x, Math.SQRT1_2)), 1));
  const inner = ops.multiply(ops.add(x, ops.multiply(ops.power(x, 3), 0.044715)), Math.sqrt(2 / Math.PI));
  return ops.multiply(ops.multiply(x, 0.5), ops.add(ops.tanh(inner), 1));
}
/** Half of x times the sigmoid of the other half, split along `axis` (Dauphin et al. 2017). */
export function glu(x: Tensor, axis = -1): Tensor {
  const along = normalizeAxis(axis, x.rank, 'glu');
  if (at(x.shape, along) % 2 !== 0) throw new ShapeError(`glu: axis ${along} of ${showShape(x.shape)} must be even to be halved.`);
  const [a, b] = ops.split(x, 2, along);
  return ops.multiply(a ?? x, ops.sigmoid(b ?? x));
}
/** x where |x| > threshold, else 0. */
export const hardShrink = (x: Tensor, threshold_ = 0.5): Tensor => choose(ops.greater(ops.abs(x), threshold_), x, 0);
/** x drawn toward 0 by the threshold, 0 within it. */
export const softShrink = (x: Tensor, threshold_ = 0.5): Tensor => choose(ops.greater(x, threshold_), ops.subtract(x, threshold_), choose(ops.less(x, -threshold_), ops.add(x, threshold_), 0));
/** x - tanh(x). */
export const tanhShrink = (x: Tensor): Tensor => ops.subtract(x, ops.tanh(x));
/** x above the threshold, else `defaultValue`. */
export const threshold = (x: Tensor, edge: number, defaultValue: number): Tensor => choose(ops.greater(x, edge), x, defaultValue);
/** 0 below -1, (x + 1)² / 4 to 1, x above. */
export const sparsePlus = (x: Tensor): Tensor => choose(ops.lessEqual(x, -1), 0, choose(ops.less(x, 1), ops.multiply(ops.square(ops.add(x, 1)), 0.25), x));
/** 0 below -1, (x + 1) / 2 to 1, 1 above (Blondel et al. 2019). */
export const sparseSigmoid = (x: Tensor): Tensor => choose(ops.lessEqual(x, -1), 0, choose(ops.greaterEqual(x, 1), 1, ops.multiply(ops.add(x, 1), 0.5)));
/** (x + sqrt(x² + b)) / 2 (Barron 2021). */
export const squareplus = (x: Tensor, b = 4): Tensor => ops.multiply(ops.add(x, ops.sqrt(ops.add(ops.square(x), b))), 0.5);
/** e^x / Σ e^x along `axis`. A categorical cross-entropy that gets this very tensor (last axis) works on x. */
export function softmax(x: Tensor, axis: number | readonly number[] = -1): Tensor {
  const y = ops.softmax(x, axis);
  return axis === -1 || axis === x.rank - 1 ? noteLogits(y, 'softmax', x) : y;
}
export const logSoftmax = (x: Tensor, axis: number | readonly number[] = -1): Tensor => ops.logSoftmax(x, axis);
/**
 * The Euclidean projection onto the probability simplex (Martins and Astudillo 2016): max(x - τ, 0) with Σ = 1. The support is found by sorting;
 * given the support, τ is a mean, through which the gradient flows.
 */
export function sparsemax(x: Tensor, axis = -1): Tensor {
  const along = normalizeAxis(axis, x.rank, 'sparsemax'), n = at(x.shape, along);
  const free = ops.stopGradient(x), sorted = ops.sort(free, along, true), cumulative = ops.cumsum(sorted, along);
  const rank = ops.reshape(ops.arange(1, n + 1), x.shape.map((_, i) => (i === along ? n : 1)));
  const count = ops.sum(ops.cast(ops.greater(ops.add(ops.multiply(sorted, rank), 1), cumulative), 'f32'), along, true);
  const smallest = ops.min(choose(ops.lessEqual(rank, count), sorted, Infinity), along, true);
  const support = ops.cast(ops.greaterEqual(free, smallest), 'f32');
  const tau = ops.divide(ops.subtract(ops.sum(ops.multiply(x, support), along, true), 1), ops.sum(support, along, true));
  return ops.multiply(ops.subtract(x, tau), support);
}
