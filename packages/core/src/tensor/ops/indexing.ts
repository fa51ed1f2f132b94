/**
 * Reading and writing by index, one-hot, sorting. Indices are integers; reads clamp them into range, writes drop what is out of range.
 */
import type { DType } from '../../base/dtype.ts';
import type { Node, ScatterKind } from '../../ir/types.ts';
import * as lib from '../lib/index.ts';
import { compute, computeMany, type Tensor } from '../tensor.ts';
import { on, on2 } from './wrap.ts';

/** Slices by index: x.shape[:axis] + indices.shape + x.shape[axis+1:]. Without an axis x is flattened. */
export const take = <D extends DType>(x: Tensor<D>, indices: Tensor, axis?: number | null): Tensor<D> => on2(x, indices, (a, i) => lib.take(a, i, axis)) as Tensor<D>;
/** Rows by index: `take` along axis 0 unless told. */
export const gather = <D extends DType>(x: Tensor<D>, indices: Tensor, axis = 0): Tensor<D> => take(x, indices, axis);
/** For each place of `indices` the element of x at that index along `axis`; other axes go together. */
export const takeAlongAxis = <D extends DType>(x: Tensor<D>, indices: Tensor, axis: number): Tensor<D> => on2(x, indices, (a, i) => lib.takeAlongAxis(a, i, axis)) as Tensor<D>;
const scatter = (kind: ScatterKind) => <D extends DType>(x: Tensor<D>, indices: Tensor, updates: Tensor, axis = 0): Tensor<D> =>
  compute([x, indices, updates], (a, i, u) => lib.scatter(kind)(a as Node, i as Node, u as Node, axis)) as Tensor<D>;
/** x with slices replaced (or combined) at `indices` along `axis`; updates are shaped like `take(x, indices, axis)`. */
export const scatterUpdate = scatter('set'), scatterAdd = scatter('add'), scatterMax = scatter('max'), scatterMin = scatter('min');
/** 1 at the index along a new axis of extent `depth`. */
export const oneHot = <D extends DType = 'f32'>(indices: Tensor, depth: number, axis = -1, dtype?: D): Tensor<D> => on(indices, (i) => lib.oneHot(i, depth, axis, dtype ?? 'f32')) as Tensor<D>;
/** Stable; NaN last (descending: first). */
export const sort = <D extends DType>(x: Tensor<D>, axis = -1, descending = false): Tensor<D> => on(x, (a) => lib.sort(a, axis, descending)) as Tensor<D>;
export const argsort = (x: Tensor, axis = -1, descending = false): Tensor<'i32'> => on(x, (a) => lib.argsort(a, axis, descending)) as Tensor<'i32'>;
/** The k largest along the last axis, descending, and their indices. */
export function topK<D extends DType>(x: Tensor<D>, k: number): { values: Tensor<D>; indices: Tensor<'i32'> } {
  const [values, indices] = computeMany([x], (a) => lib.topK(a as Node, k));
  return { values: values as Tensor<D>, indices: indices as Tensor<'i32'> };
}
/** Whether the target class [n] is among the k largest of predictions [n, classes]; ties with the k-th count as in. */
export const inTopK = (targets: Tensor, predictions: Tensor, k: number): Tensor<'bool'> => on2(targets, predictions, (t, p) => lib.inTopK(t, p, k)) as Tensor<'bool'>;
