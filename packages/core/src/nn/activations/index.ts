/** All activations by name, and how layers hold and save them. */
import { ValueError } from '../../base/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { booleanOf, numberOf, objectOf, Registry, type Config, type JsonValue, type SerializedObject } from '../registry-table.ts';
import * as f from './functions.ts';

export * from './functions.ts';
export { logitsOf } from './logits.ts';

/** A function of a tensor with parameters taken from a configuration. */
export type ConfiguredActivation = (x: Tensor, config: Config) => Tensor;
const TABLE = {
  celu: (x, c) => f.celu(x, numberOf(c, 'alpha', 1)),
  elu: (x, c) => f.elu(x, numberOf(c, 'alpha', 1)),
  exponential: (x) => f.exponential(x),
  gelu: (x, c) => f.gelu(x, booleanOf(c, 'approximate', false)),
  glu: (x, c) => f.glu(x, numberOf(c, 'axis', -1)),
  hardShrink: (x, c) => f.hardShrink(x, numberOf(c, 'threshold', 0.5)),
  hardSigmoid: (x) => f.hardSigmoid(x),
  hardSilu: (x) => f.hardSilu(x),
  hardTanh: (x) => f.hardTanh(x),
  leakyRelu: (x, c) => f.leakyRelu(x, numberOf(c, 'negativeSlope', 0.2)),
  linear: (x) => x,
  logSigmoid: (x) => f.logSigmoid(x),
  logSoftmax: (x, c) => f.logSoftmax(x, numberOf(c, 'axis', -1)),
  mish: (x) => f.mish(x),
  relu: (x, c) => f.relu(x, { negativeSlope: numberOf(c, 'negativeSlope', 0), maxValue: typeof c['maxValue'] === 'number' ? c['maxValue'] : null, threshold: numberOf(c, 'threshold', 0) }),
  relu6: (x) => f.relu6(x),
  selu: (x) => f.selu(x),
  sigmoid: (x) => f.sigmoid(x),
  silu: (x) => f.silu(x),
  softShrink: (x, c) => f.softShrink(x, numberOf(c, 'threshold', 0.5)),
  softmax: (x, c) => f.softmax(x, numberOf(c, 'axis', -1)),
  softplus: (x) => f.softplus(x),
  softsign: (x) => f.softsign(x),
  sparsePlus: (x) => f.sparsePlus(x),
  sparseSigmoid: (x) => f.sparseSigmoid(x),
  sparsemax: (x, c) => f.sparsemax(x, numberOf(c, 'axis', -1)),
  squareplus: (x, c) => f.squareplus(x, numberOf(c, 'b', 4)),
  tanh: (x) => f.tanh(x),
  tanhShrink: (x) => f.tanhShrink(x),
  threshold: (x, c) => f.threshold(x, required(c, 'threshold'), required(c, 'defaultValue')),
} as const satisfies Record<string, ConfiguredActivation>;

function required(config: Config, key: string): number {
  if (typeof config[key] !== 'number') throw new ValueError(`Activation 'threshold' needs '${key}': { className: 'threshold', config: { threshold, defaultValue } }.`);
  return config[key];
}

/** Name of a built-in activation. */
export type ActivationName = keyof typeof TABLE;
/** A name, a name with parameters, or any function of a tensor. */
export type ActivationLike = ActivationName | (string & {}) | SerializedObject | ((x: Tensor) => Tensor);
/** An activation as a layer holds it. */
export interface Activation {
  readonly name: string;
  apply(x: Tensor): Tensor;
  /** The name, or name and parameters. Throws ValueError for a function that is not registered. */
  serialize(): JsonValue;
}
export const activationRegistry = /* @__PURE__ */ new Registry<ConfiguredActivation>('activation', TABLE, { swish: 'silu', hardSwish: 'hardSilu' });
/** Makes a function known under a name, so that models that use it can be saved. */
export const registerActivation = (name: string, fn: ConfiguredActivation): void => activationRegistry.register(name, fn);

/** Throws NameError with the nearest name for an unknown one. */
export function getActivation(like: ActivationLike): Activation {
  if (typeof like === 'function') {
    const fn = like;
    const name = activationRegistry.nameOf(fn) ?? (fn.name === '' ? 'activation' : fn.name);
    return {
      name, apply: (x) => fn(x),
      serialize() {
        if (activationRegistry.has(name)) return name;
        throw new ValueError(`The activation '${name}' is a function of your own and cannot be saved; register it with registerActivation and use its name.`);
      },
    };
  }
  const saved = typeof like === 'string' ? { className: like, config: {} } : objectOf(like as unknown as JsonValue);
  const wanted = saved?.className ?? '', config = saved?.config ?? {}, fn = activationRegistry.get(wanted);
  const name = activationRegistry.nameOf(fn) ?? wanted;
  return { name, apply: (x) => fn(x, config), serialize: () => (Object.keys(config).length === 0 ? name : { className: name, config }) };
}
