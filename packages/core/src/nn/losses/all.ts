/** All loss functions: one value per sample. */
export {
  binaryCrossentropy, categoricalCrossentropy, meanAbsoluteError, meanSquaredError, sparseCategoricalCrossentropy, type CrossentropyOptions, type SparseCrossentropyOptions,
} from './functions.ts';
export { meanAbsolutePercentageError, meanSquaredLogarithmicError, cosineSimilarity, huber, logCosh, klDivergence, poisson } from './regression.ts';
export { hinge, squaredHinge, categoricalHinge } from './hinge.ts';
export { binaryFocalCrossentropy, categoricalFocalCrossentropy, categoricalGeneralizedCrossEntropy } from './focal.ts';
export { dice, tversky } from './overlap.ts';
export { circle } from './circle.ts';
export { ctc } from './ctc.ts';
