/** Regularizers: penalties on weights that are added to the loss. Defaults are Keras's (0.01). */
import { ValueError } from '../../base/errors.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { numberOf, objectOf, Registry, type Config, type JsonValue, type SerializedObject } from '../registry-table.ts';

/** A penalty: a scalar from a weight. */
export interface Regularizer {
  readonly className: string;
  apply(weight: Tensor): Tensor;
  getConfig(): Config;
}
/** l1 · Σ|w| + l2 · Σw². */
export class L1L2 implements Regularizer {
  readonly className: string = 'L1L2';
  readonly l1: number;
  readonly l2: number;
  constructor(l1 = 0, l2 = 0) {
    if (!(l1 >= 0) || !(l2 >= 0)) throw new ValueError(`Regularizer: factors ${l1} and ${l2} must be at least 0.`);
    this.l1 = l1; this.l2 = l2;
  }
  apply(weight: Tensor): Tensor {
    const parts = [
      ...(this.l1 > 0 ? [ops.multiply(ops.sum(ops.abs(weight)), this.l1)] : []),
      ...(this.l2 > 0 ? [ops.multiply(ops.sum(ops.square(weight)), this.l2)] : []),
    ];
    return parts.reduce<Tensor>((a, b) => ops.add(a, b), ops.zeros([], weight.dtype));
  }
  getConfig(): Config { return { l1: this.l1, l2: this.l2 }; }
}
/** l1 · Σ|w|. */
export class L1 extends L1L2 { override readonly className = 'L1'; constructor(l1 = 0.01) { super(l1, 0); } override getConfig(): Config { return { l1: this.l1 }; } }
/** l2 · Σw². */
export class L2 extends L1L2 { override readonly className = 'L2'; constructor(l2 = 0.01) { super(0, l2); } override getConfig(): Config { return { l2: this.l2 }; } }

type Make = (config: Config) => Regularizer;
const TABLE = {
  l1: (c) => new L1(numberOf(c, 'l1', 0.01)),
  l2: (c) => new L2(numberOf(c, 'l2', 0.01)),
  l1l2: (c) => new L1L2(numberOf(c, 'l1', 0), numberOf(c, 'l2', 0)),
} as const satisfies Record<string, Make>;
/** Name of a built-in regularizer; by name the factors are 0.01 (l1, l2) or 0 (l1l2). */
export type RegularizerName = keyof typeof TABLE;
export type RegularizerLike = RegularizerName | (string & {}) | Regularizer | SerializedObject;
export const regularizerRegistry = /* @__PURE__ */ new Registry<Make>('regularizer', TABLE);
export const registerRegularizer = (className: string, fromConfig: Make): void => regularizerRegistry.register(className, fromConfig);
export function getRegularizer(like: RegularizerLike): Regularizer {
  if (typeof like === 'string') return regularizerRegistry.get(like)({});
  if ('apply' in like) return like;
  const saved = objectOf(like as unknown as JsonValue);
  return regularizerRegistry.get(saved?.className ?? '')(saved?.config ?? {});
}
export const serializeRegularizer = (regularizer: Regularizer | null): JsonValue => (regularizer === null ? null : { className: regularizer.className, config: regularizer.getConfig() });
export const l1 = (factor = 0.01): L1 => new L1(factor);
export const l2 = (factor = 0.01): L2 => new L2(factor);
export const l1l2 = (options: { readonly l1?: number; readonly l2?: number } = {}): L1L2 => new L1L2(options.l1, options.l2);
