/** Hinge losses: one value per sample. Formulas are Keras 3's. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Loss, pair, type LossOptions } from './loss.ts';

/** max(1 - y ŷ, 0); targets that are all 0 or 1 count as -1 and 1. */
function margin(yTrue: Tensor, yPred: Tensor, who: string): Tensor {
  const [target, p] = pair(yTrue, yPred, who), binary = ops.all(ops.logicalOr(ops.equal(target, 0), ops.equal(target, 1)));
  const y = ops.where(binary, ops.subtract(ops.multiply(2, target), 1), target);
  return ops.maximum(ops.subtract(1, ops.multiply(y, p)), 0);
}
/** Mean of max(1 - y ŷ, 0) over the last axis. */
export const hinge = (yTrue: Tensor, yPred: Tensor): Tensor => ops.mean(margin(yTrue, yPred, 'hinge'), -1);
/** Mean of max(1 - y ŷ, 0)² over the last axis. */
export const squaredHinge = (yTrue: Tensor, yPred: Tensor): Tensor => ops.mean(ops.square(margin(yTrue, yPred, 'squaredHinge')), -1);
/** max(max((1 - y) ŷ) - Σ y ŷ + 1, 0) over the last axis; y are one-hot rows. */
export function categoricalHinge(yTrue: Tensor, yPred: Tensor): Tensor {
  const [y, p] = pair(yTrue, yPred, 'categoricalHinge');
  return ops.maximum(ops.add(ops.subtract(ops.max(ops.multiply(ops.subtract(1, y), p), -1), ops.sum(ops.multiply(y, p), -1)), 1), 0);
}

/** Margin loss of yes-or-no targets. */
export class Hinge extends Loss {
  readonly className = 'Hinge';
  constructor(options: LossOptions = {}) { super('hinge', options); }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return hinge(yTrue, yPred); }
}
/** Squared margin loss. */
export class SquaredHinge extends Loss {
  readonly className = 'SquaredHinge';
  constructor(options: LossOptions = {}) { super('squared_hinge', options); }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return squaredHinge(yTrue, yPred); }
}
/** Margin between the right class and the best wrong one. */
export class CategoricalHinge extends Loss {
  readonly className = 'CategoricalHinge';
  constructor(options: LossOptions = {}) { super('categorical_hinge', options); }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return categoricalHinge(yTrue, yPred); }
}
