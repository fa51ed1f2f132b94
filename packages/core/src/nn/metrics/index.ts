/** All metrics: classes, factories, the table by name, and the resolution of 'accuracy'. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { BatchShape } from '../layer.ts';
import * as f from '../losses/functions.ts';
import { booleanOf, numberOf, objectOf, Registry, stringOf, type Config, type JsonValue, type SerializedObject } from '../registry-table.ts';
import { Accuracy, BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy, SparseTopKCategoricalAccuracy, TopKCategoricalAccuracy } from './accuracy.ts';
import { FunctionMetric, Mean, MeanOf, Metric, Sum } from './metric.ts';

export { Accuracy, BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy, SparseTopKCategoricalAccuracy, TopKCategoricalAccuracy };
export { FunctionMetric, Mean, MeanOf, Metric, Sum };

/** Mean of (y - ŷ)². */
export class MeanSquaredError extends MeanOf {
  override readonly className: string = 'MeanSquaredError';
  constructor(name = 'mean_squared_error') { super(name); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return f.meanSquaredError(yTrue, yPred); }
}
/** Square root of the mean of (y - ŷ)² over everything seen. */
export class RootMeanSquaredError extends MeanSquaredError {
  override readonly className = 'RootMeanSquaredError';
  constructor(name = 'root_mean_squared_error') { super(name); }
  override result(): Tensor { return ops.sqrt(super.result()); }
}
/** Mean of |y - ŷ|. */
export class MeanAbsoluteError extends MeanOf {
  override readonly className = 'MeanAbsoluteError';
  constructor(name = 'mean_absolute_error') { super(name); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return f.meanAbsoluteError(yTrue, yPred); }
}
abstract class Entropy extends MeanOf {
  readonly fromLogits: boolean;
  constructor(name: string, fromLogits: boolean) { super(name); this.fromLogits = fromLogits; }
  override getConfig(): Config { return { ...super.getConfig(), fromLogits: this.fromLogits }; }
}
/** Mean binary cross-entropy. */
export class BinaryCrossentropy extends Entropy {
  override readonly className = 'BinaryCrossentropy';
  constructor(name = 'binary_crossentropy', fromLogits = false) { super(name, fromLogits); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return f.binaryCrossentropy(yTrue, yPred, this); }
}
/** Mean categorical cross-entropy. */
export class CategoricalCrossentropy extends Entropy {
  override readonly className = 'CategoricalCrossentropy';
  constructor(name = 'categorical_crossentropy', fromLogits = false) { super(name, fromLogits); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return f.categoricalCrossentropy(yTrue, yPred, this); }
}
/** Mean sparse categorical cross-entropy. */
export class SparseCategoricalCrossentropy extends Entropy {
  override readonly className = 'SparseCategoricalCrossentropy';
  constructor(name = 'sparse_categorical_crossentropy', fromLogits = false) { super(name, fromLogits); }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return f.sparseCategoricalCrossentropy(yTrue, yPred, this); }
}

type Make = (config: Config) => Metric;
const own = (c: Config): string | undefined => (typeof c['name'] === 'string' ? stringOf(c, 'name', '') : undefined);
const logits = (c: Config): boolean => booleanOf(c, 'fromLogits', false);
const TABLE = {
  accuracy: (c) => new Accuracy(own(c)),
  binaryAccuracy: (c) => new BinaryAccuracy(own(c), numberOf(c, 'threshold', 0.5)),
  categoricalAccuracy: (c) => new CategoricalAccuracy(own(c)),
  sparseCategoricalAccuracy: (c) => new SparseCategoricalAccuracy(own(c)),
  topKCategoricalAccuracy: (c) => new TopKCategoricalAccuracy(numberOf(c, 'k', 5), own(c)),
  sparseTopKCategoricalAccuracy: (c) => new SparseTopKCategoricalAccuracy(numberOf(c, 'k', 5), own(c)),
  mean: (c) => new Mean(own(c)),
  sum: (c) => new Sum(own(c)),
  meanSquaredError: (c) => new MeanSquaredError(own(c)),
  rootMeanSquaredError: (c) => new RootMeanSquaredError(own(c)),
  meanAbsoluteError: (c) => new MeanAbsoluteError(own(c)),
  binaryCrossentropy: (c) => new BinaryCrossentropy(own(c), logits(c)),
  categoricalCrossentropy: (c) => new CategoricalCrossentropy(own(c), logits(c)),
  sparseCategoricalCrossentropy: (c) => new SparseCategoricalCrossentropy(own(c), logits(c)),
} as const satisfies Record<string, Make>;

/** Name of a built-in metric; 'accuracy' and 'crossentropy' choose by the shapes of targets and predictions. */
export type MetricName = keyof typeof TABLE | 'acc' | 'mse' | 'mae' | 'rmse' | 'crossentropy';
/** A name, a metric, a saved one, or a function of targets and predictions giving one value per sample. */
export type MetricLike = MetricName | (string & {}) | Metric | SerializedObject | ((yTrue: Tensor, yPred: Tensor) => Tensor);
export const metricRegistry = /* @__PURE__ */ new Registry<Make>('metric', TABLE, { mse: 'meanSquaredError', mae: 'meanAbsoluteError', rmse: 'rootMeanSquaredError', acc: 'accuracy' });
export const registerMetric = (className: string, fromConfig: Make): void => metricRegistry.register(className, fromConfig);

/** What 'accuracy' and 'crossentropy' are resolved by: shapes with the batch. */
export interface MetricShapes { readonly yTrue: BatchShape; readonly yPred: BatchShape }
/** Keras's rule: one prediction per row is binary; targets of lower rank, or one column against several, are class numbers; else one-hot. */
export function targetKind({ yTrue, yPred }: MetricShapes): 'binary' | 'sparse' | 'categorical' {
  const last = yPred.at(-1) ?? 1;
  if (last === 1 || yPred.length < 2) return 'binary';
  return yTrue.length < yPred.length || yTrue.at(-1) === 1 ? 'sparse' : 'categorical';
}
const ACCURACY = { binary: BinaryAccuracy, sparse: SparseCategoricalAccuracy, categorical: CategoricalAccuracy } as const;
const ENTROPY = { binary: BinaryCrossentropy, sparse: SparseCategoricalCrossentropy, categorical: CategoricalCrossentropy } as const;

/** Throws NameError with the nearest name for an unknown one. With `shapes`, 'accuracy' and 'crossentropy' become the fitting metric under that name. */
export function getMetric(like: MetricLike, shapes?: MetricShapes): Metric {
  if (like instanceof Metric) return like;
  if (typeof like === 'function') return new FunctionMetric(like);
  if (typeof like === 'string') {
    if (shapes !== undefined && (like === 'accuracy' || like === 'acc')) return new ACCURACY[targetKind(shapes)](like);
    if (shapes !== undefined && (like === 'crossentropy' || like === 'ce')) return new ENTROPY[targetKind(shapes)](like);
    const made = metricRegistry.get(like)({});
    // a metric asked for by an alias is reported under it, as in Keras
    return like === 'mse' || like === 'mae' || like === 'rmse' ? metricRegistry.get(like)({ name: like }) : made;
  }
  const saved = objectOf(like as unknown as JsonValue);
  return metricRegistry.get(saved?.className ?? '')(saved?.config ?? {});
}
export const serializeMetric = (metric: Metric): JsonValue => ({ className: metric.className, config: metric.getConfig() });

/** Options of metrics. */
export interface MetricOptions { readonly name?: string }
// factories, as users write them
export const accuracy = (o: MetricOptions = {}): Accuracy => new Accuracy(o.name);
export const binaryAccuracy = (o: MetricOptions & { readonly threshold?: number } = {}): BinaryAccuracy => new BinaryAccuracy(o.name, o.threshold);
export const categoricalAccuracy = (o: MetricOptions = {}): CategoricalAccuracy => new CategoricalAccuracy(o.name);
export const sparseCategoricalAccuracy = (o: MetricOptions = {}): SparseCategoricalAccuracy => new SparseCategoricalAccuracy(o.name);
export const topKCategoricalAccuracy = (o: MetricOptions & { readonly k?: number } = {}): TopKCategoricalAccuracy => new TopKCategoricalAccuracy(o.k, o.name);
export const sparseTopKCategoricalAccuracy = (o: MetricOptions & { readonly k?: number } = {}): SparseTopKCategoricalAccuracy => new SparseTopKCategoricalAccuracy(o.k, o.name);
export const mean = (o: MetricOptions = {}): Mean => new Mean(o.name);
export const sum = (o: MetricOptions = {}): Sum => new Sum(o.name);
export const meanSquaredError = (o: MetricOptions = {}): MeanSquaredError => new MeanSquaredError(o.name);
export const rootMeanSquaredError = (o: MetricOptions = {}): RootMeanSquaredError => new RootMeanSquaredError(o.name);
export const meanAbsoluteError = (o: MetricOptions = {}): MeanAbsoluteError => new MeanAbsoluteError(o.name);
export const binaryCrossentropy = (o: MetricOptions & { readonly fromLogits?: boolean } = {}): BinaryCrossentropy => new BinaryCrossentropy(o.name, o.fromLogits);
export const categoricalCrossentropy = (o: MetricOptions & { readonly fromLogits?: boolean } = {}): CategoricalCrossentropy => new CategoricalCrossentropy(o.name, o.fromLogits);
export const sparseCategoricalCrossentropy = (o: MetricOptions & { readonly fromLogits?: boolean } = {}): SparseCategoricalCrossentropy => new SparseCategoricalCrossentropy(o.name, o.fromLogits);
