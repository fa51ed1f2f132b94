/** Metrics, as users see them: factories and classes. */
export {
  AUC, Accuracy, BinaryAccuracy, BinaryCrossentropy, BinaryIoU, CategoricalAccuracy, CategoricalCrossentropy, CategoricalHinge, ConcordanceCorrelation,
  CosineSimilarity, F1Score, FBetaScore, FalseNegatives, FalsePositives, FunctionMetric, Hinge, IoU, KLDivergence, LogCoshError, Mean, MeanAbsoluteError,
  MeanAbsolutePercentageError, MeanIoU, MeanOf, MeanSquaredError, MeanSquaredLogarithmicError, Metric, OneHotIoU, OneHotMeanIoU, PearsonCorrelation, Poisson,
  Precision, PrecisionAtRecall, R2Score, Recall, RecallAtPrecision, RootMeanSquaredError, SensitivityAtSpecificity, SparseCategoricalAccuracy,
  SparseCategoricalCrossentropy, SparseTopKCategoricalAccuracy, SpecificityAtSensitivity, SquaredHinge, Sum, TopKCategoricalAccuracy, TrueNegatives,
  TruePositives, accuracy, auc, binaryAccuracy, binaryCrossentropy, binaryIoU, categoricalAccuracy, categoricalCrossentropy, categoricalHinge,
  concordanceCorrelation, cosineSimilarity, f1Score, falseNegatives, falsePositives, fBetaScore, hinge, iou, klDivergence, logCoshError, mean, meanAbsoluteError,
  meanAbsolutePercentageError, meanIoU, meanSquaredError, meanSquaredLogarithmicError, oneHotIoU, oneHotMeanIoU, pearsonCorrelation, poisson, precision,
  precisionAtRecall, r2Score, recall, recallAtPrecision, rootMeanSquaredError, sensitivityAtSpecificity, sparseCategoricalAccuracy,
  sparseCategoricalCrossentropy, sparseTopKCategoricalAccuracy, specificityAtSensitivity, squaredHinge, sum, topKCategoricalAccuracy, trueNegatives,
  truePositives,
} from './index.ts';
export type {
  AUCCurve, AUCOptions, AUCSummationMethod, AxisOptions, BinaryAccuracyOptions, BinaryIoUOptions, CountOptions, EntropyOptions, F1ScoreOptions,
  FBetaScoreOptions, FScoreAverage, MeanIoUOptions, MetricLike, MetricName, MetricOptions, MetricShapes, OneHotIoUOptions, OperatingPointOptions,
  PrecisionOptions, R2ScoreOptions, TopKOptions,
} from './index.ts';
