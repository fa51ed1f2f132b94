/**
 * Counts of the confusion matrix at thresholds: what metrics of yes-or-no predictions are made of. Keras's rules: a prediction is positive when it is above the
 * threshold; evenly spaced thresholds are found by arithmetic (one pass over the predictions), others by comparison.
 */
import { ShapeError, ValueError } from '../../base/errors.ts';
import { at, showShape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { EPSILON } from '../epsilon.ts';
import { sameRank } from '../losses/loss.ts';
import { Metric, needed, type MetricOptions } from './metric.ts';

/** True and false positives, true and false negatives, [thresholds] each, or [thresholds, labels]. */
export interface Tally { readonly tp: Tensor; readonly fp: Tensor; readonly tn: Tensor; readonly fn: Tensor }
export type TallyKey = keyof Tally;
/** How to count. */
export interface TallyOptions {
  readonly topK?: number | null;
  readonly classId?: number | null;
  /** Each label (last axis) apart. */
  readonly multiLabel?: boolean;
  /** A weight per label. */
  readonly labelWeights?: Tensor | null;
}
/** Below every prediction. */
export const NEVER = -1e10;

/** n thresholds from 0 to 1, evenly spaced; [0.5] for one. `beyond`: the ends moved out by 1e-7, so that 0 and 1 themselves count. */
export function evenThresholds(n: number, beyond: boolean): number[] {
  const edge = beyond ? EPSILON : 0;
  return n === 1 ? [0.5] : Array.from({ length: n }, (_, i) => (i === 0 ? -edge : i === n - 1 ? 1 + edge : i / (n - 1)));
}
const isEven = (t: readonly number[]): boolean => t.length > 2 && t.every((x, i) => Math.abs(x - i / (t.length - 1)) <= EPSILON * 1.001);
const behind = (x: Tensor, rank: number): Tensor => (x.rank >= rank ? x : behind(ops.expandDims(x, -1), rank));

/** Counts of one batch, weighted. */
export function tally(yTrue: Tensor, yPred: Tensor, thresholds: readonly number[], sampleWeight: Tensor | null, who: string, options: TallyOptions = {}): Tally {
  const { topK = null, classId = null, multiLabel = false, labelWeights = null } = options;
  let [y, p] = sameRank(ops.cast(yTrue, 'f32'), ops.cast(yPred, 'f32')) as [Tensor, Tensor];
  if (showShape(y.shape) !== showShape(p.shape)) throw new ShapeError(`${who}: targets have shape ${showShape(yTrue.shape)}, predictions ${showShape(yPred.shape)}; they must be equal.`);
  if (topK !== null) p = ops.where(ops.any(ops.oneHot(ops.topK(p, topK).indices, at(p.shape, -1), -1, 'bool'), -2), p, NEVER);
  if (classId !== null) {
    const classes = at(p.shape, -1);
    if (p.rank < 2 || classId >= classes) throw new ShapeError(`${who}: classId ${classId} needs predictions [batch, classes] with that many classes, got ${showShape(p.shape)}.`);
    [y, p] = [y, p].map((x) => ops.take(x, tensor([classId], undefined, 'i32'), -1)) as [Tensor, Tensor];
  }
  const labels = multiLabel ? at(p.shape, -1) : 1, flat = (x: Tensor): Tensor => ops.reshape(x, [-1, labels]);
  const weightOf = (x: Tensor): Tensor => ops.broadcastTo(x, p.shape);
  let weight: Tensor | null = sampleWeight === null ? null : weightOf(behind(ops.cast(sampleWeight, 'f32'), p.rank));
  if (labelWeights !== null) weight = weight === null ? weightOf(labelWeights) : ops.multiply(weight, labelWeights);
  const truth = ops.cast(ops.notEqual(y, 0), 'f32'), yes = flat(weight === null ? truth : ops.multiply(truth, weight));
  const no = flat(weight === null ? ops.subtract(1, truth) : ops.multiply(ops.subtract(1, truth), weight)), own = flat(p), n = thresholds.length;
  let tp: Tensor, fp: Tensor;
  if (isEven(thresholds)) {
    // the bucket of a prediction is the last threshold below it; what no threshold is below is dropped
    const raw = ops.subtract(ops.ceil(ops.multiply(ops.clip(own, 0, 1), n - 1)), 1), bucket = at(thresholds, 0) < 0 ? ops.maximum(raw, 0) : raw;
    const place = ops.add(ops.multiply(ops.cast(bucket, 'i32'), labels), ops.cast(ops.arange(labels), 'i32')), index = ops.reshape(ops.where(ops.less(bucket, 0), -1, place), [-1]);
    const above = (amount: Tensor): Tensor => ops.cumsum(ops.reshape(ops.scatterAdd(ops.zeros([n * labels]), index, ops.reshape(amount, [-1])), [n, labels]), 0, { reverse: true });
    [tp, fp] = [above(yes), above(no)];
  } else {
    const positive = ops.greater(ops.expandDims(own, 0), ops.reshape(tensor([...thresholds]), [n, 1, 1]));
    [tp, fp] = [ops.sum(ops.where(positive, yes, 0), 1), ops.sum(ops.where(positive, no, 0), 1)];
  }
  const all = { tp, fp, tn: ops.subtract(ops.sum(no, 0), fp), fn: ops.subtract(ops.sum(yes, 0), tp) };
  if (multiLabel) return all;
  const one = (x: Tensor): Tensor => ops.reshape(x, [n]);
  return { tp: one(all.tp), fp: one(all.fp), tn: one(all.tn), fn: one(all.fn) };
}

/** The thresholds of options: one, several, or the default. Throws ValueError for one outside 0..1. */
export function thresholdsOf(given: number | readonly number[] | null, usual: number, who: string): number[] {
  const list = given === null ? [usual] : typeof given === 'number' ? [given] : [...given];
  if (given !== null && !list.every((t) => t >= 0 && t <= 1)) throw new ValueError(`${who}: thresholds ${JSON.stringify(given)} must be within 0 and 1.`);
  return list;
}

/** A metric whose state are some of the four counts. */
export abstract class Tallied<P extends object> extends Metric<P> {
  protected readonly thresholds: readonly number[];
  protected readonly counts: Partial<Record<TallyKey, Variable>> = {};
  constructor(name: string, options: MetricOptions & Partial<P>, defaults: P, thresholds: (params: P) => readonly number[]) {
    super(name, options, defaults);
    this.thresholds = thresholds(this.params);
  }
  protected keep(keys: readonly TallyKey[], shape: readonly number[] = [this.thresholds.length]): void { for (const key of keys) this.counts[key] = this.addVariable(NAMES[key], shape); }
  protected countOptions(): TallyOptions { return {}; }
  update(yTrue: Tensor, yPred: Tensor | null = null, sampleWeight: Tensor | null = null): void {
    const batch = tally(yTrue, needed(yPred, this.name), this.thresholds, sampleWeight, this.className, this.countOptions());
    for (const [key, variable] of Object.entries(this.counts) as [TallyKey, Variable][]) variable.assign(ops.add(variable.value, batch[key]));
  }
  protected count(key: TallyKey): Tensor { return this.counts[key]?.value ?? ops.zeros([this.thresholds.length]); }
  /** One threshold: a scalar. */
  protected shaped(x: Tensor): Tensor { return this.thresholds.length === 1 ? ops.reshape(x, []) : x; }
}
const NAMES = { tp: 'true_positives', fp: 'false_positives', tn: 'true_negatives', fn: 'false_negatives' } as const;
