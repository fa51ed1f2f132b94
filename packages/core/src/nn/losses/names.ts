/** Names of the built-in losses, apart from their code: `compile` looks names up before any loss is loaded. */
export const LOSS_NAMES = [
  'binaryCrossentropy', 'binaryFocalCrossentropy', 'categoricalCrossentropy', 'categoricalFocalCrossentropy', 'categoricalGeneralizedCrossEntropy', 'categoricalHinge', 'circle',
  'cosineSimilarity', 'ctc', 'dice', 'hinge', 'huber', 'klDivergence', 'logCosh', 'meanAbsoluteError', 'meanAbsolutePercentageError', 'meanSquaredError', 'meanSquaredLogarithmicError',
  'poisson', 'sparseCategoricalCrossentropy', 'squaredHinge', 'tversky',
] as const;
/** Short names, as in Keras. */
export const LOSS_ALIASES = {
  mse: 'meanSquaredError', mae: 'meanAbsoluteError', mape: 'meanAbsolutePercentageError', msle: 'meanSquaredLogarithmicError', bce: 'binaryCrossentropy', kld: 'klDivergence', huberLoss: 'huber',
} as const satisfies Readonly<Record<string, (typeof LOSS_NAMES)[number]>>;
