/** Metrics, as users see them: factories and classes. */
export {
  Accuracy, BinaryAccuracy, BinaryCrossentropy, CategoricalAccuracy, CategoricalCrossentropy, FunctionMetric, Mean, MeanAbsoluteError, MeanOf, MeanSquaredError, Metric,
  RootMeanSquaredError, SparseCategoricalAccuracy, SparseCategoricalCrossentropy, SparseTopKCategoricalAccuracy, Sum, TopKCategoricalAccuracy,
  accuracy, binaryAccuracy, binaryCrossentropy, categoricalAccuracy, categoricalCrossentropy, mean, meanAbsoluteError, meanSquaredError, rootMeanSquaredError,
  sparseCategoricalAccuracy, sparseCategoricalCrossentropy, sparseTopKCategoricalAccuracy, sum, topKCategoricalAccuracy,
} from './index.ts';
export type { MetricLike, MetricName, MetricOptions } from './index.ts';
