/** Optimizers, as users see them: factories, classes, and what a class of your own needs. */
export { Adam, AdamW, Optimizer, RMSprop, SGD, adam, adamW, rmsprop, sgd } from './index.ts';
export type { AdamOptions, Factors, OptimizerLike, OptimizerName, OptimizerOptions, RMSpropOptions, SGDOptions, Update, Updated } from './index.ts';
