/**
 * Shape operations on nodes: reshaping, joining, splitting, slicing, padding, repeating. Data are not changed, only moved.
 */
import { createArray, type DType } from '../../base/dtype.ts';
import { DTypeError, ShapeError, ValueError } from '../../base/errors.ts';
import { at, normalizeAxes, normalizeAxis, sameShape, showShape, sizeOf, type Shape } from '../../base/shape.ts';
import * as g from '../../ir/build.ts';
import type { Node } from '../../ir/types.ts';
import { promote } from './promote.ts';

export const cast = (x: Node, dtype: DType): Node => g.cast(x, dtype);
export const rankOf = (x: Node): number => x.type.shape.length;

/** One extent may be -1: it takes what is left. */
export function reshape(x: Node, shape: Shape): Node {
  const total = g.size(x), holes = shape.filter((d) => d === -1).length;
  if (holes > 1) throw new ShapeError(`reshape: ${showShape(shape)} has more than one -1; only one extent can be worked out.`);
  const known = sizeOf(shape.filter((d) => d !== -1));
  if (shape.some((d) => !Number.isInteger(d) || d < -1)) throw new ShapeError(`reshape: ${showShape(shape)} is not a shape; extents are whole and at least 0, or one -1.`);
  const full = shape.map((d) => (d === -1 ? (known === 0 ? 0 : total / known) : d));
  if (!full.every(Number.isInteger) || sizeOf(full) !== total) {
    throw new ShapeError(`reshape: ${showShape(x.type.shape)} has ${total} elements, which do not fill ${showShape(shape)}.`);
  }
  return g.reshape(x, full);
}
/** Without `perm` the axes are reversed. */
export function transpose(x: Node, perm?: readonly number[]): Node {
  const rank = rankOf(x);
  const order = perm === undefined ? Array.from({ length: rank }, (_, i) => rank - 1 - i) : perm.map((a) => normalizeAxis(a, rank, 'transpose'));
  if (order.length !== rank || new Set(order).size !== rank) throw new ShapeError(`transpose: ${showShape(order)} does not name each of the ${rank} axes of ${showShape(x.type.shape)} once.`);
  return g.transpose(x, order);
}
export function swapAxes(x: Node, a: number, b: number): Node {
  const perm = x.type.shape.map((_, i) => i), i = normalizeAxis(a, rankOf(x), 'swapAxes'), j = normalizeAxis(b, rankOf(x), 'swapAxes');
  perm[i] = j; perm[j] = i;
  return g.transpose(x, perm);
}
export function moveAxis(x: Node, from: number, to: number): Node {
  const rank = rankOf(x), source = normalizeAxis(from, rank, 'moveAxis'), target = normalizeAxis(to, rank, 'moveAxis');
  const perm = x.type.shape.map((_, i) => i).filter((i) => i !== source);
  perm.splice(target, 0, source);
  return g.transpose(x, perm);
}
export function expandDims(x: Node, axis: number): Node {
  const where = normalizeAxis(axis, rankOf(x) + 1, 'expandDims'), shape = [...x.type.shape];
  shape.splice(where, 0, 1);
  return g.reshape(x, shape);
}
/** Removes axes of extent 1: the named ones, or all. */
export function squeeze(x: Node, axis?: number | readonly number[]): Node {
  const shape = x.type.shape;
  if (axis === undefined) return g.reshape(x, shape.filter((d) => d !== 1));
  const axes = normalizeAxes(axis, shape.length, 'squeeze');
  for (const a of axes) if (at(shape, a) !== 1) throw new ShapeError(`squeeze: axis ${a} of ${showShape(shape)} has extent ${at(shape, a)}, not 1.`);
  return g.reshape(x, shape.filter((_, i) => !axes.includes(i)));
}
export const broadcastTo = (x: Node, shape: Shape): Node => g.broadcastTo(x, shape);
/** Joins along an axis; dtypes are promoted. */
export function concat(xs: readonly Node[], axis = 0): Node {
  if (xs.length === 0) throw new ShapeError('concat: needs at least one tensor.');
  const first = at(xs, 0), rank = rankOf(first), along = normalizeAxis(axis, rank, 'concat');
  for (const x of xs) {
    if (rankOf(x) !== rank || x.type.shape.some((d, i) => i !== along && d !== at(first.type.shape, i))) {
      throw new ShapeError(`concat: shapes ${showShape(first.type.shape)} and ${showShape(x.type.shape)} differ outside axis ${along}.`);
    }
  }
  const dtype = xs.reduce<DType>((d, x) => promote(d, x.type.dtype, 'concat'), first.type.dtype);
  return g.concat(xs.map((x) => g.cast(x, dtype)), along);
}
/** Joins along a new axis. */
export function stack(xs: readonly Node[], axis = 0): Node {
  if (xs.length === 0) throw new ShapeError('stack: needs at least one tensor.');
  for (const x of xs) if (!sameShape(x.type.shape, at(xs, 0).type.shape)) throw new ShapeError(`stack: shapes ${showShape(at(xs, 0).type.shape)} and ${showShape(x.type.shape)} differ.`);
  return concat(xs.map((x) => expandDims(x, axis)), normalizeAxis(axis, rankOf(at(xs, 0)) + 1, 'stack'));
}
/** `parts`: a number of equal parts, or the inner boundaries. */
export function split(x: Node, parts: number | readonly number[], axis = 0): Node[] {
  const along = normalizeAxis(axis, rankOf(x), 'split'), extent = at(x.type.shape, along);
  let edges: number[];
  if (typeof parts === 'number') {
    if (parts < 1 || extent % parts !== 0) throw new ShapeError(`split: axis ${along} of ${showShape(x.type.shape)} does not divide into ${parts} equal parts.`);
    edges = Array.from({ length: parts + 1 }, (_, i) => (i * extent) / parts);
  } else edges = [0, ...parts.map((p) => Math.min(extent, Math.max(0, p < 0 ? p + extent : p))), extent];
  return edges.slice(1).map((end, i) => range(x, along, at(edges, i), Math.max(end, at(edges, i))));
}
export const unstack = (x: Node, axis = 0): Node[] => split(x, at(x.type.shape, normalizeAxis(axis, rankOf(x), 'unstack')), axis).map((part) => squeeze(part, axis));
/** Elements lo..hi-1 along one axis. */
export function range(x: Node, axis: number, lo: number, hi: number): Node {
  const shape = x.type.shape;
  if (lo === 0 && hi === at(shape, axis)) return x;
  return g.slice(x, { starts: shape.map((_, i) => (i === axis ? lo : 0)), sizes: shape.map((d, i) => (i === axis ? hi - lo : d)), strides: shape.map(() => 1) });
}

/** One axis of an index: a whole number takes one element (the axis vanishes), null takes all, [start, stop, step] a range as in Python. */
export type Index = number | null | readonly [start: number | null, stop?: number | null, step?: number];
/** x[a, b:c, ::-1, …]: Python's basic indexing; axes not named are taken whole. */
export function slice(x: Node, ...index: readonly Index[]): Node {
  const shape = x.type.shape;
  if (index.length > shape.length) throw new ShapeError(`slice: ${index.length} indices for a tensor of shape ${showShape(shape)}.`);
  const starts: number[] = [], sizes: number[] = [], strides: number[] = [], kept: number[] = [];
  shape.forEach((extent, axis) => {
    const own = index[axis] ?? null;
    if (typeof own === 'number') {
      const i = own < 0 ? own + extent : own;
      if (!Number.isInteger(own) || i < 0 || i >= extent) throw new ShapeError(`slice: index ${own} is outside axis ${axis} of ${showShape(shape)}.`);
      starts.push(i); sizes.push(1); strides.push(1);
      return;
    }
    const step = own?.[2] ?? 1;
    if (!Number.isInteger(step) || step === 0) throw new ShapeError(`slice: step ${step} on axis ${axis}; it must be whole and not 0.`);
    const low = step > 0 ? 0 : -1, high = step > 0 ? extent : extent - 1;
    const clamp = (v: number): number => Math.min(high, Math.max(low, v < 0 ? v + extent : v));
    const start = own === null || own[0] === null ? (step > 0 ? 0 : extent - 1) : clamp(own[0]);
    const stop = own === null || own[1] === undefined || own[1] === null ? (step > 0 ? extent : -1) : clamp(own[1]);
    const size = Math.max(0, Math.ceil((stop - start) / step));
    starts.push(size === 0 ? 0 : start); sizes.push(size); strides.push(step); kept.push(size);
  });
  const whole = starts.every((s, i) => s === 0 && at(sizes, i) === at(shape, i) && at(strides, i) === 1);
  return g.reshape(whole ? x : g.slice(x, { starts, sizes, strides }), kept);
}

/** Padding per axis: one number, [low, high] for all, or a list of [low, high]. */
export type Padding = number | readonly [number, number] | readonly (readonly [number, number])[];
export type PadMode = 'constant' | 'reflect' | 'symmetric' | 'edge';
function pairs(padding: Padding, rank: number, shape: Shape): (readonly [number, number])[] {
  const list = typeof padding === 'number' ? new Array<readonly [number, number]>(rank).fill([padding, padding])
    : typeof padding[0] === 'number' ? new Array<readonly [number, number]>(rank).fill(padding as readonly [number, number])
      : [...(padding as readonly (readonly [number, number])[])];
  if (list.length !== rank) throw new ShapeError(`pad: ${list.length} pairs of widths for shape ${showShape(shape)}; one pair for each axis is needed.`);
  for (const [low, high] of list) if (!Number.isInteger(low) || !Number.isInteger(high) || low < 0 || high < 0) throw new ShapeError(`pad: widths [${low}, ${high}] must be whole and at least 0.`);
  return list;
}
export function pad(x: Node, padding: Padding, mode: PadMode = 'constant', value = 0): Node {
  const widths = pairs(padding, rankOf(x), x.type.shape);
  if (mode === 'constant') {
    if (widths.every(([a, b]) => a === 0 && b === 0)) return x;
    return g.pad(x, { low: widths.map((w) => w[0]), high: widths.map((w) => w[1]), interior: widths.map(() => 0), value });
  }
  return widths.reduce((y, [low, high], axis) => (low + high === 0 ? y : g.gather(y, borderIndices(at(y.type.shape, axis), low, high, mode, axis), axis)), x);
}
function borderIndices(extent: number, low: number, high: number, mode: PadMode, axis: number): Node {
  const most = mode === 'reflect' ? extent - 1 : extent;
  if (mode !== 'edge' && (low > most || high > most)) throw new ShapeError(`pad: ${mode} padding of [${low}, ${high}] is more than axis ${axis} of extent ${extent} offers (${most}).`);
  const indices = createArray('i32', low + extent + high);
  for (let j = 0; j < indices.length; j++) {
    const i = j - low;
    if (mode === 'edge') indices[j] = Math.min(extent - 1, Math.max(0, i));
    else if (mode === 'reflect') indices[j] = i < 0 ? -i : i >= extent ? 2 * extent - 2 - i : i;
    else indices[j] = i < 0 ? -i - 1 : i >= extent ? 2 * extent - 1 - i : i;
  }
  return g.constant(indices, [indices.length], 'i32');
}
/** Repeats the whole tensor `repeats[i]` times along each axis. */
export function tile(x: Node, repeats: readonly number[]): Node {
  const rank = Math.max(rankOf(x), repeats.length);
  const own = [...new Array<number>(rank - rankOf(x)).fill(1), ...x.type.shape], times = [...new Array<number>(rank - repeats.length).fill(1), ...repeats];
  const spread = g.broadcast(g.reshape(x, own.flatMap((d) => [1, d])), own.flatMap((d, i) => [at(times, i), d]));
  return g.reshape(spread, own.map((d, i) => d * at(times, i)));
}
/** Repeats each element along an axis. */
export function repeat(x: Node, times: number, axis = 0): Node {
  if (!Number.isInteger(times) || times < 0) throw new ValueError(`repeat: ${times} is not a number of repeats.`);
  const along = normalizeAxis(axis, rankOf(x), 'repeat'), wide = expandDims(x, along + 1);
  const spread = g.broadcast(wide, wide.type.shape.map((d, i) => (i === along + 1 ? times : d)));
  return g.reshape(spread, x.type.shape.map((d, i) => (i === along ? d * times : d)));
}
export function flip(x: Node, axis?: number | readonly number[]): Node {
  const axes = normalizeAxes(axis, rankOf(x), 'flip'), shape = x.type.shape;
  if (axes.length === 0) return x;
  return g.slice(x, { starts: shape.map((d, i) => (axes.includes(i) ? Math.max(0, d - 1) : 0)), sizes: [...shape], strides: shape.map((_, i) => (axes.includes(i) ? -1 : 1)) });
}
/** Rolls elements along an axis; those that fall off come in at the other end. */
export function roll(x: Node, shift: number, axis = 0): Node {
  const along = normalizeAxis(axis, rankOf(x), 'roll'), extent = at(x.type.shape, along);
  if (extent === 0) return x;
  const cut = (((-shift % extent) + extent) % extent);
  return cut === 0 ? x : g.concat([range(x, along, cut, extent), range(x, along, 0, cut)], along);
}
/** Keeps what is on and below the `k`-th diagonal of the last two axes. */
export const tril = (x: Node, k = 0): Node => triangle(x, k, true);
/** Keeps what is on and above the `k`-th diagonal of the last two axes. */
export const triu = (x: Node, k = 0): Node => triangle(x, k, false);
function triangle(x: Node, k: number, lower: boolean): Node {
  const rank = rankOf(x);
  if (rank < 2) throw new ShapeError(`${lower ? 'tril' : 'triu'}: needs at least two axes, got shape ${showShape(x.type.shape)}.`);
  const type = { shape: x.type.shape, dtype: 'i32' } as const;
  const row = g.iota(type, rank - 2), column = g.iota(type, rank - 1), edge = g.add(row, g.splatLike(k, row));
  return g.where(lower ? g.le(column, edge) : g.le(edge, column), x, g.splatLike(0, x));
}
/** The diagonal of the last two axes. */
export function diagonal(x: Node): Node {
  const rank = rankOf(x);
  if (rank < 2) throw new ShapeError(`diagonal: needs at least two axes, got shape ${showShape(x.type.shape)}.`);
  const rows = at(x.type.shape, rank - 2), columns = at(x.type.shape, rank - 1), n = Math.min(rows, columns), lead = x.type.shape.slice(0, -2);
  const square = g.slice(x, { starts: x.type.shape.map(() => 0), sizes: [...lead, n, n], strides: x.type.shape.map(() => 1) });
  // read row-major with one more column, the diagonal is the first column
  const flat = g.pad(g.reshape(square, [...lead, n * n]), { low: new Array<number>(rank - 1).fill(0), high: [...lead.map(() => 0), n], interior: new Array<number>(rank - 1).fill(0), value: 0 });
  return g.reshape(range(g.reshape(flat, [...lead, n, n + 1]), rank - 1, 0, 1), [...lead, n]);
}
export function requireInteger(x: Node, who: string): void {
  if (x.type.dtype !== 'i32' && x.type.dtype !== 'u8' && x.type.dtype !== 'u32') throw new DTypeError(`${who}: indices are ${x.type.dtype}; they must be integers (i32).`);
}
