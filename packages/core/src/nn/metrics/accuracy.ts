/** The accuracy family: 1 where a prediction is right, 0 where not. */
import { ShapeError, ValueError } from '../../base/errors.ts';
import { at, showShape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { sameRank } from '../losses/loss.ts';
import type { Config } from '../registry-table.ts';
import { MeanOf } from './metric.ts';

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

/** Targets equal predictions. */
export class Accuracy extends MeanOf {
  override readonly className = 'Accuracy';
  constructor(name = 'accuracy') { super(name); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor {
    const [y, p] = sameRank(ops.cast(yTrue, yPred.dtype), yPred);
    requireEqual(y, p, 'Accuracy');
    return hit(ops.equal(y, p));
  }
}
/** Prediction above the threshold (default 0.5) equals the target. */
export class BinaryAccuracy extends MeanOf {
  override readonly className = 'BinaryAccuracy';
  readonly threshold: number;
  constructor(name = 'binary_accuracy', threshold = 0.5) { super(name); this.threshold = threshold; }
  override values(yTrue: Tensor, yPred: Tensor): Tensor {
    const [y, p] = sameRank(yTrue, yPred);
    requireEqual(y, p, 'BinaryAccuracy');
    return hit(ops.equal(ops.cast(y, 'f32'), ops.cast(ops.greater(p, this.threshold), 'f32')));
  }
  override getConfig(): Config { return { ...super.getConfig(), threshold: this.threshold }; }
}
/** The largest prediction is where the one-hot target is largest. */
export class CategoricalAccuracy extends MeanOf {
  override readonly className = 'CategoricalAccuracy';
  constructor(name = 'categorical_accuracy') { super(name); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor {
    requireEqual(yTrue, yPred, 'CategoricalAccuracy');
    return hit(ops.equal(ops.argMax(yTrue, -1), ops.argMax(yPred, -1)));
  }
}
/** The largest prediction is at the target's class number. */
export class SparseCategoricalAccuracy extends MeanOf {
  override readonly className = 'SparseCategoricalAccuracy';
  constructor(name = 'sparse_categorical_accuracy') { super(name); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return hit(ops.equal(classes(yTrue, yPred, 'SparseCategoricalAccuracy'), ops.argMax(yPred, -1))); }
}
const inTop = (labels: Tensor, yPred: Tensor, k: number): Tensor =>
  ops.reshape(hit(ops.inTopK(ops.reshape(labels, [-1]), ops.reshape(yPred, [-1, at(yPred.shape, -1)]), k)), labels.shape);
abstract class TopK extends MeanOf {
  readonly k: number;
  constructor(k: number, name: string) { super(name); if (!Number.isInteger(k) || k < 1) throw new ValueError(`Top-k accuracy: k = ${k} must be a whole number of at least 1.`); this.k = k; }
  override getConfig(): Config { return { ...super.getConfig(), k: this.k }; }
}
/** The one-hot target's class is among the k (default 5) largest predictions. */
export class TopKCategoricalAccuracy extends TopK {
  override readonly className = 'TopKCategoricalAccuracy';
  constructor(k = 5, name = 'top_k_categorical_accuracy') { super(k, name); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { requireEqual(yTrue, yPred, this.className); return inTop(ops.argMax(yTrue, -1), yPred, this.k); }
}
/** The target's class number is among the k (default 5) largest predictions. */
export class SparseTopKCategoricalAccuracy extends TopK {
  override readonly className = 'SparseTopKCategoricalAccuracy';
  constructor(k = 5, name = 'sparse_top_k_categorical_accuracy') { super(k, name); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return inTop(classes(yTrue, yPred, this.className), yPred, this.k); }
}
