/** Cross-entropies that weigh samples: focal losses (Lin et al. 2018) and the generalized one (Zhang and Sabuncu 2018). Formulas are Keras 3's. */
import { ShapeError, ValueError } from '../../base/errors.ts';
import { at, showShape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../tensor/tensor.ts';
import type { Config } from '../registry-table.ts';
import { axisLast, clipped, smooth, type CrossentropyOptions } from './functions.ts';
import { Loss, pair, type LossOptions } from './loss.ts';

/** Options of focal losses. */
export interface FocalOptions extends CrossentropyOptions {
  /** Weight of class 1 (binary, with `applyClassBalancing`) or of all classes; categorical: or a list with the weight of each class. Default 0.25. */
  readonly alpha?: number | readonly number[];
  /** How far easy samples are weighed down; 0: not at all. Default 2. */
  readonly gamma?: number;
}
/** Options of `binaryFocalCrossentropy`. */
export interface BinaryFocalOptions extends FocalOptions { readonly alpha?: number; /** Weigh class 1 by alpha and class 0 by 1 - alpha. Default false. */ readonly applyClassBalancing?: boolean }
const both = (y: Tensor, yes: Tensor | number, no: Tensor | number): Tensor => ops.add(ops.multiply(y, yes), ops.multiply(ops.subtract(1, y), no));

/** Binary cross-entropy times (1 - p of the true class)^γ, mean over `axis`. */
export function binaryFocalCrossentropy(yTrue: Tensor, yPred: Tensor, options: BinaryFocalOptions = {}): Tensor {
  const [target, output] = pair(yTrue, yPred, 'binaryFocalCrossentropy'), y = smooth(target, options.labelSmoothing ?? 0, 0.5);
  const p: Tensor = options.fromLogits === true ? ops.sigmoid(output) : output, safe = clipped(p), { alpha = 0.25, gamma = 2 } = options;
  const entropy = ops.negative(both(y, ops.log(safe), ops.log(ops.subtract(1, safe))));
  const focal = ops.multiply(ops.power(ops.subtract(1, both(y, p, ops.subtract(1, p))), gamma), entropy);
  return ops.mean(options.applyClassBalancing === true ? ops.multiply(both(y, alpha, 1 - alpha), focal) : focal, options.axis ?? -1);
}
/** -Σ α (1 - p)^γ y log p over `axis`. */
export function categoricalFocalCrossentropy(yTrue: Tensor, yPred: Tensor, options: FocalOptions = {}): Tensor {
  const [target, output] = pair(yTrue, yPred, 'categoricalFocalCrossentropy').map((t) => axisLast(t, options.axis)) as [Tensor, Tensor], classes = at(target.shape, -1);
  const { alpha = 0.25, gamma = 2 } = options, y = smooth(target, options.labelSmoothing ?? 0, 1 / classes);
  if (typeof alpha !== 'number' && alpha.length !== classes) throw new ShapeError(`categoricalFocalCrossentropy: alpha has ${alpha.length} weights for ${classes} classes; give one number, or one for each class.`);
  const raw: Tensor = options.fromLogits === true ? ops.softmax(output) : output, p = clipped(ops.divide(raw, ops.sum(raw, -1, true)));
  const weight = ops.multiply(ops.power(ops.subtract(1, p), gamma), typeof alpha === 'number' ? alpha : tensor([...alpha], undefined, p.dtype));
  return ops.negative(ops.sum(ops.multiply(weight, ops.multiply(y, ops.log(p))), -1));
}
/** (1 - p[y]^q) / q; y are class numbers. Between cross-entropy (q → 0) and mean absolute error (q = 1): robust against wrong labels. */
export function categoricalGeneralizedCrossEntropy(yTrue: Tensor, yPred: Tensor, q = 0.5): Tensor {
  const target = yTrue.rank === yPred.rank && at(yTrue.shape, -1) === 1 ? ops.squeeze(yTrue, -1) : yTrue;
  if (showShape(target.shape) !== showShape(yPred.shape.slice(0, -1))) {
    throw new ShapeError(`categoricalGeneralizedCrossEntropy: targets of shape ${showShape(yTrue.shape)} must be ${showShape(yPred.shape.slice(0, -1))} class numbers for predictions ${showShape(yPred.shape)}.`);
  }
  const p = ops.sum(ops.where(ops.oneHot(ops.cast(target, 'i32'), at(yPred.shape, -1), -1, 'bool'), yPred, 0), -1);
  return ops.divide(ops.subtract(1, ops.power(p, q)), q);
}

const listOf = (alpha: number | readonly number[]): number | number[] => (typeof alpha === 'number' ? alpha : [...alpha]);
abstract class Focal<A extends number | readonly number[]> extends Loss implements Required<FocalOptions> {
  readonly alpha: A | number;
  readonly gamma: number;
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;
  readonly axis: number;
  constructor(name: string, options: LossOptions & FocalOptions & { readonly alpha?: A | number }) {
    super(name, options);
    this.alpha = options.alpha ?? 0.25; this.gamma = options.gamma ?? 2; this.fromLogits = options.fromLogits ?? false; this.labelSmoothing = options.labelSmoothing ?? 0; this.axis = options.axis ?? -1;
  }
  override getConfig(): Config {
    return { ...super.getConfig(), alpha: listOf(this.alpha), gamma: this.gamma, fromLogits: this.fromLogits, labelSmoothing: this.labelSmoothing, axis: this.axis };
  }
}
/** Binary cross-entropy that weighs easy samples down. */
export class BinaryFocalCrossentropy extends Focal<number> {
  readonly className = 'BinaryFocalCrossentropy';
  readonly applyClassBalancing: boolean;
  constructor(options: LossOptions & BinaryFocalOptions = {}) { super('binary_focal_crossentropy', options); this.applyClassBalancing = options.applyClassBalancing ?? false; }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return binaryFocalCrossentropy(yTrue, yPred, this); }
  override getConfig(): Config { return { ...super.getConfig(), applyClassBalancing: this.applyClassBalancing }; }
}
/** Categorical cross-entropy that weighs easy samples down. */
export class CategoricalFocalCrossentropy extends Focal<readonly number[]> {
  readonly className = 'CategoricalFocalCrossentropy';
  constructor(options: LossOptions & FocalOptions = {}) { super('categorical_focal_crossentropy', options); }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return categoricalFocalCrossentropy(yTrue, yPred, this); }
}
/** Options of `categoricalGeneralizedCrossEntropy`. */
export interface GeneralizedOptions extends LossOptions { /** Within 0 and 1. Default 0.5. */ readonly q?: number }
/** Cross-entropy of class numbers that stands wrong labels. */
export class CategoricalGeneralizedCrossEntropy extends Loss {
  readonly className = 'CategoricalGeneralizedCrossEntropy';
  readonly q: number;
  constructor(options: GeneralizedOptions = {}) {
    super('categorical_generalized_cross_entropy', options);
    this.q = options.q ?? 0.5;
    if (!(this.q > 0 && this.q < 1)) throw new ValueError(`CategoricalGeneralizedCrossEntropy: q ${this.q} must be between 0 and 1.`);
  }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return categoricalGeneralizedCrossEntropy(yTrue, yPred, this.q); }
  override getConfig(): Config { return { ...super.getConfig(), q: this.q }; }
}
