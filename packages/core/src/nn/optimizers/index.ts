/** All optimizers: classes, factories and the table by name. */
import { booleanOf, numberOf, objectOf, Registry, type Config, type JsonValue, type SerializedObject } from '../registry-table.ts';
import { Adam, AdamW, type AdamOptions } from './adam.ts';
import { Optimizer, type OptimizerOptions } from './optimizer.ts';
import { RMSprop, type RMSpropOptions } from './rmsprop.ts';
import { SGD, type SGDOptions } from './sgd.ts';

export { Adam, AdamW, Optimizer, RMSprop, SGD };
export type { AdamOptions, OptimizerOptions, RMSpropOptions, SGDOptions };
export type { Factors, Update, Updated } from './optimizer.ts';

type Make = (config: Config) => Optimizer;
const number = (c: Config, key: string): number | null => { const v = c[key]; return typeof v === 'number' ? v : null; };
function common(c: Config): OptimizerOptions {
  const rate = c['learningRate'], schedule = objectOf(rate);
  return {
    ...(typeof c['name'] === 'string' ? { name: c['name'] } : {}),
    ...(typeof rate === 'number' ? { learningRate: rate } : schedule === null ? {} : { learningRate: schedule }),
    ...('weightDecay' in c ? { weightDecay: number(c, 'weightDecay') } : {}),
    clipnorm: number(c, 'clipnorm'), clipvalue: number(c, 'clipvalue'), globalClipnorm: number(c, 'globalClipnorm'),
  };
}
const adamOptions = (c: Config): AdamOptions => ({ ...common(c), beta1: numberOf(c, 'beta1', 0.9), beta2: numberOf(c, 'beta2', 0.999), epsilon: numberOf(c, 'epsilon', 1e-7), amsgrad: booleanOf(c, 'amsgrad', false) });
const TABLE = {
  sgd: (c) => new SGD({ ...common(c), momentum: numberOf(c, 'momentum', 0), nesterov: booleanOf(c, 'nesterov', false) }),
  rmsprop: (c) => new RMSprop({ ...common(c), rho: numberOf(c, 'rho', 0.9), momentum: numberOf(c, 'momentum', 0), epsilon: numberOf(c, 'epsilon', 1e-7), centered: booleanOf(c, 'centered', false) }),
  adam: (c) => new Adam(adamOptions(c)),
  adamw: (c) => new AdamW(adamOptions(c)),
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
  const saved = objectOf(like as unknown as JsonValue);
  return optimizerRegistry.get(saved?.className ?? '')(saved?.config ?? {});
}
export const serializeOptimizer = (optimizer: Optimizer): JsonValue => ({ className: optimizer.className, config: optimizer.getConfig() });

// factories, as users write them
/** Gradient descent; learning rate 0.01. */
export const sgd = (options: SGDOptions = {}): SGD => new SGD(options);
/** Learning rate 0.001. */
export const rmsprop = (options: RMSpropOptions = {}): RMSprop => new RMSprop(options);
/** Learning rate 0.001. */
export const adam = (options: AdamOptions = {}): Adam => new Adam(options);
/** Learning rate 0.001, weight decay 0.004. */
export const adamW = (options: AdamOptions = {}): AdamW => new AdamW(options);
