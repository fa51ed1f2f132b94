/** Names of the built-in metrics, apart from their code: `compile` looks names up before any metric is loaded. */
export const METRIC_NAMES = [
  'accuracy', 'auc', 'binaryAccuracy', 'binaryCrossentropy', 'binaryIoU', 'categoricalAccuracy', 'categoricalCrossentropy', 'categoricalHinge',
  'concordanceCorrelation', 'cosineSimilarity', 'f1Score', 'falseNegatives', 'falsePositives', 'fBetaScore', 'hinge', 'iou', 'klDivergence', 'logCoshError',
  'mean', 'meanAbsoluteError', 'meanAbsolutePercentageError', 'meanIoU', 'meanSquaredError', 'meanSquaredLogarithmicError', 'oneHotIoU', 'oneHotMeanIoU',
  'pearsonCorrelation', 'poisson', 'precision', 'precisionAtRecall', 'r2Score', 'recall', 'recallAtPrecision', 'rootMeanSquaredError',
  'sensitivityAtSpecificity', 'sparseCategoricalAccuracy', 'sparseCategoricalCrossentropy', 'sparseTopKCategoricalAccuracy', 'specificityAtSensitivity',
  'squaredHinge', 'sum', 'topKCategoricalAccuracy', 'trueNegatives', 'truePositives',
] as const;
/** Short names, as in Keras. */
export const METRIC_ALIASES = {
  acc: 'accuracy', mse: 'meanSquaredError', mae: 'meanAbsoluteError', rmse: 'rootMeanSquaredError', mape: 'meanAbsolutePercentageError', msle: 'meanSquaredLogarithmicError',
  bce: 'binaryCrossentropy', kld: 'klDivergence', logcosh: 'logCoshError',
} as const satisfies Readonly<Record<string, (typeof METRIC_NAMES)[number]>>;
