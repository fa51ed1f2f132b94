/** What the kinds of reduction mean: neutral elements, and how two values are combined in each dtype (integers wrap). */
import type { DType } from '../../base/dtype.ts';
import type { ReduceKind } from '../types.ts';

/** Least and greatest value of each dtype. */
export const LIMITS = {
  f32: [-Infinity, Infinity], f64: [-Infinity, Infinity], i32: [-2147483648, 2147483647], u32: [0, 4294967295], u8: [0, 255], bool: [0, 1],
} as const satisfies Record<DType, readonly [number, number]>;

/** Brings the exact result of an integer operation back into its dtype, as two's complement hardware does. */
export const WRAP = {
  f32: (x) => x, f64: (x) => x, i32: (x) => x | 0, u32: (x) => x >>> 0, u8: (x) => x & 255, bool: (x) => x & 1,
} as const satisfies Record<DType, (x: number) => number>;

/** x combined with the neutral element is x. */
export function neutralOf(kind: ReduceKind, dtype: DType): number {
  const [least, greatest] = LIMITS[dtype];
  return { sum: 0, prod: 1, max: least, min: greatest }[kind];
}

/** Multiplication in the dtype. */
export const multiplyIn = (dtype: DType): ((a: number, b: number) => number) =>
  dtype === 'f32' || dtype === 'f64' ? (a, b) => a * b : (a, b) => WRAP[dtype](Math.imul(a, b));

/** One step of the reduction. Floats are not rounded: the caller accumulates in double and rounds at the end. */
export function combineOf(kind: ReduceKind, dtype: DType): (a: number, b: number) => number {
  const wrap = WRAP[dtype];
  const table: Record<ReduceKind, (a: number, b: number) => number> = { sum: (a, b) => wrap(a + b), prod: multiplyIn(dtype), max: Math.max, min: Math.min };
  return table[kind];
}
