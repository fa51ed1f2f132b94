/** Optimizers, as users see them: factories, classes, and what a class of your own needs. */
export {
  Adadelta, Adafactor, Adagrad, Adam, Adamax, AdamW, Ftrl, Lamb, Lion, LossScaleOptimizer, Muon, Nadam, Optimizer, RMSprop, ScheduleFreeAdamW, SGD,
  adadelta, adafactor, adagrad, adam, adamax, adamW, ftrl, lamb, lion, lossScaleOptimizer, muon, nadam, rmsprop, scheduleFreeAdamW, sgd,
} from './index.ts';
export type {
  AdadeltaOptions, AdafactorOptions, AdagradOptions, AdamOptions, FtrlOptions, LionOptions, LossScaleOptions, MuonOptions, Named, OptimizerLike, OptimizerName, OptimizerOptions, RMSpropOptions,
  ScheduleFreeAdamWOptions, Settings, SGDOptions, Slot, Update, Updated,
} from './index.ts';
