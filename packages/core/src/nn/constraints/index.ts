/** Constraints: what a weight must obey after each optimizer step. Formulas and defaults are Keras's; epsilon is 1e-7. */
import type { Axis } from '../../tensor/lib/index.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { VariableConstraint } from '../../tensor/variable.ts';
import { EPSILON } from '../epsilon.ts';
import { numberOf, objectOf, Registry, type Config, type JsonValue, type SerializedObject } from '../registry-table.ts';


/** Projects a weight onto what is allowed. */
export interface Constraint extends VariableConstraint {
  readonly className: string;
  getConfig(): Config;
}
type ConstraintAxis = number | readonly number[];
const norms = (w: Tensor, axis: Axis): Tensor => ops.sqrt(ops.sum(ops.square(w), axis, true));

/** Norms along `axis` (default 0: each column of a dense kernel) are at most `maxValue`. */
export class MaxNorm implements Constraint {
  readonly className = 'MaxNorm';
  readonly maxValue: number;
  readonly axis: ConstraintAxis;
  constructor(maxValue = 2, axis: ConstraintAxis = 0) { this.maxValue = maxValue; this.axis = axis; }
  apply(w: Tensor): Tensor { const n = norms(w, this.axis); return ops.multiply(w, ops.divide(ops.clip(n, 0, this.maxValue), ops.add(n, EPSILON))); }
  getConfig(): Config { return { maxValue: this.maxValue, axis: this.axis }; }
}
/** No element below 0. */
export class NonNeg implements Constraint {
  readonly className = 'NonNeg';
  apply(w: Tensor): Tensor { return ops.maximum(w, 0); }
  getConfig(): Config { return {}; }
}
/** Norms along `axis` are 1. */
export class UnitNorm implements Constraint {
  readonly className = 'UnitNorm';
  readonly axis: ConstraintAxis;
  constructor(axis: ConstraintAxis = 0) { this.axis = axis; }
  apply(w: Tensor): Tensor { return ops.divide(w, ops.add(norms(w, this.axis), EPSILON)); }
  getConfig(): Config { return { axis: this.axis }; }
}
/** Norms along `axis` are drawn between `minValue` and `maxValue`; `rate` 1 does it at once. */
export class MinMaxNorm implements Constraint {
  readonly className = 'MinMaxNorm';
  readonly minValue: number;
  readonly maxValue: number;
  readonly rate: number;
  readonly axis: ConstraintAxis;
  constructor(minValue = 0, maxValue = 1, rate = 1, axis: ConstraintAxis = 0) { this.minValue = minValue; this.maxValue = maxValue; this.rate = rate; this.axis = axis; }
  apply(w: Tensor): Tensor {
    const n = norms(w, this.axis), wanted = ops.add(ops.multiply(ops.clip(n, this.minValue, this.maxValue), this.rate), ops.multiply(n, 1 - this.rate));
    return ops.multiply(w, ops.divide(wanted, ops.add(n, EPSILON)));
  }
  getConfig(): Config { return { minValue: this.minValue, maxValue: this.maxValue, rate: this.rate, axis: this.axis }; }
}

type Make = (config: Config) => Constraint;
const axisOf = (c: Config): ConstraintAxis => { const a = c['axis']; return typeof a === 'number' ? a : Array.isArray(a) ? (a as number[]) : 0; };
const TABLE = {
  maxNorm: (c) => new MaxNorm(numberOf(c, 'maxValue', 2), axisOf(c)),
  nonNeg: () => new NonNeg(),
  unitNorm: (c) => new UnitNorm(axisOf(c)),
  minMaxNorm: (c) => new MinMaxNorm(numberOf(c, 'minValue', 0), numberOf(c, 'maxValue', 1), numberOf(c, 'rate', 1), axisOf(c)),
} as const satisfies Record<string, Make>;
/** Name of a built-in constraint. */
export type ConstraintName = keyof typeof TABLE;
export type ConstraintLike = ConstraintName | (string & {}) | Constraint | SerializedObject;
export const constraintRegistry = /* @__PURE__ */ new Registry<Make>('constraint', TABLE);
export const registerConstraint = (className: string, fromConfig: Make): void => constraintRegistry.register(className, fromConfig);
export function getConstraint(like: ConstraintLike): Constraint {
  if (typeof like === 'string') return constraintRegistry.get(like)({});
  if ('apply' in like) return like;
  const saved = objectOf(like as unknown as JsonValue);
  return constraintRegistry.get(saved?.className ?? '')(saved?.config ?? {});
}
export const serializeConstraint = (constraint: Constraint | null): JsonValue => (constraint === null ? null : { className: constraint.className, config: constraint.getConfig() });
export const maxNorm = (maxValue = 2, axis: ConstraintAxis = 0): MaxNorm => new MaxNorm(maxValue, axis);
export const nonNeg = (): NonNeg => new NonNeg();
export const unitNorm = (axis: ConstraintAxis = 0): UnitNorm => new UnitNorm(axis);
export const minMaxNorm = (o: { readonly minValue?: number; readonly maxValue?: number; readonly rate?: number; readonly axis?: ConstraintAxis } = {}): MinMaxNorm => new MinMaxNorm(o.minValue, o.maxValue, o.rate, o.axis);
