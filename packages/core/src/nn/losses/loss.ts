/**
 * The base of losses: a value per sample, weighted and reduced. Reductions as in Keras 3: 'sumOverBatchSize' (also 'mean') divides the weighted sum by
 * the number of values, 'meanWithSampleWeight' by the sum of weights.
 */
import { ShapeError, ValueError } from '../../base/errors.ts';
import { showShape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Config } from '../registry-table.ts';

/** The logarithm of what cannot be: exp gives 0, sums stay finite, and gradients through it are 0 and not NaN as those of -∞ were. */
export const NEVER = -1e30;

export type Reduction = 'sumOverBatchSize' | 'mean' | 'sum' | 'none' | 'meanWithSampleWeight';
export const REDUCTIONS: readonly Reduction[] = ['sumOverBatchSize', 'mean', 'sum', 'none', 'meanWithSampleWeight'];
/** Options that every loss takes. */
export interface LossOptions { readonly name?: string; /** Default sumOverBatchSize. */ readonly reduction?: Reduction }

/** One of two tensors whose ranks differ by an axis of extent 1 loses or gains it: [n] and [n, 1] meet. */
export function sameRank(a: Tensor, b: Tensor): [Tensor, Tensor] {
  if (a.rank === b.rank + 1 && a.shape.at(-1) === 1) return b.rank === 1 ? [a, ops.expandDims(b, -1)] : [ops.squeeze(a, -1), b];
  if (b.rank === a.rank + 1 && b.shape.at(-1) === 1) return a.rank === 1 ? [ops.expandDims(a, -1), b] : [a, ops.squeeze(b, -1)];
  return [a, b];
}
/** Targets and predictions as floats of one shape; says both shapes when they do not meet. */
export function pair(yTrue: Tensor, yPred: Tensor, who: string): [Tensor, Tensor] {
  const prediction: Tensor = yPred.dtype === 'f64' ? yPred : ops.cast(yPred, 'f32');
  const [target, result] = sameRank(ops.cast(yTrue, prediction.dtype), prediction);
  if (showShape(target.shape) !== showShape(result.shape)) {
    throw new ShapeError(`${who}: targets have shape ${showShape(yTrue.shape)}, predictions ${showShape(yPred.shape)}; they must be equal (or one number per row against a column).`);
  }
  return [target, result];
}

/** Weights applied and values reduced to one number, but for 'none'. */
export function reduceWeighted(values: Tensor, sampleWeight: Tensor | null, reduction: Reduction): Tensor {
  let own = values, weight: Tensor | null = null;
  if (sampleWeight !== null) {
    [own, weight] = sameRank(values, ops.cast(sampleWeight, values.dtype));
    // weights of leading axes apply to the axes after them
    while (weight.rank < own.rank) weight = ops.expandDims(weight, -1);
    own = ops.multiply(own, weight);
  }
  if (reduction === 'none' || own.rank === 0) return own;
  const total: Tensor = ops.sum(own);
  if (reduction === 'sum') return total;
  if (reduction === 'meanWithSampleWeight' && weight !== null) {
    const mass: Tensor = ops.sum(weight);
    return ops.where(ops.equal(mass, 0), 0, ops.divide(total, ops.where(ops.equal(mass, 0), 1, mass)));
  }
  return own.size === 0 ? total : ops.divide(total, own.size);
}

/**
 * A mask (true: counts) taken into sample weights. With `rescale` what counts weighs (elements / elements that count), so that a mean over all elements is
 * the mean over those that count; 0 where none does. Weights of fewer axes apply to the axes after them.
 */
export function maskedWeight(sampleWeight: Tensor | null, mask: Tensor, rescale: boolean): Tensor {
  let own: Tensor = ops.cast(mask, 'f32');
  if (rescale) own = ops.multiply(own, ops.divide(mask.size, ops.maximum(ops.sum(own), 1)));
  if (sampleWeight === null) return own;
  let weight: Tensor = ops.cast(sampleWeight, 'f32');
  while (weight.rank < own.rank) weight = ops.expandDims(weight, -1);
  while (own.rank < weight.rank) own = ops.expandDims(own, -1);
  return ops.multiply(weight, own);
}

/** A mask with axes of extent 1 behind it, up to the rank of `like`. */
function fill(mask: Tensor, like: Tensor): Tensor {
  let own = mask;
  while (own.rank < like.rank) own = ops.expandDims(own, -1);
  return own;
}

/** Base class of losses. */
export abstract class Loss {
  abstract readonly className: string;
  readonly name: string;
  readonly reduction: Reduction;
  constructor(defaultName: string, options: LossOptions = {}) {
    this.name = options.name ?? defaultName;
    this.reduction = options.reduction ?? 'sumOverBatchSize';
    if (!REDUCTIONS.includes(this.reduction)) throw new ValueError(`Loss '${this.name}': unknown reduction '${String(this.reduction)}'; known: ${REDUCTIONS.join(', ')}.`);
  }
  /** One value per sample: the last axis is reduced. */
  abstract call(yTrue: Tensor, yPred: Tensor): Tensor;
  /**
   * The loss of a batch: a scalar, or one value per sample for reduction 'none'. `sampleWeight`: [batch] or shaped like the values. `mask` of the
   * predictions (true: counts): values where it is false do not count; a mask of other leading axes than the values is left out.
   */
  compute(yTrue: Tensor, yPred: Tensor, sampleWeight: Tensor | null = null, mask: Tensor | null = null): Tensor {
    const values = this.call(yTrue, yPred), fits = mask !== null && mask.rank <= values.rank && mask.shape.every((d, i) => d === values.shape[i]);
    const own = this.counts(yTrue, values), counts = !fits ? own : own === null ? mask : ops.logicalAnd(own, fill(mask, own));
    const mean = this.reduction === 'sumOverBatchSize' || this.reduction === 'mean';
    return reduceWeighted(values, counts === null ? sampleWeight : maskedWeight(sampleWeight, counts, mean), this.reduction);
  }
  /** Which values count at all (bool, of their shape); null: all of them. */
  protected counts(_yTrue: Tensor, _values: Tensor): Tensor | null { return null; }
  getConfig(): Config { return { name: this.name, reduction: this.reduction }; }
}
/** A loss made from a function of your own. */
export class FunctionLoss extends Loss {
  readonly className: string;
  private readonly fn: (yTrue: Tensor, yPred: Tensor) => Tensor;
  constructor(fn: (yTrue: Tensor, yPred: Tensor) => Tensor, options: LossOptions = {}) { super(fn.name === '' ? 'loss' : fn.name, options); this.fn = fn; this.className = this.name; }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return this.fn(yTrue, yPred); }
}
