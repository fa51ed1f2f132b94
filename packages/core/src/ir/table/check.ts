/**
 * Checks shared by the `infer` functions of the primitive table. Every message names the operation, the offending shapes or dtypes,
 * and the fix.
 */
import { type DType, isFloat } from '../../base/dtype.ts';
import { DTypeError, ShapeError, ValueError } from '../../base/errors.ts';
import { at, sameShape, showShape } from '../../base/shape.ts';
import type { TensorType } from '../types.ts';

export const showType = (type: TensorType): string => `${type.dtype}${showShape(type.shape)}`;
const showAll = (types: readonly TensorType[]): string => types.map(showType).join(', ');

/** Exactly `count` operands. */
export function arity(op: string, inputs: readonly TensorType[], count: number): void {
  if (inputs.length !== count) throw new ShapeError(`${op}: expects ${count} operand${count === 1 ? '' : 's'}, got ${inputs.length} (${showAll(inputs)}).`);
}

/** The sole operand. */
export function only(op: string, inputs: readonly TensorType[]): TensorType {
  arity(op, inputs, 1);
  return at(inputs, 0);
}

/** Which dtypes an operation works on, with the words that tell how to get there. */
export type Accepts = 'float' | 'number' | 'integer' | 'bits' | 'any';
const ACCEPTS = {
  float: { test: (d: DType) => isFloat(d), want: 'a float dtype; cast to f32 first' },
  number: { test: (d: DType) => d !== 'bool', want: 'a numeric dtype; cast the bool to i32 or f32 first' },
  integer: { test: (d: DType) => !isFloat(d) && d !== 'bool', want: 'an integer dtype; cast to i32 or u32 first' },
  bits: { test: (d: DType) => !isFloat(d), want: 'bool or an integer dtype; compare or cast first' },
  any: { test: () => true, want: 'any dtype' },
} as const satisfies Record<Accepts, { test: (d: DType) => boolean; want: string }>;

export function accept(op: string, type: TensorType, kind: Accepts): void {
  if (!ACCEPTS[kind].test(type.dtype)) throw new DTypeError(`${op}: operand ${showType(type)} must have ${ACCEPTS[kind].want}.`);
}

/** Two operands of equal shape and dtype. */
export function pair(op: string, inputs: readonly TensorType[], kind: Accepts): TensorType {
  arity(op, inputs, 2);
  const a = at(inputs, 0), b = at(inputs, 1);
  if (a.dtype !== b.dtype) throw new DTypeError(`${op}: operands ${showType(a)} and ${showType(b)} differ in dtype; cast one of them.`);
  if (!sameShape(a.shape, b.shape)) throw new ShapeError(`${op}: operands ${showType(a)} and ${showType(b)} differ in shape; broadcast one of them first.`);
  accept(op, a, kind);
  return a;
}

/** A list with one entry per axis. */
export function perAxis(op: string, what: string, list: readonly unknown[], rank: number, type: TensorType): void {
  if (list.length !== rank) throw new ShapeError(`${op}: ${what} has ${list.length} entries, but ${showType(type)} needs ${rank}.`);
}

export function axisOf(op: string, axis: number, type: TensorType): void {
  if (!Number.isInteger(axis) || axis < 0 || axis >= type.shape.length) {
    throw new ShapeError(`${op}: axis ${axis} is outside ${showType(type)}; use 0..${type.shape.length - 1} (negative axes are normalized before the graph is built).`);
  }
}

/** Distinct axes in range. */
export function axesOf(op: string, axes: readonly number[], type: TensorType): void {
  for (const axis of axes) axisOf(op, axis, type);
  if (new Set(axes).size !== axes.length) throw new ShapeError(`${op}: axes ${showShape(axes)} name an axis of ${showType(type)} twice.`);
}

/** A whole number of at least `least`. */
export function whole(op: string, what: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) throw new ValueError(`${op}: ${what} is ${value}, but must be a whole number of at least ${least}.`);
}

export function shapeOk(op: string, shape: readonly number[]): void {
  if (!shape.every((d) => Number.isInteger(d) && d >= 0)) throw new ShapeError(`${op}: ${showShape(shape)} is not a shape; extents are whole numbers of at least 0.`);
}

/** Extent after padding and windowing: how many windows fit. */
export function windowCount(op: string, extent: number, low: number, high: number, window: number, dilation: number, stride: number): number {
  const padded = extent + low + high, span = (window - 1) * dilation + 1;
  if (padded < span) {
    throw new ShapeError(`${op}: a window of ${window} (dilation ${dilation}, so ${span} elements wide) does not fit an axis of ${extent} padded to ${padded}; pad more or make the window smaller.`);
  }
  return Math.floor((padded - span) / stride) + 1;
}
