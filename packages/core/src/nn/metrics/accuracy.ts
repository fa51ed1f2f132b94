/** The accuracy family: 1 where a prediction is right, 0 where not. */
import { ShapeError, ValueError } from '../../base/errors.ts';
import { at, showShape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { sameRank } from '../losses/loss.ts';
import { MeanOf, type MetricOptions } from './metric.ts';

const hit = (right: Tensor): Tensor => ops.cast(right, 'f32');
function requireEqual(a: Tensor, b: Tensor, who: string): void {
  if (showShape(a.shape) !== showShape(b.shape)) throw new ShapeError(`${who}: targets give shape ${showShape(a.shape)}, predictions ${showShape(b.shape)}; they must be equal.`);
}
/** Targets as class numbers [batch, …] for predictions [batch, …, classes]. */
function classes(yTrue: Tensor, yPred: Tensor, who: string): Tensor {
  const target = yTrue.rank === yPred.rank && at(yTrue.shape, -1) === 1 ? ops.squeeze(yTrue, -1) : yTrue;
  if (showShape(target.shape) !== showShape(yPred.shape.slice(0, -1))) throw new ShapeError(`${who}: targets ${showShape(yTrue.shape)} must be class numbers of shape ${showShape(yPred.shape.slice(0, -1))} for predictions ${showShape(yPred.shape)}.`);
  return ops.cast(target, 'i32');
}

/** Options of `binaryAccuracy`. */
export interface BinaryAccuracyOptions extends MetricOptions { /** Predictions above it count as 1. Default 0.5. */ readonly threshold?: number }
/** Options of the top-k accuracies. */
export interface TopKOptions extends MetricOptions { /** Default 5. */ readonly k?: number }

/** Targets equal predictions. */
export class Accuracy extends MeanOf {
  override readonly className = 'Accuracy';
  constructor(options: MetricOptions = {}) { super(options, 'accuracy'); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor {
    const [y, p] = sameRank(ops.cast(yTrue, yPred.dtype), yPred);
    requireEqual(y, p, 'Accuracy');
    return hit(ops.equal(y, p));
  }
}
/** Prediction above the threshold (default 0.5) equals the target. */
export class BinaryAccuracy extends MeanOf<{ readonly threshold: number }> {
  override readonly className = 'BinaryAccuracy';
  constructor(options: BinaryAccuracyOptions = {}) { super(options, 'binary_accuracy', { threshold: 0.5 }); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor {
    const [y, p] = sameRank(yTrue, yPred);
    requireEqual(y, p, 'BinaryAccuracy');
    return hit(ops.equal(ops.cast(y, 'f32'), ops.cast(ops.greater(p, this.params.threshold), 'f32')));
  }
}
/** The largest prediction is where the one-hot target is largest. */
export class CategoricalAccuracy extends MeanOf {
  override readonly className = 'CategoricalAccuracy';
  constructor(options: MetricOptions = {}) { super(options, 'categorical_accuracy'); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor {
    requireEqual(yTrue, yPred, 'CategoricalAccuracy');
    return hit(ops.equal(ops.argMax(yTrue, -1), ops.argMax(yPred, -1)));
  }
}
/** The largest prediction is at the target's class number. */
export class SparseCategoricalAccuracy extends MeanOf {
  override readonly className = 'SparseCategoricalAccuracy';
  constructor(options: MetricOptions = {}) { super(options, 'sparse_categorical_accuracy'); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return hit(ops.equal(classes(yTrue, yPred, 'SparseCategoricalAccuracy'), ops.argMax(yPred, -1))); }
}
const inTop = (labels: Tensor, yPred: Tensor, k: number): Tensor =>
  ops.reshape(hit(ops.inTopK(ops.reshape(labels, [-1]), ops.reshape(yPred, [-1, at(yPred.shape, -1)]), k)), labels.shape);
abstract class TopK extends MeanOf<{ readonly k: number }> {
  constructor(options: TopKOptions, name: string) {
    super(options, name, { k: 5 });
    if (!Number.isInteger(this.params.k) || this.params.k < 1) throw new ValueError(`Top-k accuracy: k = ${this.params.k} must be a whole number of at least 1.`);
  }
}
/** The one-hot target's class is among the k (default 5) largest predictions. */
export class TopKCategoricalAccuracy extends TopK {
  override readonly className = 'TopKCategoricalAccuracy';
  constructor(options: TopKOptions = {}) { super(options, 'top_k_categorical_accuracy'); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { requireEqual(yTrue, yPred, this.className); return inTop(ops.argMax(yTrue, -1), yPred, this.params.k); }
}
/** The target's class number is among the k (default 5) largest predictions. */
export class SparseTopKCategoricalAccuracy extends TopK {
  override readonly className = 'SparseTopKCategoricalAccuracy';
  constructor(options: TopKOptions = {}) { super(options, 'sparse_top_k_categorical_accuracy'); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return inTop(classes(yTrue, yPred, this.className), yPred, this.params.k); }
}
