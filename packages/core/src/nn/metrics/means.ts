/** Means of losses, and of other functions of targets and predictions. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import * as f from '../losses/all.ts';
import { pair } from '../losses/loss.ts';
import { EPSILON } from '../epsilon.ts';
import { MeanOf, type MetricOptions } from './metric.ts';

/** Options of metrics along an axis. */
export interface AxisOptions extends MetricOptions { /** Default -1. */ readonly axis?: number }
/** Options of the cross-entropies. */
export interface EntropyOptions extends MetricOptions {
  /** Predictions are logits, not probabilities. Default false. */
  readonly fromLogits?: boolean;
  /** 0 to 1: how far targets are drawn toward uniform. Default 0. */
  readonly labelSmoothing?: number;
}
type Entropy = { readonly fromLogits: boolean; readonly labelSmoothing: number };
type Axis = { readonly axis: number };

/** Mean of how far the best wrong class comes within 1 of the right one. */
export class CategoricalHinge extends MeanOf {
  override readonly className = 'CategoricalHinge';
  constructor(options: MetricOptions = {}) { super(options, 'categorical_hinge'); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return f.categoricalHinge(yTrue, yPred); }
}
/** Mean of max(1 - y ŷ, 0). */
export class Hinge extends MeanOf {
  override readonly className = 'Hinge';
  constructor(options: MetricOptions = {}) { super(options, 'hinge'); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return f.hinge(yTrue, yPred); }
}
/** Mean Kullback-Leibler divergence. */
export class KLDivergence extends MeanOf {
  override readonly className = 'KLDivergence';
  constructor(options: MetricOptions = {}) { super(options, 'kl_divergence'); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return f.klDivergence(yTrue, yPred); }
}
/** Mean of log cosh(ŷ - y). */
export class LogCoshError extends MeanOf {
  override readonly className = 'LogCoshError';
  constructor(options: MetricOptions = {}) { super(options, 'logcosh'); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return f.logCosh(yTrue, yPred); }
}
/** Mean of |y - ŷ|. */
export class MeanAbsoluteError extends MeanOf {
  override readonly className = 'MeanAbsoluteError';
  constructor(options: MetricOptions = {}) { super(options, 'mean_absolute_error'); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return f.meanAbsoluteError(yTrue, yPred); }
}
/** Mean of |y - ŷ| / |y|, in per cent. */
export class MeanAbsolutePercentageError extends MeanOf {
  override readonly className = 'MeanAbsolutePercentageError';
  constructor(options: MetricOptions = {}) { super(options, 'mean_absolute_percentage_error'); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return f.meanAbsolutePercentageError(yTrue, yPred); }
}
/** Mean of (y - ŷ)². */
export class MeanSquaredError extends MeanOf {
  override readonly className: string = 'MeanSquaredError';
  constructor(options: MetricOptions = {}, name = 'mean_squared_error') { super(options, name); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return f.meanSquaredError(yTrue, yPred); }
}
/** Mean of (log(1 + y) - log(1 + ŷ))². */
export class MeanSquaredLogarithmicError extends MeanOf {
  override readonly className = 'MeanSquaredLogarithmicError';
  constructor(options: MetricOptions = {}) { super(options, 'mean_squared_logarithmic_error'); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return f.meanSquaredLogarithmicError(yTrue, yPred); }
}
/** Mean of ŷ - y log ŷ. */
export class Poisson extends MeanOf {
  override readonly className = 'Poisson';
  constructor(options: MetricOptions = {}) { super(options, 'poisson'); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return f.poisson(yTrue, yPred); }
}
/** Mean of max(1 - y ŷ, 0)². */
export class SquaredHinge extends MeanOf {
  override readonly className = 'SquaredHinge';
  constructor(options: MetricOptions = {}) { super(options, 'squared_hinge'); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return f.squaredHinge(yTrue, yPred); }
}
/** Square root of the mean of (y - ŷ)² over everything seen. */
export class RootMeanSquaredError extends MeanSquaredError {
  override readonly className = 'RootMeanSquaredError';
  constructor(options: MetricOptions = {}) { super(options, 'root_mean_squared_error'); }
  override result(): Tensor { return ops.sqrt(super.result()); }
}
/** Mean binary cross-entropy. */
export class BinaryCrossentropy extends MeanOf<Entropy> {
  override readonly className = 'BinaryCrossentropy';
  constructor(options: EntropyOptions = {}) { super(options, 'binary_crossentropy', { fromLogits: false, labelSmoothing: 0 }); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return f.binaryCrossentropy(yTrue, yPred, this.params); }
}
/** Mean categorical cross-entropy. */
export class CategoricalCrossentropy extends MeanOf<Entropy> {
  override readonly className = 'CategoricalCrossentropy';
  constructor(options: EntropyOptions = {}) { super(options, 'categorical_crossentropy', { fromLogits: false, labelSmoothing: 0 }); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return f.categoricalCrossentropy(yTrue, yPred, this.params); }
}
/** Mean sparse categorical cross-entropy. */
export class SparseCategoricalCrossentropy extends MeanOf<{ readonly fromLogits: boolean }> {
  override readonly className = 'SparseCategoricalCrossentropy';
  constructor(options: MetricOptions & { readonly fromLogits?: boolean } = {}) { super(options, 'sparse_categorical_crossentropy', { fromLogits: false }); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return f.sparseCategoricalCrossentropy(yTrue, yPred, this.params); }
}
/** Mean cosine of the angle between y and ŷ along `axis`: 1 where they point the same way. */
export class CosineSimilarity extends MeanOf<Axis> {
  override readonly className = 'CosineSimilarity';
  constructor(options: AxisOptions = {}) { super(options, 'cosine_similarity', { axis: -1 }); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return ops.negative(f.cosineSimilarity(yTrue, yPred, this.params.axis)); }
}
abstract class Correlation extends MeanOf<Axis> {
  override values(yTrue: Tensor, yPred: Tensor): Tensor {
    const { axis } = this.params, [y, p] = pair(yTrue, yPred, this.className), mean = (x: Tensor): Tensor => ops.mean(x, axis, true);
    return ops.mean(this.products(ops.subtract(y, mean(y)), ops.subtract(p, mean(p)), ops.subtract(mean(y), mean(p)), mean), axis);
  }
  /** From deviations of both from their means, and the difference of the means: what is averaged. */
  protected abstract products(y: Tensor, p: Tensor, shift: Tensor, mean: (x: Tensor) => Tensor): Tensor;
}
/** Mean of Pearson's correlation of y and ŷ along `axis`: NaN where one of them is constant. */
export class PearsonCorrelation extends Correlation {
  override readonly className = 'PearsonCorrelation';
  constructor(options: AxisOptions = {}) { super(options, 'pearson_correlation', { axis: -1 }); }
  protected override products(y: Tensor, p: Tensor, _shift: Tensor, mean: (x: Tensor) => Tensor): Tensor {
    return ops.multiply(ops.divide(y, ops.sqrt(mean(ops.square(y)))), ops.divide(p, ops.sqrt(mean(ops.square(p)))));
  }
}
/** Mean of the concordance correlation of y and ŷ along `axis` (Lin 1989): Pearson's, lowered by differences of mean and scale. */
export class ConcordanceCorrelation extends Correlation {
  override readonly className = 'ConcordanceCorrelation';
  constructor(options: AxisOptions = {}) { super(options, 'concordance_correlation', { axis: -1 }); }
  protected override products(y: Tensor, p: Tensor, shift: Tensor, mean: (x: Tensor) => Tensor): Tensor {
    return ops.divide(ops.multiply(ops.multiply(y, p), 2), ops.add(ops.add(ops.add(mean(ops.square(y)), mean(ops.square(p))), ops.square(shift)), EPSILON));
  }
}
