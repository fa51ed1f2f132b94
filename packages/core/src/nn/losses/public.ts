/** Losses, as users see them: factories, classes, and the plain functions (one value per sample) under `functions`. */
export {
  BinaryCrossentropy, CategoricalCrossentropy, FunctionLoss, Loss, MeanAbsoluteError, MeanSquaredError, SparseCategoricalCrossentropy,
  binaryCrossentropy, categoricalCrossentropy, functions, meanAbsoluteError, meanSquaredError, sparseCategoricalCrossentropy,
} from './index.ts';
export type { CrossentropyOptions, LossLike, LossName, LossOptions, Reduction, SparseCrossentropyOptions } from './index.ts';
