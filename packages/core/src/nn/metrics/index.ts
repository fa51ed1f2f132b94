/** All metrics: classes, factories, the table by name, and the resolution of 'accuracy'. */
import type { Tensor } from '../../tensor/tensor.ts';
import { numberOf, numbersOf, objectOf, Registry, type Config, type JsonValue, type SerializedObject } from '../registry-table.ts';
import { Accuracy, BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy, SparseTopKCategoricalAccuracy, TopKCategoricalAccuracy, type BinaryAccuracyOptions, type TopKOptions } from './accuracy.ts';
import { AUC, type AUCOptions } from './auc.ts';
import { FalseNegatives, FalsePositives, TrueNegatives, TruePositives, type CountOptions } from './counts.ts';
import { F1Score, FBetaScore, type F1ScoreOptions, type FBetaScoreOptions } from './fScore.ts';
import { BinaryIoU, IoU, MeanIoU, OneHotIoU, OneHotMeanIoU, type BinaryIoUOptions, type MeanIoUOptions, type OneHotIoUOptions } from './iou.ts';
import { BinaryCrossentropy, CategoricalCrossentropy, CategoricalHinge, ConcordanceCorrelation, CosineSimilarity, Hinge, KLDivergence, LogCoshError, MeanAbsoluteError, MeanAbsolutePercentageError, MeanSquaredError, MeanSquaredLogarithmicError, PearsonCorrelation, Poisson, RootMeanSquaredError, SparseCategoricalCrossentropy, SquaredHinge, type AxisOptions, type EntropyOptions } from './means.ts';
import { FunctionMetric, Mean, MeanOf, Metric, Sum, type MetricOptions, type MetricShapes } from './metric.ts';
import { PrecisionAtRecall, RecallAtPrecision, SensitivityAtSpecificity, SpecificityAtSensitivity, type OperatingPointOptions } from './operatingPoint.ts';
import { Precision, Recall, type PrecisionOptions } from './precisionRecall.ts';
import { R2Score, type R2ScoreOptions } from './r2Score.ts';
import { METRIC_ALIASES, type METRIC_NAMES } from './names.ts';

export {
  AUC, Accuracy, BinaryAccuracy, BinaryCrossentropy, BinaryIoU, CategoricalAccuracy, CategoricalCrossentropy, CategoricalHinge, ConcordanceCorrelation,
  CosineSimilarity, F1Score, FBetaScore, FalseNegatives, FalsePositives, FunctionMetric, Hinge, IoU, KLDivergence, LogCoshError, Mean, MeanAbsoluteError,
  MeanAbsolutePercentageError, MeanIoU, MeanOf, MeanSquaredError, MeanSquaredLogarithmicError, Metric, OneHotIoU, OneHotMeanIoU, PearsonCorrelation, Poisson,
  Precision, PrecisionAtRecall, R2Score, Recall, RecallAtPrecision, RootMeanSquaredError, SensitivityAtSpecificity, SparseCategoricalAccuracy,
  SparseCategoricalCrossentropy, SparseTopKCategoricalAccuracy, SpecificityAtSensitivity, SquaredHinge, Sum, TopKCategoricalAccuracy, TrueNegatives,
  TruePositives,
};
export type {
  AUCOptions, AxisOptions, BinaryAccuracyOptions, BinaryIoUOptions, CountOptions, EntropyOptions, F1ScoreOptions, FBetaScoreOptions, MeanIoUOptions,
  MetricOptions, MetricShapes, OneHotIoUOptions, OperatingPointOptions, PrecisionOptions, R2ScoreOptions, TopKOptions,
};
export type { AUCCurve, AUCSummationMethod } from './auc.ts';
export type { FScoreAverage } from './fScore.ts';

// factories, as users write them
export const accuracy = (options: MetricOptions = {}): Accuracy => new Accuracy(options);
export const auc = (options: AUCOptions = {}): AUC => new AUC(options);
export const binaryAccuracy = (options: BinaryAccuracyOptions = {}): BinaryAccuracy => new BinaryAccuracy(options);
export const binaryCrossentropy = (options: EntropyOptions = {}): BinaryCrossentropy => new BinaryCrossentropy(options);
export const binaryIoU = (options: BinaryIoUOptions = {}): BinaryIoU => new BinaryIoU(options);
export const categoricalAccuracy = (options: MetricOptions = {}): CategoricalAccuracy => new CategoricalAccuracy(options);
export const categoricalCrossentropy = (options: EntropyOptions = {}): CategoricalCrossentropy => new CategoricalCrossentropy(options);
export const categoricalHinge = (options: MetricOptions = {}): CategoricalHinge => new CategoricalHinge(options);
export const concordanceCorrelation = (options: AxisOptions = {}): ConcordanceCorrelation => new ConcordanceCorrelation(options);
export const cosineSimilarity = (options: AxisOptions = {}): CosineSimilarity => new CosineSimilarity(options);
export const f1Score = (options: F1ScoreOptions = {}): F1Score => new F1Score(options);
export const falseNegatives = (options: CountOptions = {}): FalseNegatives => new FalseNegatives(options);
export const falsePositives = (options: CountOptions = {}): FalsePositives => new FalsePositives(options);
export const fBetaScore = (options: FBetaScoreOptions = {}): FBetaScore => new FBetaScore(options);
export const hinge = (options: MetricOptions = {}): Hinge => new Hinge(options);
export const iou = (numClasses: number, targetClassIds: readonly number[], options: MeanIoUOptions = {}): IoU => new IoU(numClasses, targetClassIds, options);
export const klDivergence = (options: MetricOptions = {}): KLDivergence => new KLDivergence(options);
export const logCoshError = (options: MetricOptions = {}): LogCoshError => new LogCoshError(options);
export const mean = (options: MetricOptions = {}): Mean => new Mean(options);
export const meanAbsoluteError = (options: MetricOptions = {}): MeanAbsoluteError => new MeanAbsoluteError(options);
export const meanAbsolutePercentageError = (options: MetricOptions = {}): MeanAbsolutePercentageError => new MeanAbsolutePercentageError(options);
export const meanIoU = (numClasses: number, options: MeanIoUOptions = {}): MeanIoU => new MeanIoU(numClasses, options);
export const meanSquaredError = (options: MetricOptions = {}): MeanSquaredError => new MeanSquaredError(options);
export const meanSquaredLogarithmicError = (options: MetricOptions = {}): MeanSquaredLogarithmicError => new MeanSquaredLogarithmicError(options);
export const oneHotIoU = (numClasses: number, targetClassIds: readonly number[], options: OneHotIoUOptions = {}): OneHotIoU => new OneHotIoU(numClasses, targetClassIds, options);
export const oneHotMeanIoU = (numClasses: number, options: OneHotIoUOptions = {}): OneHotMeanIoU => new OneHotMeanIoU(numClasses, options);
export const pearsonCorrelation = (options: AxisOptions = {}): PearsonCorrelation => new PearsonCorrelation(options);
export const poisson = (options: MetricOptions = {}): Poisson => new Poisson(options);
export const precision = (options: PrecisionOptions = {}): Precision => new Precision(options);
export const precisionAtRecall = (recall: number, options: OperatingPointOptions = {}): PrecisionAtRecall => new PrecisionAtRecall(recall, options);
export const r2Score = (options: R2ScoreOptions = {}): R2Score => new R2Score(options);
export const recall = (options: PrecisionOptions = {}): Recall => new Recall(options);
export const recallAtPrecision = (precision: number, options: OperatingPointOptions = {}): RecallAtPrecision => new RecallAtPrecision(precision, options);
export const rootMeanSquaredError = (options: MetricOptions = {}): RootMeanSquaredError => new RootMeanSquaredError(options);
export const sensitivityAtSpecificity = (specificity: number, options: OperatingPointOptions = {}): SensitivityAtSpecificity => new SensitivityAtSpecificity(specificity, options);
export const sparseCategoricalAccuracy = (options: MetricOptions = {}): SparseCategoricalAccuracy => new SparseCategoricalAccuracy(options);
export const sparseCategoricalCrossentropy = (options: MetricOptions & { readonly fromLogits?: boolean } = {}): SparseCategoricalCrossentropy => new SparseCategoricalCrossentropy(options);
export const sparseTopKCategoricalAccuracy = (options: TopKOptions = {}): SparseTopKCategoricalAccuracy => new SparseTopKCategoricalAccuracy(options);
export const specificityAtSensitivity = (sensitivity: number, options: OperatingPointOptions = {}): SpecificityAtSensitivity => new SpecificityAtSensitivity(sensitivity, options);
export const squaredHinge = (options: MetricOptions = {}): SquaredHinge => new SquaredHinge(options);
export const sum = (options: MetricOptions = {}): Sum => new Sum(options);
export const topKCategoricalAccuracy = (options: TopKOptions = {}): TopKCategoricalAccuracy => new TopKCategoricalAccuracy(options);
export const trueNegatives = (options: CountOptions = {}): TrueNegatives => new TrueNegatives(options);
export const truePositives = (options: CountOptions = {}): TruePositives => new TruePositives(options);

type Make = (config: Config) => Metric;
/** A configuration holds the options of the class; the class checks them. */
const from = <O>(make: (options: O) => Metric): Make => (config) => make(config as unknown as O);
const at = (key: string, make: (value: number, options: OperatingPointOptions) => Metric): Make => (c) => make(numberOf(c, key, 0.5), c);
const classes = (c: Config): number => numberOf(c, 'numClasses', 2);
const TABLE = {
  accuracy: from(accuracy),
  auc: from(auc),
  binaryAccuracy: from(binaryAccuracy),
  binaryCrossentropy: from(binaryCrossentropy),
  binaryIoU: from(binaryIoU),
  categoricalAccuracy: from(categoricalAccuracy),
  categoricalCrossentropy: from(categoricalCrossentropy),
  categoricalHinge: from(categoricalHinge),
  concordanceCorrelation: from(concordanceCorrelation),
  cosineSimilarity: from(cosineSimilarity),
  f1Score: from(f1Score),
  falseNegatives: from(falseNegatives),
  falsePositives: from(falsePositives),
  fBetaScore: from(fBetaScore),
  hinge: from(hinge),
  iou: (c) => iou(classes(c), numbersOf(c, 'targetClassIds'), c),
  klDivergence: from(klDivergence),
  logCoshError: from(logCoshError),
  mean: from(mean),
  meanAbsoluteError: from(meanAbsoluteError),
  meanAbsolutePercentageError: from(meanAbsolutePercentageError),
  meanIoU: (c) => meanIoU(classes(c), c),
  meanSquaredError: from(meanSquaredError),
  meanSquaredLogarithmicError: from(meanSquaredLogarithmicError),
  oneHotIoU: (c) => oneHotIoU(classes(c), numbersOf(c, 'targetClassIds'), c),
  oneHotMeanIoU: (c) => oneHotMeanIoU(classes(c), c),
  pearsonCorrelation: from(pearsonCorrelation),
  poisson: from(poisson),
  precision: from(precision),
  precisionAtRecall: at('recall', precisionAtRecall),
  r2Score: from(r2Score),
  recall: from(recall),
  recallAtPrecision: at('precision', recallAtPrecision),
  rootMeanSquaredError: from(rootMeanSquaredError),
  sensitivityAtSpecificity: at('specificity', sensitivityAtSpecificity),
  sparseCategoricalAccuracy: from(sparseCategoricalAccuracy),
  sparseCategoricalCrossentropy: from(sparseCategoricalCrossentropy),
  sparseTopKCategoricalAccuracy: from(sparseTopKCategoricalAccuracy),
  specificityAtSensitivity: at('sensitivity', specificityAtSensitivity),
  squaredHinge: from(squaredHinge),
  sum: from(sum),
  topKCategoricalAccuracy: from(topKCategoricalAccuracy),
  trueNegatives: from(trueNegatives),
  truePositives: from(truePositives),
} as const satisfies Record<(typeof METRIC_NAMES)[number], Make>;

/** Name of a built-in metric; 'accuracy' and 'crossentropy' choose by the shapes of targets and predictions. */
export type MetricName = (typeof METRIC_NAMES)[number] | keyof typeof METRIC_ALIASES | 'crossentropy';
/** A name, a metric, a saved one, or a function of targets and predictions giving one value per sample. */
export type MetricLike = MetricName | (string & {}) | Metric | SerializedObject | ((yTrue: Tensor, yPred: Tensor) => Tensor);
export const metricRegistry = /* @__PURE__ */ new Registry<Make>('metric', TABLE, METRIC_ALIASES);
export const registerMetric = (className: string, fromConfig: Make): void => metricRegistry.register(className, fromConfig);

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
    if (shapes !== undefined && (like === 'accuracy' || like === 'acc')) return new ACCURACY[targetKind(shapes)]({ name: like });
    if (shapes !== undefined && (like === 'crossentropy' || like === 'ce')) return new ENTROPY[targetKind(shapes)]({ name: like });
    const made = metricRegistry.get(like)({});
    // a metric asked for by an alias is reported under it, as in Keras
    return like in METRIC_ALIASES && like !== 'acc' ? metricRegistry.get(like)({ name: like }) : made;
  }
  const saved = objectOf(like as unknown as JsonValue);
  return metricRegistry.get(saved?.className ?? '')(saved?.config ?? {});
}
export const serializeMetric = (metric: Metric): JsonValue => ({ className: metric.className, config: metric.getConfig() });
