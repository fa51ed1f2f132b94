/**
 * Intersection over union of classes, from a confusion matrix. The matrix is f32 (whole numbers up to 2²⁴ are exact), so that sample weights are not cut to whole numbers, as
 * Keras does unless told otherwise.
 */
import { ShapeError, ValueError } from '../../base/errors.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { EPSILON } from '../epsilon.ts';
import { Metric, needed, type MetricOptions } from './metric.ts';

/** Options of the family. */
export interface MeanIoUOptions extends MetricOptions {
  /** Targets of this class are left out. Default null. */
  readonly ignoreClass?: number | null;
  /** Targets are class numbers, not one-hot. Default true. */
  readonly sparseYTrue?: boolean;
  /** Predictions are class numbers, not scores per class. Default true (one-hot metrics: false). */
  readonly sparseYPred?: boolean;
  /** The axis of one-hot targets and scores. Default -1. */
  readonly axis?: number;
}
/** Options of the one-hot metrics. */
export type OneHotIoUOptions = Omit<MeanIoUOptions, 'sparseYTrue'>;
/** Options of `binaryIoU`. */
export interface BinaryIoUOptions extends MetricOptions {
  /** Default [0, 1]. */
  readonly targetClassIds?: readonly number[];
  /** Predictions from here on are 1. Default 0.5. */
  readonly threshold?: number;
}
type Params = Required<Omit<MeanIoUOptions, 'name'>> & { readonly numClasses: number; readonly targetClassIds: readonly number[]; readonly threshold: number };
const DEFAULTS = { ignoreClass: null, sparseYTrue: true, sparseYPred: true, axis: -1, threshold: 0.5 };

/** Base of the family: the mean over `targetClassIds` of true positives / (true positives + false positives + false negatives). */
export class IoU extends Metric<Params> {
  readonly className: string = 'IoU';
  private readonly matrix: Variable;
  constructor(numClasses: number, targetClassIds: readonly number[], options: MeanIoUOptions = {}, name = 'io_u', own: Partial<Params> = {}) {
    super(name, { ...options, ...own, numClasses, targetClassIds }, { ...DEFAULTS, ...own, numClasses, targetClassIds });
    if (!targetClassIds.every((id) => Number.isInteger(id) && id >= 0 && id < numClasses)) throw new ValueError(`Metric '${this.name}': target classes [${targetClassIds.join(', ')}] must be whole numbers from 0 to ${numClasses - 1}.`);
    this.matrix = this.addVariable('total_confusion_matrix', [numClasses, numClasses]);
  }
  update(yTrue: Tensor, yPred: Tensor | null = null, sampleWeight: Tensor | null = null): void {
    const { sparseYTrue, sparseYPred, axis, ignoreClass, numClasses: n } = this.params, given = needed(yPred, this.name);
    const whole = (x: Tensor, sparse: boolean): Tensor => ops.reshape(ops.cast(sparse ? x : ops.argMax(x, axis), 'i32'), [-1]);
    const y = whole(yTrue, sparseYTrue), p = whole(given, sparseYPred);
    if (y.size !== p.size) throw new ShapeError(`Metric '${this.name}': ${y.size} targets, but ${p.size} predictions.`);
    const inside = (x: Tensor): Tensor => ops.logicalAnd(ops.greaterEqual(x, 0), ops.less(x, n));
    let valid = ops.logicalAnd(inside(y), inside(p));
    if (ignoreClass !== null) valid = ops.logicalAnd(valid, ops.notEqual(y, ignoreClass));
    const weight: Tensor = sampleWeight === null ? ops.ones([y.size]) : ops.broadcastTo(ops.reshape(ops.cast(sampleWeight, 'f32'), [-1]), [y.size]);
    // what does not count goes to no place
    const place = ops.where(valid, ops.add(ops.multiply(y, n), p), -1);
    this.matrix.assign(ops.reshape(ops.scatterAdd(ops.reshape(this.matrix.value, [n * n]), place, weight), [n, n]));
  }
  result(): Tensor {
    const m = this.matrix.value, ids = tensor([...this.params.targetClassIds], undefined, 'i32'), right = ops.diagonal(m);
    const both = ops.take(right, ids, 0), any = ops.take(ops.subtract(ops.add(ops.sum(m, 0), ops.sum(m, 1)), right), ids, 0), seen = ops.greater(any, 1e-9);
    return ops.divide(ops.sum(ops.where(seen, ops.divide(both, ops.add(any, EPSILON)), 0)), ops.add(ops.sum(ops.cast(seen, 'f32')), EPSILON));
  }
}
const all = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
/** IoU of all classes. */
export class MeanIoU extends IoU {
  override readonly className = 'MeanIoU';
  constructor(numClasses: number, options: MeanIoUOptions = {}) { super(numClasses, all(numClasses), options, 'mean_io_u'); }
}
/** IoU of one-hot targets. */
export class OneHotIoU extends IoU {
  override readonly className = 'OneHotIoU';
  constructor(numClasses: number, targetClassIds: readonly number[], options: OneHotIoUOptions = {}) { super(numClasses, targetClassIds, options, 'one_hot_io_u', { sparseYTrue: false, sparseYPred: options.sparseYPred ?? false }); }
}
/** IoU of all classes of one-hot targets. */
export class OneHotMeanIoU extends IoU {
  override readonly className = 'OneHotMeanIoU';
  constructor(numClasses: number, options: OneHotIoUOptions = {}) { super(numClasses, all(numClasses), options, 'one_hot_mean_io_u', { sparseYTrue: false, sparseYPred: options.sparseYPred ?? false }); }
}
/** IoU of 0 and 1, predictions made whole by a threshold. */
export class BinaryIoU extends IoU {
  override readonly className = 'BinaryIoU';
  constructor(options: BinaryIoUOptions = {}) { super(2, options.targetClassIds ?? [0, 1], options, 'binary_io_u', { threshold: options.threshold ?? 0.5 }); }
  override update(yTrue: Tensor, yPred: Tensor | null = null, sampleWeight: Tensor | null = null): void {
    super.update(yTrue, ops.greaterEqual(ops.cast(needed(yPred, this.name), 'f32'), this.params.threshold), sampleWeight);
  }
}
