/** Regularizers: penalties on weights that are added to the loss. Defaults are Keras's (0.01). */
import { ShapeError, ValueError } from '../../base/errors.ts';
import { at, showShape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { numberOf, objectOf, Registry, stringOf, type Config, type JsonValue, type SerializedObject } from '../registry-table.ts';

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

/** factor times the mean of |cosine| between the rows (or columns) of a matrix: 0 where all are orthogonal. */
export class OrthogonalRegularizer implements Regularizer {
  readonly className = 'OrthogonalRegularizer';
  readonly factor: number;
  readonly mode: 'rows' | 'columns';
  constructor(factor = 0.01, mode: 'rows' | 'columns' = 'rows') {
    if (!(factor >= 0)) throw new ValueError(`OrthogonalRegularizer: factor ${factor} must be at least 0.`);
    if (mode !== 'rows' && mode !== 'columns') throw new ValueError(`OrthogonalRegularizer: mode '${String(mode)}' must be 'rows' or 'columns'.`);
    this.factor = factor; this.mode = mode;
  }
  apply(weight: Tensor): Tensor {
    if (weight.rank !== 2) throw new ShapeError(`OrthogonalRegularizer takes matrices; the weight has shape ${showShape(weight.shape)}.`);
    const rows = this.mode === 'rows' ? weight : ops.transpose(weight), n = at(rows.shape, 0);
    const own = ops.divide(rows, ops.sqrt(ops.maximum(ops.sum(ops.square(rows), 1, true), 1e-24)));
    const others = ops.multiply(ops.matmul(own, ops.transpose(own)), ops.subtract(1, ops.eye(n)));
    return ops.multiply(ops.sum(ops.abs(others)), this.factor / (n * (n - 1)));
  }
  getConfig(): Config { return { factor: this.factor, mode: this.mode }; }
}

type Make = (config: Config) => Regularizer;
const TABLE = {
  l1: (c) => new L1(numberOf(c, 'l1', 0.01)),
  l2: (c) => new L2(numberOf(c, 'l2', 0.01)),
  l1l2: (c) => new L1L2(numberOf(c, 'l1', 0), numberOf(c, 'l2', 0)),
  orthogonalRegularizer: (c) => new OrthogonalRegularizer(numberOf(c, 'factor', 0.01), stringOf(c, 'mode', 'rows') as 'rows'),
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
export const orthogonalRegularizer = (options: { readonly factor?: number; readonly mode?: 'rows' | 'columns' } = {}): OrthogonalRegularizer => new OrthogonalRegularizer(options.factor, options.mode);
