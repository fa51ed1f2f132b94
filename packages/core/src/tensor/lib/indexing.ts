/**
 * Reading and writing by index on nodes: gather, scatter, one-hot, sorting, top-k. Indices are i32; negative ones are not special here:
 * `gather` clamps, `scatter` drops what is out of range.
 */
import type { DType } from '../../base/dtype.ts';
import { ShapeError, ValueError } from '../../base/errors.ts';
import { at, broadcastShapes, normalizeAxis, showShape } from '../../base/shape.ts';
import * as g from '../../ir/build.ts';
import type { Node, ScatterKind } from '../../ir/types.ts';
import { number } from './promote.ts';
import { rankOf, requireInteger, range } from './shape.ts';

const indexNode = (x: Node, who: string): Node => { requireInteger(x, who); return g.cast(x, 'i32'); };

/** Rows (or slices along `axis`) by index: x.shape[:axis] + indices.shape + x.shape[axis+1:]. Without an axis x is flattened. */
export function take(x: Node, indices: Node, axis?: number | null): Node {
  if (axis === undefined || axis === null) return g.gather(g.reshape(x, [g.size(x)]), indexNode(indices, 'take'), 0);
  return g.gather(x, indexNode(indices, 'take'), normalizeAxis(axis, rankOf(x), 'take'));
}
/** For each place of `indices` (same rank as x, extents broadcast but along `axis`), the element of x at that index along `axis`. */
export function takeAlongAxis(x: Node, indices: Node, axis: number): Node {
  const rank = rankOf(x), along = normalizeAxis(axis, rank, 'takeAlongAxis');
  if (rankOf(indices) !== rank) throw new ShapeError(`takeAlongAxis: indices ${showShape(indices.type.shape)} and x ${showShape(x.type.shape)} must have the same number of axes.`);
  const one = (shape: readonly number[]): number[] => shape.map((d, i) => (i === along ? 1 : d));
  const common = broadcastShapes(one(x.type.shape), one(indices.type.shape), 'takeAlongAxis');
  const set = (shape: readonly number[]): number[] => common.map((d, i) => (i === along ? at(shape, along) : d));
  // the axis goes last; all others are batch
  const order = [...common.keys()].filter((i) => i !== along).concat(along);
  const source = g.transpose(g.broadcast(x, set(x.type.shape)), order), where = g.transpose(g.broadcast(indexNode(indices, 'takeAlongAxis'), set(indices.type.shape)), order);
  return g.transpose(g.gather(source, where, rank - 1, rank - 1), common.map((_, i) => order.indexOf(i)));
}
/** Slices of `updates` combined into `x` at `indices` along `axis`; updates are shaped like `take(x, indices, axis)`. */
export const scatter = (kind: ScatterKind) => (x: Node, indices: Node, updates: Node, axis = 0): Node =>
  g.scatter(kind, x, indexNode(indices, 'scatter'), g.cast(updates, x.type.dtype), normalizeAxis(axis, rankOf(x), 'scatter'));
/** 1 at the index along a new axis of extent `depth`, 0 elsewhere (all 0 for an index out of range). */
export function oneHot(indices: Node, depth: number, axis = -1, dtype: DType = 'f32'): Node {
  if (!Number.isInteger(depth) || depth < 1) throw new ValueError(`oneHot: depth ${depth} must be a whole number of at least 1.`);
  const own = indexNode(indices, 'oneHot'), along = normalizeAxis(axis, rankOf(own) + 1, 'oneHot');
  const shape = [...own.type.shape];
  shape.splice(along, 0, depth);
  const wide = g.broadcast(g.reshape(own, shape.map((d, i) => (i === along ? 1 : d))), shape);
  return g.cast(g.eq(g.iota({ shape, dtype: 'i32' }, along), wide), dtype);
}
export const sort = (x: Node, axis = -1, descending = false): Node => at(g.sort(number(x), [], normalizeAxis(axis, rankOf(x), 'sort'), descending), 0);
function sorted(x: Node, axis: number, descending: boolean, who: string): [Node, Node] {
  const along = normalizeAxis(axis, rankOf(x), who), keys = number(x);
  const both = g.sort(keys, [g.iota({ shape: keys.type.shape, dtype: 'i32' }, along)], along, descending);
  return [at(both, 0), at(both, 1)];
}
/** i32 indices that sort along the axis; stable. */
export const argsort = (x: Node, axis = -1, descending = false): Node => sorted(x, axis, descending, 'argsort')[1];
/** The k largest along the last axis in descending order, and their i32 indices; the first of equals first. */
export function topK(x: Node, k: number): [Node, Node] {
  if (rankOf(x) === 0) throw new ShapeError('topK: a scalar has no axis.');
  const extent = at(x.type.shape, -1);
  if (!Number.isInteger(k) || k < 1 || k > extent) throw new ValueError(`topK: k = ${k} must be 1..${extent} for shape ${showShape(x.type.shape)}.`);
  const [values, indices] = sorted(x, -1, true, 'topK');
  return [range(values, rankOf(x) - 1, 0, k), range(indices, rankOf(x) - 1, 0, k)];
}
/** Whether the target class (i32, [n]) is among the k largest of predictions [n, classes]; ties with the k-th count as in, a non-finite target as out. */
export function inTopK(targets: Node, predictions: Node, k: number): Node {
  const classes = at(predictions.type.shape, -1), shape = predictions.type.shape;
  const hot = g.eq(g.iota({ shape, dtype: 'i32' }, 1), g.broadcast(g.reshape(indexNode(targets, 'inTopK'), [at(shape, 0), 1]), shape));
  const own = g.reduce('sum', g.where(hot, predictions, g.splatLike(0, predictions)), [1]);
  const above = g.reduce('sum', g.cast(g.lt(g.broadcast(g.reshape(own, [at(shape, 0), 1]), shape), predictions), 'i32'), [1]);
  const valid = g.and(g.le(g.splatLike(0, targets), targets), g.lt(targets, g.splatLike(classes, targets)));
  return g.and(g.and(valid, g.lt(above, g.splatLike(k, above))), g.lt(g.where(g.lt(own, g.splatLike(0, own)), g.neg(own), own), g.splatLike(Infinity, own)));
}
