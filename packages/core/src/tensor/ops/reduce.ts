/**
 * Reductions, cumulative operations and softmax. `axis`: one axis, a list, or all when absent; `keepDims` keeps reduced axes with extent 1.
 */
import type { DType } from '../../base/dtype.ts';
import type { Node } from '../../ir/types.ts';
import * as lib from '../lib/index.ts';
import type { Axis, Countable, Real, ScanOptions } from '../lib/index.ts';
import type { Tensor } from '../tensor.ts';
import { on } from './wrap.ts';

type Reduction = (x: Node, axis?: Axis, keepDims?: boolean) => Node;
const countable = (build: Reduction) => <D extends DType>(x: Tensor<D>, axis?: Axis, keepDims = false): Tensor<Countable<D>> => on(x, (a) => build(a, axis, keepDims)) as Tensor<Countable<D>>;
const realOf = (build: Reduction) => <D extends DType>(x: Tensor<D>, axis?: Axis, keepDims = false): Tensor<Real<D>> => on(x, (a) => build(a, axis, keepDims)) as Tensor<Real<D>>;
const truth = (build: Reduction) => (x: Tensor, axis?: Axis, keepDims = false): Tensor<'bool'> => on(x, (a) => build(a, axis, keepDims)) as Tensor<'bool'>;

/** bool and u8 are summed in i32. */
export const sum = countable(lib.sum), prod = countable(lib.prod), max = countable(lib.max), min = countable(lib.min);
/** Variance and standard deviation are the population's (divided by n). */
export const mean = realOf(lib.mean), variance = realOf(lib.variance), std = realOf(lib.std);
/** log Σ e^x, stable. */
export const logSumExp = realOf(lib.logSumExp);
export const any = truth(lib.any), all = truth(lib.all);
export const countNonZero = (x: Tensor, axis?: Axis, keepDims = false): Tensor<'i32'> => on(x, (a) => lib.countNonZero(a, axis, keepDims)) as Tensor<'i32'>;
/** Index of the first largest element along `axis`, or of the flattened tensor. */
export const argMax = (x: Tensor, axis?: number | null, keepDims = false): Tensor<'i32'> => on(x, (a) => lib.argMax(a, axis, keepDims)) as Tensor<'i32'>;
export const argMin = (x: Tensor, axis?: number | null, keepDims = false): Tensor<'i32'> => on(x, (a) => lib.argMin(a, axis, keepDims)) as Tensor<'i32'>;
const scan = (build: (x: Node, axis: number, options?: ScanOptions) => Node) => <D extends DType>(x: Tensor<D>, axis: number, options: ScanOptions = {}): Tensor<Countable<D>> => on(x, (a) => build(a, axis, options)) as Tensor<Countable<D>>;
export const cumsum = scan(lib.cumsum), cumprod = scan(lib.cumprod), cummax = scan(lib.cummax), cummin = scan(lib.cummin);
/** e^x / Σ e^x along `axis` (default the last). */
export const softmax = <D extends DType>(x: Tensor<D>, axis: Axis = -1): Tensor<Real<D>> => on(x, (a) => lib.softmax(a, axis)) as Tensor<Real<D>>;
/** log softmax, stable. */
export const logSoftmax = <D extends DType>(x: Tensor<D>, axis: Axis = -1): Tensor<Real<D>> => on(x, (a) => lib.logSoftmax(a, axis)) as Tensor<Real<D>>;
/** Mean and population variance. */
export const moments = <D extends DType>(x: Tensor<D>, axis?: Axis, keepDims = false): [Tensor<Real<D>>, Tensor<Real<D>>] => [mean(x, axis, keepDims), variance(x, axis, keepDims)];
