/** All optimizers: classes, factories and the table by name. */
import { ValueError } from '../../base/errors.ts';
import { objectOf, Registry, type Config, type JsonValue, type SerializedObject } from '../registry-table.ts';
import { Adadelta, type AdadeltaOptions } from './adadelta.ts';
import { Adafactor, type AdafactorOptions } from './adafactor.ts';
import { Adagrad, type AdagradOptions } from './adagrad.ts';
import { Adam, type AdamOptions } from './adam.ts';
import { Adamax } from './adamax.ts';
import { AdamW } from './adamW.ts';
import { Ftrl, type FtrlOptions } from './ftrl.ts';
import { Lamb } from './lamb.ts';
import { Lion, type LionOptions } from './lion.ts';
import { LossScaleOptimizer, type LossScaleOptions } from './lossScaleOptimizer.ts';
import { Muon, type MuonOptions } from './muon.ts';
import { Nadam } from './nadam.ts';
import { Optimizer, type OptimizerOptions } from './optimizer.ts';
import { RMSprop, type RMSpropOptions } from './rmsprop.ts';
import { ScheduleFreeAdamW, type ScheduleFreeAdamWOptions } from './scheduleFreeAdamW.ts';
import { SGD, type SGDOptions } from './sgd.ts';

export { Adadelta, Adafactor, Adagrad, Adam, Adamax, AdamW, Ftrl, Lamb, Lion, LossScaleOptimizer, Muon, Nadam, Optimizer, RMSprop, ScheduleFreeAdamW, SGD };
export type {
  AdadeltaOptions, AdafactorOptions, AdagradOptions, AdamOptions, FtrlOptions, LionOptions, LossScaleOptions, MuonOptions, OptimizerOptions, RMSpropOptions, ScheduleFreeAdamWOptions, SGDOptions,
};
export type { Named, Settings, Slot, Update, Updated } from './optimizer.ts';

type Make = (config: Config) => Optimizer;
/** A configuration has the names of the options; the class checks them. */
const make = (Class: new (options?: never) => Optimizer): Make => (config) => new Class(config as never);
const TABLE = {
  adadelta: make(Adadelta), adafactor: make(Adafactor), adagrad: make(Adagrad), adam: make(Adam), adamax: make(Adamax), adamW: make(AdamW), ftrl: make(Ftrl), lamb: make(Lamb), lion: make(Lion),
  lossScaleOptimizer: ({ innerOptimizer, ...options }) => new LossScaleOptimizer(fromSaved(innerOptimizer), options as LossScaleOptions),
  muon: make(Muon), nadam: make(Nadam), rmsprop: make(RMSprop), scheduleFreeAdamW: make(ScheduleFreeAdamW), sgd: make(SGD),
} as const satisfies Record<string, Make>;

/** Name of a built-in optimizer. */
export type OptimizerName = keyof typeof TABLE;
export type OptimizerLike = OptimizerName | (string & {}) | Optimizer | SerializedObject;
export const optimizerRegistry = /* @__PURE__ */ new Registry<Make>('optimizer', TABLE);
export const registerOptimizer = (className: string, fromConfig: Make): void => optimizerRegistry.register(className, fromConfig);
/** Throws NameError with the nearest name for an unknown one. */
export function getOptimizer(like: OptimizerLike): Optimizer {
  if (like instanceof Optimizer) return like;
  if (typeof like === 'string') return optimizerRegistry.get(like)({});
  return fromSaved(like as unknown as JsonValue);
}
function fromSaved(value: JsonValue | undefined): Optimizer {
  const saved = objectOf(value);
  if (saved === null) throw new ValueError(`An optimizer is a name, an Optimizer or { className, config }, not ${JSON.stringify(value)}. A lossScaleOptimizer needs one as its innerOptimizer.`);
  return optimizerRegistry.get(saved.className)(saved.config);
}
export const serializeOptimizer = (optimizer: Optimizer): JsonValue => ({ className: optimizer.className, config: optimizer.getConfig() });

// factories, as users write them; the learning rate is 0.001 unless said
export const adadelta = (options?: AdadeltaOptions): Adadelta => new Adadelta(options);
export const adafactor = (options?: AdafactorOptions): Adafactor => new Adafactor(options);
export const adagrad = (options?: AdagradOptions): Adagrad => new Adagrad(options);
export const adam = (options?: AdamOptions): Adam => new Adam(options);
export const adamax = (options?: Omit<AdamOptions, 'amsgrad'>): Adamax => new Adamax(options);
/** Weight decay 0.004. */
export const adamW = (options?: AdamOptions): AdamW => new AdamW(options);
export const ftrl = (options?: FtrlOptions): Ftrl => new Ftrl(options);
export const lamb = (options?: Omit<AdamOptions, 'amsgrad'>): Lamb => new Lamb(options);
export const lion = (options?: LionOptions): Lion => new Lion(options);
/** Dynamic loss scale around another optimizer. */
export const lossScaleOptimizer = (inner: OptimizerLike, options?: LossScaleOptions): LossScaleOptimizer => new LossScaleOptimizer(getOptimizer(inner), options);
/** Weight decay 0.004. */
export const muon = (options?: MuonOptions): Muon => new Muon(options);
export const nadam = (options?: Omit<AdamOptions, 'amsgrad'>): Nadam => new Nadam(options);
export const rmsprop = (options?: RMSpropOptions): RMSprop => new RMSprop(options);
/** Learning rate 0.0025. */
export const scheduleFreeAdamW = (options?: ScheduleFreeAdamWOptions): ScheduleFreeAdamW => new ScheduleFreeAdamW(options);
/** Gradient descent; learning rate 0.01. */
export const sgd = (options?: SGDOptions): SGD => new SGD(options);
