/** All losses: classes, factories and the table by name. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { booleanOf, numberOf, objectOf, Registry, stringOf, type Config, type JsonValue, type SerializedObject } from '../registry-table.ts';
import * as f from './functions.ts';
import type { CrossentropyOptions, SparseCrossentropyOptions } from './functions.ts';
import { BinaryFocalCrossentropy, CategoricalFocalCrossentropy, CategoricalGeneralizedCrossEntropy, type BinaryFocalOptions, type FocalOptions, type GeneralizedOptions } from './focal.ts';
import { Circle, type CircleOptions } from './circle.ts';
import { CTC } from './ctc.ts';
import { CategoricalHinge, Hinge, SquaredHinge } from './hinge.ts';
import { FunctionLoss, Loss, type LossOptions, type Reduction } from './loss.ts';
import { LOSS_ALIASES, type LOSS_NAMES } from './names.ts';
import { Dice, Tversky, type DiceOptions, type OverlapAxis, type TverskyOptions } from './overlap.ts';
import {
  CosineSimilarity, Huber, KLDivergence, LogCosh, MeanAbsolutePercentageError, MeanSquaredLogarithmicError, Poisson, type CosineSimilarityOptions, type HuberOptions,
} from './regression.ts';

export { FunctionLoss, Loss, maskedWeight, reduceWeighted, sameRank } from './loss.ts';
export type { LossOptions, Reduction } from './loss.ts';
export type { CrossentropyOptions, SparseCrossentropyOptions } from './functions.ts';
export { BinaryFocalCrossentropy, CategoricalFocalCrossentropy, CategoricalGeneralizedCrossEntropy, CategoricalHinge, Circle, CosineSimilarity, CTC, Dice, Hinge, Huber, KLDivergence, LogCosh, MeanAbsolutePercentageError, MeanSquaredLogarithmicError, Poisson, SquaredHinge, Tversky };
export type { BinaryFocalOptions, CircleOptions, CosineSimilarityOptions, DiceOptions, FocalOptions, GeneralizedOptions, HuberOptions, OverlapAxis, TverskyOptions };
export { inBatchSoftmax, sampledSoftmax } from './sampled.ts';
export type { InBatchSoftmaxOptions, SampledSoftmaxOptions } from './sampled.ts';
export * as functions from './all.ts';

/** Mean of (y - ŷ)². */
export class MeanSquaredError extends Loss {
  readonly className = 'MeanSquaredError';
  constructor(options: LossOptions = {}) { super('mean_squared_error', options); }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return f.meanSquaredError(yTrue, yPred); }
}
/** Mean of |y - ŷ|. */
export class MeanAbsoluteError extends Loss {
  readonly className = 'MeanAbsoluteError';
  constructor(options: LossOptions = {}) { super('mean_absolute_error', options); }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return f.meanAbsoluteError(yTrue, yPred); }
}
/** Cross-entropy of yes-or-no targets with probabilities or logits. */
export class BinaryCrossentropy extends Loss {
  readonly className = 'BinaryCrossentropy';
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;
  readonly axis: number;
  constructor(options: LossOptions & CrossentropyOptions = {}) { super('binary_crossentropy', options); this.fromLogits = options.fromLogits ?? false; this.labelSmoothing = options.labelSmoothing ?? 0; this.axis = options.axis ?? -1; }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return f.binaryCrossentropy(yTrue, yPred, this); }
  override getConfig(): Config { return { ...super.getConfig(), fromLogits: this.fromLogits, labelSmoothing: this.labelSmoothing, axis: this.axis }; }
}
/** Cross-entropy of one-hot targets. */
export class CategoricalCrossentropy extends Loss {
  readonly className = 'CategoricalCrossentropy';
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;
  readonly axis: number;
  constructor(options: LossOptions & CrossentropyOptions = {}) { super('categorical_crossentropy', options); this.fromLogits = options.fromLogits ?? false; this.labelSmoothing = options.labelSmoothing ?? 0; this.axis = options.axis ?? -1; }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return f.categoricalCrossentropy(yTrue, yPred, this); }
  override getConfig(): Config { return { ...super.getConfig(), fromLogits: this.fromLogits, labelSmoothing: this.labelSmoothing, axis: this.axis }; }
}
/** Cross-entropy of class numbers. */
export class SparseCategoricalCrossentropy extends Loss {
  readonly className = 'SparseCategoricalCrossentropy';
  readonly fromLogits: boolean;
  readonly ignoreClass: number | null;
  readonly axis: number;
  constructor(options: LossOptions & SparseCrossentropyOptions = {}) { super('sparse_categorical_crossentropy', options); this.fromLogits = options.fromLogits ?? false; this.ignoreClass = options.ignoreClass ?? null; this.axis = options.axis ?? -1; }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return f.sparseCategoricalCrossentropy(yTrue, yPred, this); }
  protected override counts(yTrue: Tensor, values: Tensor): Tensor | null {
    if (this.ignoreClass === null) return null;
    return ops.notEqual(ops.cast(f.classNumbers(yTrue, values.rank + 1, this.axis), 'i32'), this.ignoreClass);
  }
  override getConfig(): Config { return { ...super.getConfig(), fromLogits: this.fromLogits, ignoreClass: this.ignoreClass, axis: this.axis }; }
}

type Make = (config: Config) => Loss;
const common = (c: Config): LossOptions => ({ ...(typeof c['name'] === 'string' ? { name: c['name'] } : {}), reduction: stringOf(c, 'reduction', 'sumOverBatchSize') as Reduction });
const entropy = (c: Config): LossOptions & CrossentropyOptions => ({ ...common(c), fromLogits: booleanOf(c, 'fromLogits', false), labelSmoothing: numberOf(c, 'labelSmoothing', 0), axis: numberOf(c, 'axis', -1) });
const focal = (c: Config): LossOptions & BinaryFocalOptions => ({ ...entropy(c), alpha: numberOf(c, 'alpha', 0.25), gamma: numberOf(c, 'gamma', 2) });
const focalOfClasses = (c: Config): LossOptions & FocalOptions => (Array.isArray(c['alpha']) ? { ...focal({ ...c, alpha: null }), alpha: c['alpha'] as number[] } : focal(c));
const overlap = (c: Config): DiceOptions => ({ ...common(c), axis: (c['axis'] ?? null) as OverlapAxis });
const TABLE = {
  binaryCrossentropy: (c) => new BinaryCrossentropy(entropy(c)),
  binaryFocalCrossentropy: (c) => new BinaryFocalCrossentropy({ ...focal(c), applyClassBalancing: booleanOf(c, 'applyClassBalancing', false) }),
  categoricalCrossentropy: (c) => new CategoricalCrossentropy(entropy(c)),
  categoricalFocalCrossentropy: (c) => new CategoricalFocalCrossentropy(focalOfClasses(c)),
  categoricalGeneralizedCrossEntropy: (c) => new CategoricalGeneralizedCrossEntropy({ ...common(c), q: numberOf(c, 'q', 0.5) }),
  categoricalHinge: (c) => new CategoricalHinge(common(c)),
  circle: (c) => new Circle({ ...common(c), gamma: numberOf(c, 'gamma', 80), margin: numberOf(c, 'margin', 0.4), removeDiagonal: booleanOf(c, 'removeDiagonal', true) }),
  cosineSimilarity: (c) => new CosineSimilarity({ ...common(c), axis: numberOf(c, 'axis', -1) }),
  ctc: (c) => new CTC(common(c)),
  dice: (c) => new Dice(overlap(c)),
  hinge: (c) => new Hinge(common(c)),
  huber: (c) => new Huber({ ...common(c), delta: numberOf(c, 'delta', 1) }),
  klDivergence: (c) => new KLDivergence(common(c)),
  logCosh: (c) => new LogCosh(common(c)),
  meanAbsoluteError: (c) => new MeanAbsoluteError(common(c)),
  meanAbsolutePercentageError: (c) => new MeanAbsolutePercentageError(common(c)),
  meanSquaredError: (c) => new MeanSquaredError(common(c)),
  meanSquaredLogarithmicError: (c) => new MeanSquaredLogarithmicError(common(c)),
  poisson: (c) => new Poisson(common(c)),
  sparseCategoricalCrossentropy: (c) => new SparseCategoricalCrossentropy({ ...common(c), fromLogits: booleanOf(c, 'fromLogits', false), ignoreClass: typeof c['ignoreClass'] === 'number' ? c['ignoreClass'] : null, axis: numberOf(c, 'axis', -1) }),
  squaredHinge: (c) => new SquaredHinge(common(c)),
  tversky: (c) => new Tversky({ ...overlap(c), alpha: numberOf(c, 'alpha', 0.5), beta: numberOf(c, 'beta', 0.5) }),
} as const satisfies Record<(typeof LOSS_NAMES)[number], Make>;

/** Name of a built-in loss. */
export type LossName = (typeof LOSS_NAMES)[number] | keyof typeof LOSS_ALIASES;
/** A name, a loss, a saved one, or any function giving one value per sample. */
export type LossLike = LossName | (string & {}) | Loss | SerializedObject | ((yTrue: Tensor, yPred: Tensor) => Tensor);
export const lossRegistry = /* @__PURE__ */ new Registry<Make>('loss', TABLE, LOSS_ALIASES);
export const registerLoss = (className: string, fromConfig: Make): void => lossRegistry.register(className, fromConfig);
/** Throws NameError with the nearest name for an unknown one. */
export function getLoss(like: LossLike): Loss {
  if (like instanceof Loss) return like;
  if (typeof like === 'function') return new FunctionLoss(like);
  if (typeof like === 'string') return lossRegistry.get(like)({});
  const saved = objectOf(like as unknown as JsonValue);
  return lossRegistry.get(saved?.className ?? '')(saved?.config ?? {});
}
export const serializeLoss = (loss: Loss): JsonValue => ({ className: loss.className, config: loss.getConfig() });

// factories, as users write them
export const meanSquaredError = (options: LossOptions = {}): MeanSquaredError => new MeanSquaredError(options);
export const meanAbsoluteError = (options: LossOptions = {}): MeanAbsoluteError => new MeanAbsoluteError(options);
export const binaryCrossentropy = (options: LossOptions & CrossentropyOptions = {}): BinaryCrossentropy => new BinaryCrossentropy(options);
export const categoricalCrossentropy = (options: LossOptions & CrossentropyOptions = {}): CategoricalCrossentropy => new CategoricalCrossentropy(options);
export const sparseCategoricalCrossentropy = (options: LossOptions & SparseCrossentropyOptions = {}): SparseCategoricalCrossentropy => new SparseCategoricalCrossentropy(options);
export const binaryFocalCrossentropy = (options: LossOptions & BinaryFocalOptions = {}): BinaryFocalCrossentropy => new BinaryFocalCrossentropy(options);
export const categoricalFocalCrossentropy = (options: LossOptions & FocalOptions = {}): CategoricalFocalCrossentropy => new CategoricalFocalCrossentropy(options);
export const categoricalGeneralizedCrossEntropy = (options: GeneralizedOptions = {}): CategoricalGeneralizedCrossEntropy => new CategoricalGeneralizedCrossEntropy(options);
export const categoricalHinge = (options: LossOptions = {}): CategoricalHinge => new CategoricalHinge(options);
export const circle = (options: LossOptions & CircleOptions = {}): Circle => new Circle(options);
export const cosineSimilarity = (options: CosineSimilarityOptions = {}): CosineSimilarity => new CosineSimilarity(options);
export const ctc = (options: LossOptions = {}): CTC => new CTC(options);
export const dice = (options: DiceOptions = {}): Dice => new Dice(options);
export const hinge = (options: LossOptions = {}): Hinge => new Hinge(options);
export const huber = (options: HuberOptions = {}): Huber => new Huber(options);
export const klDivergence = (options: LossOptions = {}): KLDivergence => new KLDivergence(options);
export const logCosh = (options: LossOptions = {}): LogCosh => new LogCosh(options);
export const meanAbsolutePercentageError = (options: LossOptions = {}): MeanAbsolutePercentageError => new MeanAbsolutePercentageError(options);
export const meanSquaredLogarithmicError = (options: LossOptions = {}): MeanSquaredLogarithmicError => new MeanSquaredLogarithmicError(options);
export const poisson = (options: LossOptions = {}): Poisson => new Poisson(options);
export const squaredHinge = (options: LossOptions = {}): SquaredHinge => new SquaredHinge(options);
export const tversky = (options: TverskyOptions = {}): Tversky => new Tversky(options);
