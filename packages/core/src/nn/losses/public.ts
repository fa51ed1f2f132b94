/** Losses, as users see them: factories, classes, and the plain functions (one value per sample) under `functions`. */
export {
  BinaryCrossentropy, CategoricalCrossentropy, FunctionLoss, Loss, MeanAbsoluteError, MeanSquaredError, SparseCategoricalCrossentropy,
  binaryCrossentropy, categoricalCrossentropy, functions, meanAbsoluteError, meanSquaredError, sparseCategoricalCrossentropy,
  BinaryFocalCrossentropy, CategoricalFocalCrossentropy, CategoricalGeneralizedCrossEntropy, CategoricalHinge, Circle, CosineSimilarity, CTC, Dice, Hinge, Huber, KLDivergence, LogCosh, MeanAbsolutePercentageError, MeanSquaredLogarithmicError, Poisson, SquaredHinge, Tversky,
  binaryFocalCrossentropy, categoricalFocalCrossentropy, categoricalGeneralizedCrossEntropy, categoricalHinge, circle, cosineSimilarity, ctc, dice, hinge, huber, klDivergence, logCosh, meanAbsolutePercentageError, meanSquaredLogarithmicError, poisson, squaredHinge, tversky,
} from './index.ts';
export type { BinaryFocalOptions, CircleOptions, CosineSimilarityOptions, DiceOptions, FocalOptions, GeneralizedOptions, HuberOptions, OverlapAxis, TverskyOptions, CrossentropyOptions, LossLike, LossName, LossOptions, Reduction, SparseCrossentropyOptions } from './index.ts';
export { inBatchSoftmax, sampledSoftmax, type InBatchSoftmaxOptions, type SampledSoftmaxOptions } from './index.ts';
