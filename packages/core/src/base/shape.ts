/**
 * Shapes, strides, broadcasting: everything that is arithmetic on lists of extents.
 * Shapes are row-major (the last axis is contiguous); a scalar has shape [].
 */
import { InternalError, ShapeError } from './errors.ts';

export type Shape = readonly number[];

/** `list[index]` that refuses to be out of range: the house's replacement for the non-null `!`. */
export function at<T>(list: ArrayLike<T>, index: number): T {
  const value = list[index < 0 ? list.length + index : index];
  if (value === undefined) throw new InternalError(`index ${index} out of range 0..${list.length - 1}`);
  return value;
}

export const sizeOf = (shape: Shape): number => shape.reduce((a, b) => a * b, 1);
export const showShape = (shape: readonly (number | null)[]): string => `[${shape.map((d) => d ?? '?').join(', ')}]`;
export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((d, i) => d === b[i]);

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = at(strides, i + 1) * at(shape, i + 1);
  return strides;
}

/** Axis in 0..rank-1; negative axes count from the end. */
export function normalizeAxis(axis: number, rank: number, who = 'axis'): number {
  const n = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || n < 0 || n >= rank) throw new ShapeError(`${who}: axis ${axis} is outside a tensor of rank ${rank}.`);
  return n;
}
/** Sorted, distinct, normalized axes; undefined means all. */
export function normalizeAxes(axes: number | readonly number[] | undefined | null, rank: number, who = 'axes'): number[] {
  if (axes === undefined || axes === null) return Array.from({ length: rank }, (_, i) => i);
  const list = (typeof axes === 'number' ? [axes] : [...axes]).map((a) => normalizeAxis(a, rank, who));
  const distinct = [...new Set(list)].sort((a, b) => a - b);
  if (distinct.length !== list.length) throw new ShapeError(`${who}: axes ${showShape(list)} name an axis twice.`);
  return distinct;
}

/** NumPy broadcasting of two shapes. */
export function broadcastShapes(a: Shape, b: Shape, who = 'broadcast'): number[] {
  const rank = Math.max(a.length, b.length);
  const out: number[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? 1, y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new ShapeError(`${who}: shapes ${showShape(a)} and ${showShape(b)} do not broadcast: axis ${i - rank} is ${x} against ${y}. Make them equal, or one of them 1.`);
    }
    out.push(x === 1 ? y : x);
  }
  return out;
}

/** Calls `visit` with each multi-index of `shape` in row-major order; the array passed is reused. */
export function forEachIndex(shape: Shape, visit: (index: readonly number[], flat: number) => void): void {
  const total = sizeOf(shape), index = new Array<number>(shape.length).fill(0);
  for (let flat = 0; flat < total; flat++) {
    visit(index, flat);
    for (let d = shape.length - 1; d >= 0; d--) {
      const next = at(index, d) + 1;
      if (next < at(shape, d)) { index[d] = next; break; }
      index[d] = 0;
    }
  }
}

/** Groups of axes of `from` and `to` with equal products, left to right. Axes of extent 1 belong to no group. */
export function reshapeGroups(from: Shape, to: Shape): { readonly from: number[]; readonly to: number[] }[] {
  const groups: { from: number[]; to: number[] }[] = [];
  const real = (shape: Shape): number[] => shape.flatMap((d, i) => (d === 1 ? [] : [i]));
  const f = real(from), t = real(to);
  let i = 0, j = 0;
  while (i < f.length && j < t.length) {
    const group = { from: [at(f, i)], to: [at(t, j)] };
    let a = at(from, at(f, i++)), b = at(to, at(t, j++));
    while (a !== b) {
      if (a < b) { const axis = at(f, i++); group.from.push(axis); a *= at(from, axis); } else { const axis = at(t, j++); group.to.push(axis); b *= at(to, axis); }
    }
    groups.push(group);
  }
  return groups;
}
/** True when reading a tensor of shape `operand` through a reshape to `result` needs division: a result axis is split. */
export const reshapeSplits = (result: Shape, operand: Shape): boolean => reshapeGroups(result, operand).some((g) => g.to.length > 1);
