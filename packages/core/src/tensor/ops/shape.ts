/**
 * Operations that move data without changing it. Negative axes count from the end.
 */
import type { DType } from '../../base/dtype.ts';
import type { Shape } from '../../base/shape.ts';
import type { Node } from '../../ir/types.ts';
import * as lib from '../lib/index.ts';
import type { Index, Padding, PadMode } from '../lib/index.ts';
import { compute, computeMany, type Tensor } from '../tensor.ts';
import { on } from './wrap.ts';

const same = <D extends DType>(x: Tensor<D>, build: (x: Node) => Node): Tensor<D> => on(x, build) as Tensor<D>;
/** One extent may be -1. */
export const reshape = <D extends DType>(x: Tensor<D>, shape: Shape): Tensor<D> => same(x, (a) => lib.reshape(a, shape));
/** Without `perm` the axes are reversed. */
export const transpose = <D extends DType>(x: Tensor<D>, perm?: readonly number[]): Tensor<D> => same(x, (a) => lib.transpose(a, perm));
export const swapAxes = <D extends DType>(x: Tensor<D>, i: number, j: number): Tensor<D> => same(x, (a) => lib.swapAxes(a, i, j));
export const moveAxis = <D extends DType>(x: Tensor<D>, from: number, to: number): Tensor<D> => same(x, (a) => lib.moveAxis(a, from, to));
export const expandDims = <D extends DType>(x: Tensor<D>, axis: number): Tensor<D> => same(x, (a) => lib.expandDims(a, axis));
export const squeeze = <D extends DType>(x: Tensor<D>, axis?: number | readonly number[]): Tensor<D> => same(x, (a) => lib.squeeze(a, axis));
export const broadcastTo = <D extends DType>(x: Tensor<D>, shape: Shape): Tensor<D> => same(x, (a) => lib.broadcastTo(a, shape));
const many = (xs: readonly Tensor[], build: (nodes: readonly Node[]) => Node): Tensor => compute(xs, (...nodes) => build(nodes as unknown as Node[]));
/** Joins along an axis (default 0); dtypes are promoted. */
export const concat = <D extends DType>(xs: readonly Tensor<D>[], axis = 0): Tensor<D> => many(xs, (nodes) => lib.concat(nodes, axis)) as Tensor<D>;
export { concat as concatenate };
/** Joins along a new axis (default 0). */
export const stack = <D extends DType>(xs: readonly Tensor<D>[], axis = 0): Tensor<D> => many(xs, (nodes) => lib.stack(nodes, axis)) as Tensor<D>;
/** `parts`: a number of equal parts, or the inner boundaries. */
export const split = <D extends DType>(x: Tensor<D>, parts: number | readonly number[], axis = 0): Tensor<D>[] => computeMany([x], (a) => lib.split(a as Node, parts, axis)) as Tensor<D>[];
export const unstack = <D extends DType>(x: Tensor<D>, axis = 0): Tensor<D>[] => computeMany([x], (a) => lib.unstack(a as Node, axis)) as Tensor<D>[];
/** Python's basic indexing: `slice(x, 0, [1, 3], null)` is x[0, 1:3, :]. */
export const slice = <D extends DType>(x: Tensor<D>, ...index: readonly Index[]): Tensor<D> => same(x, (a) => lib.slice(a, ...index));
/** Padding: one number, [low, high] for all axes, or one pair per axis. Modes as in NumPy. */
export const pad = <D extends DType>(x: Tensor<D>, padding: Padding, mode: PadMode = 'constant', value = 0): Tensor<D> => same(x, (a) => lib.pad(a, padding, mode, value));
export const tile = <D extends DType>(x: Tensor<D>, repeats: readonly number[]): Tensor<D> => same(x, (a) => lib.tile(a, repeats));
export const repeat = <D extends DType>(x: Tensor<D>, times: number, axis = 0): Tensor<D> => same(x, (a) => lib.repeat(a, times, axis));
export const flip = <D extends DType>(x: Tensor<D>, axis?: number | readonly number[]): Tensor<D> => same(x, (a) => lib.flip(a, axis));
export const roll = <D extends DType>(x: Tensor<D>, shift: number, axis = 0): Tensor<D> => same(x, (a) => lib.roll(a, shift, axis));
/** The lower triangle of the last two axes, up to the k-th diagonal. */
export const tril = <D extends DType>(x: Tensor<D>, k = 0): Tensor<D> => same(x, (a) => lib.tril(a, k));
/** The upper triangle of the last two axes, from the k-th diagonal. */
export const triu = <D extends DType>(x: Tensor<D>, k = 0): Tensor<D> => same(x, (a) => lib.triu(a, k));
export const diagonal = <D extends DType>(x: Tensor<D>): Tensor<D> => same(x, lib.diagonal);
