/** All losses: classes, factories and the table by name. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { booleanOf, numberOf, objectOf, Registry, stringOf, type Config, type JsonValue, type SerializedObject } from '../registry-table.ts';
import * as f from './functions.ts';
import type { CrossentropyOptions, SparseCrossentropyOptions } from './functions.ts';
import { FunctionLoss, Loss, type LossOptions, type Reduction } from './loss.ts';

export { FunctionLoss, Loss, maskedWeight, reduceWeighted, sameRank } from './loss.ts';
export type { LossOptions, Reduction } from './loss.ts';
export type { CrossentropyOptions, SparseCrossentropyOptions } from './functions.ts';
export * as functions from './functions.ts';

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
  constructor(options: LossOptions & CrossentropyOptions = {}) { super('binary_crossentropy', options); this.fromLogits = options.fromLogits ?? false; this.labelSmoothing = options.labelSmoothing ?? 0; }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return f.binaryCrossentropy(yTrue, yPred, this); }
  override getConfig(): Config { return { ...super.getConfig(), fromLogits: this.fromLogits, labelSmoothing: this.labelSmoothing }; }
}
/** Cross-entropy of one-hot targets. */
export class CategoricalCrossentropy extends Loss {
  readonly className = 'CategoricalCrossentropy';
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;
  constructor(options: LossOptions & CrossentropyOptions = {}) { super('categorical_crossentropy', options); this.fromLogits = options.fromLogits ?? false; this.labelSmoothing = options.labelSmoothing ?? 0; }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return f.categoricalCrossentropy(yTrue, yPred, this); }
  override getConfig(): Config { return { ...super.getConfig(), fromLogits: this.fromLogits, labelSmoothing: this.labelSmoothing }; }
}
/** Cross-entropy of class numbers. */
export class SparseCategoricalCrossentropy extends Loss {
  readonly className = 'SparseCategoricalCrossentropy';
  readonly fromLogits: boolean;
  readonly ignoreClass: number | null;
  constructor(options: LossOptions & SparseCrossentropyOptions = {}) { super('sparse_categorical_crossentropy', options); this.fromLogits = options.fromLogits ?? false; this.ignoreClass = options.ignoreClass ?? null; }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return f.sparseCategoricalCrossentropy(yTrue, yPred, this); }
  protected override counts(yTrue: Tensor, yPred: Tensor): Tensor | null {
    if (this.ignoreClass === null) return null;
    const labels = yTrue.rank === yPred.rank ? ops.squeeze(yTrue, -1) : yTrue;
    return ops.notEqual(ops.cast(labels, 'i32'), this.ignoreClass);
  }
  override getConfig(): Config { return { ...super.getConfig(), fromLogits: this.fromLogits, ignoreClass: this.ignoreClass }; }
}

type Make = (config: Config) => Loss;
const common = (c: Config): LossOptions => ({ ...(typeof c['name'] === 'string' ? { name: c['name'] } : {}), reduction: stringOf(c, 'reduction', 'sumOverBatchSize') as Reduction });
const entropy = (c: Config): LossOptions & CrossentropyOptions => ({ ...common(c), fromLogits: booleanOf(c, 'fromLogits', false), labelSmoothing: numberOf(c, 'labelSmoothing', 0) });
const TABLE = {
  meanSquaredError: (c) => new MeanSquaredError(common(c)),
  meanAbsoluteError: (c) => new MeanAbsoluteError(common(c)),
  binaryCrossentropy: (c) => new BinaryCrossentropy(entropy(c)),
  categoricalCrossentropy: (c) => new CategoricalCrossentropy(entropy(c)),
  sparseCategoricalCrossentropy: (c) => new SparseCategoricalCrossentropy({ ...common(c), fromLogits: booleanOf(c, 'fromLogits', false), ignoreClass: typeof c['ignoreClass'] === 'number' ? c['ignoreClass'] : null }),
} as const satisfies Record<string, Make>;

/** Name of a built-in loss. */
export type LossName = keyof typeof TABLE | 'mse' | 'mae';
/** A name, a loss, a saved one, or any function giving one value per sample. */
export type LossLike = LossName | (string & {}) | Loss | SerializedObject | ((yTrue: Tensor, yPred: Tensor) => Tensor);
export const lossRegistry = /* @__PURE__ */ new Registry<Make>('loss', TABLE, { mse: 'meanSquaredError', mae: 'meanAbsoluteError', bce: 'binaryCrossentropy' });
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
