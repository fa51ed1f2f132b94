/**
 * Loss functions on tensors: one value per sample. Formulas, clipping (1e-7) and defaults are Keras 3's.
 *
 * Cross-entropies from probabilities look whether the probabilities come straight from softmax or sigmoid (`activations/logits.ts`) and then work on
 * the logits: stable where a probability rounds to 0 or 1, and the gradient with respect to the logits is p - y.
 */
import { ShapeError } from '../../base/errors.ts';
import { at, normalizeAxis, showShape } from '../../base/shape.ts';
import { EPSILON } from '../epsilon.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { logitsOf } from '../activations/logits.ts';
import { pair } from './loss.ts';

/** Mean of (y - ŷ)² over the last axis. */
export function meanSquaredError(yTrue: Tensor, yPred: Tensor): Tensor {
  const [y, p] = pair(yTrue, yPred, 'meanSquaredError');
  return ops.mean(ops.square(ops.subtract(y, p)), -1);
}
/** Mean of |y - ŷ| over the last axis. */
export function meanAbsoluteError(yTrue: Tensor, yPred: Tensor): Tensor {
  const [y, p] = pair(yTrue, yPred, 'meanAbsoluteError');
  return ops.mean(ops.abs(ops.subtract(y, p)), -1);
}

/** Options of cross-entropies. */
export interface CrossentropyOptions {
  /** Predictions are logits, not probabilities. Default false. */
  readonly fromLogits?: boolean;
  /** 0 to 1: how far targets are drawn toward uniform. Default 0. */
  readonly labelSmoothing?: number;
  /** Axis of the classes (binary: of the mean). Default -1. */
  readonly axis?: number;
}
/** The axis brought to the end, where the formulas look for it. */
export const axisLast = (x: Tensor, axis = -1): Tensor => (axis === -1 || axis === x.rank - 1 ? x : ops.moveAxis(x, axis, -1));
/** What softmax made the predictions of, where the classes lie along the axis that it takes. */
const softmaxLogits = (p: Tensor, axis = -1): Tensor | null => (axis === -1 || axis === p.rank - 1 ? logitsOf(p, 'softmax') : null);
/** Targets drawn toward `uniform` by `amount`. */
export const smooth = (y: Tensor, amount: number, uniform: number): Tensor => (amount === 0 ? y : ops.add(ops.multiply(y, 1 - amount), amount * uniform));
/** Probabilities away from 0 and 1, as Keras clips them. */
export const clipped = (p: Tensor): Tensor => ops.clip(p, EPSILON, 1 - EPSILON);

/** -[y log p + (1 - y) log(1 - p)], mean over `axis`. */
export function binaryCrossentropy(yTrue: Tensor, yPred: Tensor, options: CrossentropyOptions = {}): Tensor {
  const logits = options.fromLogits === true ? yPred : logitsOf(yPred, 'sigmoid');
  const [target, output] = pair(yTrue, logits ?? yPred, 'binaryCrossentropy').map((t) => axisLast(t, options.axis)) as [Tensor, Tensor], y = smooth(target, options.labelSmoothing ?? 0, 0.5);
  // log(1 + e^z) - y z, the same as the definition at p = sigmoid(z)
  if (logits !== null) return ops.mean(ops.subtract(ops.softplus(output), ops.multiply(output, y)), -1);
  const p = clipped(output), one = ops.subtract(1, y);
  return ops.negative(ops.mean(ops.add(ops.multiply(y, ops.log(p)), ops.multiply(one, ops.log(ops.subtract(1, p)))), -1));
}
/** -Σ y log p over `axis`; y are one-hot rows or distributions. */
export function categoricalCrossentropy(yTrue: Tensor, yPred: Tensor, options: CrossentropyOptions = {}): Tensor {
  const logits = options.fromLogits === true ? yPred : softmaxLogits(yPred, options.axis);
  const [target, output] = pair(yTrue, logits ?? yPred, 'categoricalCrossentropy').map((t) => axisLast(t, options.axis)) as [Tensor, Tensor];
  const y = smooth(target, options.labelSmoothing ?? 0, 1 / at(target.shape, -1));
  const logP = logits !== null ? ops.logSoftmax(output) : ops.log(clipped(ops.divide(output, ops.sum(output, -1, true))));
  return ops.negative(ops.sum(ops.multiply(y, logP), -1));
}
/** Options of the sparse cross-entropy. */
export interface SparseCrossentropyOptions {
  readonly fromLogits?: boolean;
  /** Targets of this class give 0; the loss does not count them in its mean. */
  readonly ignoreClass?: number | null;
  /** Axis of the classes in the predictions. Default -1. */
  readonly axis?: number;
}
/** Class numbers, without an axis of extent 1 in the place of the classes. */
export const classNumbers = (yTrue: Tensor, rank: number, axis = -1): Tensor => (yTrue.rank === rank && at(yTrue.shape, axis) === 1 ? ops.squeeze(yTrue, axis) : yTrue);
/**
 * -log p[y]; y are whole numbers [batch] (or [batch, 1]) below the number of classes. From probabilities that do not come straight from softmax: p is
 * clipped to 1e-7..1 - 1e-7 and normalized, as Keras does on TensorFlow.
 */
export function sparseCategoricalCrossentropy(yTrue: Tensor, yPred: Tensor, options: SparseCrossentropyOptions = {}): Tensor {
  const { axis = -1 } = options, target = classNumbers(yTrue, yPred.rank, axis), places = yPred.shape.filter((_, i) => i !== normalizeAxis(axis, yPred.rank, 'sparseCategoricalCrossentropy'));
  if (showShape(target.shape) !== showShape(places)) {
    throw new ShapeError(`sparseCategoricalCrossentropy: targets of shape ${showShape(yTrue.shape)} must be ${showShape(places)} class numbers for predictions ${showShape(yPred.shape)}; for one-hot targets use categoricalCrossentropy.`);
  }
  const labels = ops.cast(target, 'i32');
  const z = axisLast(options.fromLogits === true ? yPred : softmaxLogits(yPred, axis) ?? ops.log(clipped(yPred)), axis);
  // log Σ e^(z - max) - (z[y] - max). The choice by comparison, not by gather, so that its gradient is elementwise too.
  const logits: Tensor = z.dtype === 'f64' ? z : ops.cast(z, 'f32');
  const shifted: Tensor = ops.subtract(logits, ops.stopGradient(ops.max(logits, -1, true)));
  const hot = ops.oneHot(labels, at(yPred.shape, axis), -1, 'bool');
  const own: Tensor = ops.sum(ops.where(hot, shifted, 0), -1);
  const values: Tensor = ops.subtract(ops.log(ops.sum(ops.exp(shifted), -1)), own);
  const ignored = options.ignoreClass ?? null;
  return ignored === null ? values : ops.where(ops.equal(labels, ignored), 0, values);
}
