/** R2Score: how much of the variance is explained. */
import { ShapeError, ValueError } from '../../base/errors.ts';
import { showShape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { sameRank } from '../losses/loss.ts';
import { Metric, needed, type MetricOptions, type MetricShapes } from './metric.ts';

/** Options of `r2Score`. */
export interface R2ScoreOptions extends MetricOptions {
  /** Outputs to one number: their mean, their mean by variance, or none (one number each). Default uniformAverage. */
  readonly classAggregation?: 'uniformAverage' | 'varianceWeightedAverage' | 'none';
  /** Number of inputs of the model, for the adjusted score; 0: not adjusted. Default 0. */
  readonly numRegressors?: number;
}
type Params = Required<Omit<R2ScoreOptions, 'name'>>;
/** 1 - Σ (y - ŷ)² / Σ (y - mean y)²; targets and predictions are [batch, outputs]. A constant target scores 0. */
export class R2Score extends Metric<Params> {
  readonly className = 'R2Score';
  private readonly samples: Variable;
  private sums: readonly Variable[] = [];
  constructor(options: R2ScoreOptions = {}) {
    super('r2_score', options, { classAggregation: 'uniformAverage', numRegressors: 0 });
    const { classAggregation, numRegressors } = this.params;
    if (!['uniformAverage', 'varianceWeightedAverage', 'none'].includes(classAggregation)) throw new ValueError(`Metric '${this.name}': unknown classAggregation '${classAggregation}'; known: uniformAverage, varianceWeightedAverage, none.`);
    if (!(numRegressors >= 0)) throw new ValueError(`Metric '${this.name}': numRegressors ${numRegressors} must be at least 0.`);
    this.samples = this.addVariable('num_samples');
  }
  override build({ yPred }: MetricShapes): void {
    if (this.sums.length > 0) return;
    const outputs = yPred.at(-1) ?? null;
    if (yPred.length !== 2 || outputs === null) throw new ShapeError(`Metric '${this.name}' takes targets and predictions [batch, outputs], got predictions ${showShape(yPred)}.`);
    this.sums = ['squared_sum', 'sum', 'residual', 'count'].map((name) => this.addVariable(name, [outputs]));
  }
  update(yTrue: Tensor, yPred: Tensor | null = null, sampleWeight: Tensor | null = null): void {
    const [y, p] = sameRank(ops.cast(yTrue, 'f32'), ops.cast(needed(yPred, this.name), 'f32'));
    this.build({ yTrue: y.shape, yPred: p.shape });
    const given: Tensor = sampleWeight === null ? ops.ones([1, 1]) : ops.cast(sampleWeight, 'f32'), weight = ops.broadcastTo(given.rank === 1 ? ops.expandDims(given, 1) : given, y.shape);
    [ops.square(y), y, ops.square(ops.subtract(y, p))].forEach((value, i) => { const sum = this.sums[i]; sum?.assign(ops.add(sum.value, ops.sum(ops.multiply(value, weight), 0))); });
    const count = this.sums[3];
    count?.assign(ops.add(count.value, ops.sum(weight, 0)));
    this.samples.assign(ops.add(this.samples.value, y.size));
  }
  result(): Tensor {
    const [squares, sum, residual, count] = this.sums.map((v) => v.value), { classAggregation, numRegressors } = this.params;
    if (squares === undefined || sum === undefined || residual === undefined || count === undefined) return ops.zeros([]);
    const total = ops.subtract(squares, ops.multiply(sum, ops.divide(sum, count))), raw = ops.subtract(1, ops.divide(residual, total)), scores = ops.where(ops.isInf(raw), 0, raw);
    const score = classAggregation === 'uniformAverage' ? ops.mean(scores) : classAggregation === 'none' ? scores : ops.divide(ops.sum(ops.multiply(total, scores)), ops.sum(total));
    if (numRegressors === 0) return score;
    // too few samples: not adjusted, as in Keras
    const n = this.samples.value, free = ops.subtract(n, numRegressors + 1), few = ops.lessEqual(free, 0);
    return ops.where(few, score, ops.subtract(1, ops.divide(ops.multiply(ops.subtract(1, score), ops.subtract(n, 1)), ops.where(few, 1, free))));
  }
}
