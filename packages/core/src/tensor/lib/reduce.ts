/**
 * Reductions and cumulative operations on nodes. `axis` is one axis, a list, or all when absent; negative axes count from the end;
 * `keepDims` keeps reduced axes with extent 1.
 */
import { isFloat } from '../../base/dtype.ts';
import { ShapeError } from '../../base/errors.ts';
import { at, normalizeAxes, normalizeAxis, showShape } from '../../base/shape.ts';
import * as g from '../../ir/build.ts';
import type { Node, ReduceKind } from '../../ir/types.ts';
import { number, real, truth } from './promote.ts';
import { abs } from './math.ts';

export type Axis = number | readonly number[] | null | undefined;

function reduce(kind: ReduceKind, x: Node, axis: Axis, keepDims: boolean, who: string): Node {
  const axes = normalizeAxes(axis, x.type.shape.length, who);
  return keepDims ? g.reduceKeep(kind, x, axes) : g.reduce(kind, x, axes);
}
const countOf = (x: Node, axis: Axis, who: string): number => normalizeAxes(axis, x.type.shape.length, who).reduce((n, a) => n * at(x.type.shape, a), 1);

/** u8 is summed in i32: 256 pixels do not fit a byte. */
const wide = (x: Node): Node => (x.type.dtype === 'u8' ? g.cast(x, 'i32') : number(x));
export const sum = (x: Node, axis?: Axis, keepDims = false): Node => reduce('sum', wide(x), axis, keepDims, 'sum');
export const prod = (x: Node, axis?: Axis, keepDims = false): Node => reduce('prod', wide(x), axis, keepDims, 'prod');
export const max = (x: Node, axis?: Axis, keepDims = false): Node => reduce('max', number(x), axis, keepDims, 'max');
export const min = (x: Node, axis?: Axis, keepDims = false): Node => reduce('min', number(x), axis, keepDims, 'min');
export function mean(x: Node, axis?: Axis, keepDims = false): Node {
  const y = real(x), total = reduce('sum', y, axis, keepDims, 'mean');
  return g.div(total, g.splatLike(countOf(y, axis, 'mean'), total));
}
/** Population variance (divided by n), two passes. */
export function variance(x: Node, axis?: Axis, keepDims = false): Node {
  const y = real(x), centred = g.sub(y, g.broadcastTo(mean(y, axis, true), y.type.shape));
  return mean(g.mul(centred, centred), axis, keepDims);
}
export const std = (x: Node, axis?: Axis, keepDims = false): Node => g.sqrt(variance(x, axis, keepDims));
// a bool has no max: its max is taken on bytes
export const any = (x: Node, axis?: Axis, keepDims = false): Node => truth(reduce('max', g.cast(truth(x), 'i32'), axis, keepDims, 'any'));
export const all = (x: Node, axis?: Axis, keepDims = false): Node => truth(reduce('min', g.cast(truth(x), 'i32'), axis, keepDims, 'all'));
export const countNonZero = (x: Node, axis?: Axis, keepDims = false): Node => reduce('sum', g.cast(truth(x), 'i32'), axis, keepDims, 'countNonZero');

function extreme(kind: 'max' | 'min', x: Node, axis: number | null | undefined, keepDims: boolean, who: string): Node {
  const y = number(x);
  const flat = axis === undefined || axis === null;
  const source = flat ? g.reshape(y, [g.size(y)]) : y;
  const own = flat ? 0 : normalizeAxis(axis, y.type.shape.length, who);
  if (at(source.type.shape, own) === 0) throw new ShapeError(`${who}: axis ${own} of ${showShape(source.type.shape)} is empty, so there is no extreme element.`);
  const index = g.argReduce(kind, source, own);
  return keepDims ? g.reshape(index, flat ? y.type.shape.map(() => 1) : y.type.shape.map((d, i) => (i === own ? 1 : d))) : index;
}
/** i32 index of the first largest element along `axis`, or of the flattened tensor. */
export const argMax = (x: Node, axis?: number | null, keepDims = false): Node => extreme('max', x, axis, keepDims, 'argMax');
export const argMin = (x: Node, axis?: number | null, keepDims = false): Node => extreme('min', x, axis, keepDims, 'argMin');

/** Options of cumulative operations. */
export interface ScanOptions { readonly exclusive?: boolean; readonly reverse?: boolean }
const scan = (kind: ReduceKind, who: string) => (x: Node, axis: number, options: ScanOptions = {}): Node =>
  g.scan(wide(x), { kind, axis: normalizeAxis(axis, x.type.shape.length, who), exclusive: options.exclusive ?? false, reverse: options.reverse ?? false });
export const cumsum = scan('sum', 'cumsum'), cumprod = scan('prod', 'cumprod'), cummax = scan('max', 'cummax'), cummin = scan('min', 'cummin');

const spread = (x: Node, like: Node): Node => g.broadcastTo(x, like.type.shape);
/** The largest element as a constant shift: the result does not depend on it, so no gradient flows; -∞ only is shifted by 0. */
function shiftOf(x: Node, axis: Axis): Node {
  const top = g.stopGradient(max(x, axis, true));
  return isFloat(x.type.dtype) ? g.where(g.lt(abs(top), g.splatLike(Infinity, top)), top, g.splatLike(0, top)) : top;
}
/** log Σ exp(x), stable for any finite x. */
export function logSumExp(x: Node, axis?: Axis, keepDims = false): Node {
  const y = real(x), shift = shiftOf(y, axis);
  const kept = g.add(g.log(sum(g.exp(g.sub(y, spread(shift, y))), axis, true)), shift);
  return keepDims ? kept : g.reshape(kept, reduce('sum', y, axis, false, 'logSumExp').type.shape);
}
/** exp(x) / Σ exp(x) along `axis`. */
export function softmax(x: Node, axis: Axis = -1): Node {
  const y = real(x), top = g.stopGradient(max(y, axis, true)), e = g.exp(g.sub(y, spread(top, y)));
  return g.div(e, spread(sum(e, axis, true), e));
}
/** log softmax, stable: x - max - log Σ exp(x - max). */
export function logSoftmax(x: Node, axis: Axis = -1): Node {
  const y = real(x), shifted = g.sub(y, spread(g.stopGradient(max(y, axis, true)), y));
  return g.sub(shifted, spread(g.log(sum(g.exp(shifted), axis, true)), y));
}
