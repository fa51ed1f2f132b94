/** Losses of numbers and distributions: one value per sample. Formulas and defaults are Keras 3's. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { EPSILON } from '../epsilon.ts';
import type { Config } from '../registry-table.ts';
import { Loss, pair, type LossOptions } from './loss.ts';

/** 100 · mean of |y - ŷ| / max(|y|, 1e-7) over the last axis. */
export function meanAbsolutePercentageError(yTrue: Tensor, yPred: Tensor): Tensor {
  const [y, p] = pair(yTrue, yPred, 'meanAbsolutePercentageError');
  return ops.multiply(100, ops.mean(ops.abs(ops.divide(ops.subtract(y, p), ops.maximum(ops.abs(y), EPSILON))), -1));
}
/** Mean of (log(1 + y) - log(1 + ŷ))² over the last axis; numbers below 1e-7 count as 1e-7. */
export function meanSquaredLogarithmicError(yTrue: Tensor, yPred: Tensor): Tensor {
  const [y, p] = pair(yTrue, yPred, 'meanSquaredLogarithmicError'), log = (x: Tensor): Tensor => ops.log(ops.add(ops.maximum(x, EPSILON), 1));
  return ops.mean(ops.square(ops.subtract(log(p), log(y))), -1);
}
/** -cos of the angle between y and ŷ along `axis` (default: the last): -1 where they point the same way, 0 where one of them is 0. */
export function cosineSimilarity(yTrue: Tensor, yPred: Tensor, axis = -1): Tensor {
  const [y, p] = pair(yTrue, yPred, 'cosineSimilarity'), unit = (x: Tensor): Tensor => ops.multiply(x, ops.rsqrt(ops.maximum(ops.sum(ops.square(x), axis, true), 1e-24)));
  return ops.negative(ops.sum(ops.multiply(unit(y), unit(p)), axis));
}
/** Squared below an error of `delta`, linear above it: mean over the last axis (Huber 1964). */
export function huber(yTrue: Tensor, yPred: Tensor, delta = 1): Tensor {
  const [y, p] = pair(yTrue, yPred, 'huber'), error = ops.subtract(p, y), size = ops.abs(error);
  return ops.mean(ops.where(ops.lessEqual(size, delta), ops.multiply(0.5, ops.square(error)), ops.subtract(ops.multiply(delta, size), 0.5 * delta * delta)), -1);
}
/** Mean of log cosh(ŷ - y) over the last axis. */
export function logCosh(yTrue: Tensor, yPred: Tensor): Tensor {
  const [y, p] = pair(yTrue, yPred, 'logCosh'), x = ops.subtract(p, y);
  return ops.mean(ops.subtract(ops.add(x, ops.softplus(ops.multiply(x, -2))), Math.LN2), -1);
}
/** Σ y log(y / ŷ) over the last axis, both clipped to 1e-7..1. */
export function klDivergence(yTrue: Tensor, yPred: Tensor): Tensor {
  const [target, result] = pair(yTrue, yPred, 'klDivergence'), y = ops.clip(target, EPSILON, 1), p = ops.clip(result, EPSILON, 1);
  return ops.sum(ops.multiply(y, ops.log(ops.divide(y, p))), -1);
}
/** Mean of ŷ - y log(ŷ + 1e-7) over the last axis: counts with rate ŷ. */
export function poisson(yTrue: Tensor, yPred: Tensor): Tensor {
  const [y, p] = pair(yTrue, yPred, 'poisson');
  return ops.mean(ops.subtract(p, ops.multiply(y, ops.log(ops.add(p, EPSILON)))), -1);
}

/** Mean percentage of the error. */
export class MeanAbsolutePercentageError extends Loss {
  readonly className = 'MeanAbsolutePercentageError';
  constructor(options: LossOptions = {}) { super('mean_absolute_percentage_error', options); }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return meanAbsolutePercentageError(yTrue, yPred); }
}
/** Mean squared error of logarithms. */
export class MeanSquaredLogarithmicError extends Loss {
  readonly className = 'MeanSquaredLogarithmicError';
  constructor(options: LossOptions = {}) { super('mean_squared_logarithmic_error', options); }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return meanSquaredLogarithmicError(yTrue, yPred); }
}
/** Options of `cosineSimilarity`. */
export interface CosineSimilarityOptions extends LossOptions { /** Default -1. */ readonly axis?: number }
/** Minus the cosine of the angle between targets and predictions. */
export class CosineSimilarity extends Loss {
  readonly className = 'CosineSimilarity';
  readonly axis: number;
  constructor(options: CosineSimilarityOptions = {}) { super('cosine_similarity', options); this.axis = options.axis ?? -1; }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return cosineSimilarity(yTrue, yPred, this.axis); }
  override getConfig(): Config { return { ...super.getConfig(), axis: this.axis }; }
}
/** Options of `huber`. */
export interface HuberOptions extends LossOptions { /** The error from which the loss is linear. Default 1. */ readonly delta?: number }
/** Squared for small errors, linear for large ones. */
export class Huber extends Loss {
  readonly className = 'Huber';
  readonly delta: number;
  constructor(options: HuberOptions = {}) { super('huber_loss', options); this.delta = options.delta ?? 1; }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return huber(yTrue, yPred, this.delta); }
  override getConfig(): Config { return { ...super.getConfig(), delta: this.delta }; }
}
/** log cosh of the error. */
export class LogCosh extends Loss {
  readonly className = 'LogCosh';
  constructor(options: LossOptions = {}) { super('log_cosh', options); }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return logCosh(yTrue, yPred); }
}
/** Kullback-Leibler divergence of predictions from targets. */
export class KLDivergence extends Loss {
  readonly className = 'KLDivergence';
  constructor(options: LossOptions = {}) { super('kl_divergence', options); }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return klDivergence(yTrue, yPred); }
}
/** Poisson likelihood of counts, up to a constant. */
export class Poisson extends Loss {
  readonly className = 'Poisson';
  constructor(options: LossOptions = {}) { super('poisson', options); }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return poisson(yTrue, yPred); }
}
