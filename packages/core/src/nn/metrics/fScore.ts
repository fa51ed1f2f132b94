/** FBetaScore and F1Score: precision and recall in one number. */
import { ShapeError, ValueError } from '../../base/errors.ts';
import { showShape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { EPSILON } from '../epsilon.ts';
import { Metric, needed, type MetricOptions, type MetricShapes } from './metric.ts';

export type FScoreAverage = 'micro' | 'macro' | 'weighted';
/** Options of `f1Score`. */
export interface F1ScoreOptions extends MetricOptions {
  /** null: one number per class; micro: over all classes together; macro: mean of the classes; weighted: mean by how often they occur. Default null. */
  readonly average?: FScoreAverage | null;
  /** Predictions above it are positive; null: the largest of a row is. Default null. */
  readonly threshold?: number | null;
}
/** Options of `fBetaScore`. */
export interface FBetaScoreOptions extends F1ScoreOptions { /** How much more recall counts than precision. Default 1. */ readonly beta?: number }
type Params = { readonly average: FScoreAverage | null; readonly beta: number; readonly threshold: number | null };

/** (1 + β²) · precision · recall / (β² precision + recall); targets and predictions are [batch, classes]. */
export class FBetaScore extends Metric<Params> {
  readonly className: string = 'FBetaScore';
  private sums: readonly Variable[] = [];
  constructor(options: FBetaScoreOptions = {}, name = 'fbeta_score') {
    super(name, options, { average: null, beta: 1, threshold: null });
    const { average, beta, threshold } = this.params;
    if (average !== null && !['micro', 'macro', 'weighted'].includes(average)) throw new ValueError(`Metric '${this.name}': unknown average '${average}'; known: micro, macro, weighted, null.`);
    if (!(beta > 0)) throw new ValueError(`Metric '${this.name}': beta ${beta} must be above 0.`);
    if (threshold !== null && !(threshold > 0 && threshold <= 1)) throw new ValueError(`Metric '${this.name}': threshold ${threshold} must be above 0 and at most 1.`);
  }
  override build({ yTrue, yPred }: MetricShapes): void {
    if (this.sums.length > 0) return;
    const classes = yPred.at(-1) ?? null;
    if (yPred.length !== 2 || yTrue.length !== 2 || classes === null) throw new ShapeError(`Metric '${this.name}' takes targets and predictions [batch, classes], got ${showShape(yTrue)} and ${showShape(yPred)}.`);
    const shape = this.params.average === 'micro' ? [] : [classes];
    this.sums = ['true_positives', 'false_positives', 'false_negatives', 'intermediate_weights'].map((name) => this.addVariable(name, shape));
  }
  update(yTrue: Tensor, yPred: Tensor | null = null, sampleWeight: Tensor | null = null): void {
    const p = ops.cast(needed(yPred, this.name), 'f32'), y = ops.cast(yTrue, 'f32'), { threshold, average } = this.params;
    this.build({ yTrue: y.shape, yPred: p.shape });
    const positive = threshold !== null ? ops.greater(p, threshold) : ops.logicalAnd(ops.greaterEqual(p, ops.max(p, -1, true)), ops.greater(ops.abs(p), 1e-9));
    const own = ops.cast(positive, 'f32'), weight = sampleWeight === null ? null : ops.reshape(ops.cast(sampleWeight, 'f32'), [-1, 1]);
    [ops.multiply(own, y), ops.multiply(own, ops.subtract(1, y)), ops.multiply(ops.subtract(1, own), y), y].forEach((value, i) => {
      const sum = this.sums[i];
      sum?.assign(ops.add(sum.value, ops.sum(weight === null ? value : ops.multiply(value, weight), average === 'micro' ? null : 0)));
    });
  }
  result(): Tensor {
    const [tp, fp, fn, seen] = this.sums.map((v) => v.value), { beta, average } = this.params, share = (a: Tensor, b: Tensor): Tensor => ops.divide(a, ops.add(b, EPSILON));
    if (tp === undefined || fp === undefined || fn === undefined || seen === undefined) return ops.zeros([]);
    const precision = share(tp, ops.add(tp, fp)), recall = share(tp, ops.add(tp, fn));
    const score = ops.multiply(share(ops.multiply(precision, recall), ops.add(ops.multiply(precision, beta ** 2), recall)), 1 + beta ** 2);
    if (average === 'weighted') return ops.sum(ops.multiply(score, share(seen, ops.sum(seen))));
    return average === null ? score : ops.mean(score);
  }
}
/** 2 · precision · recall / (precision + recall). */
export class F1Score extends FBetaScore {
  override readonly className = 'F1Score';
  constructor(options: F1ScoreOptions = {}) { super({ ...options, beta: 1 }, 'f1_score'); }
}
