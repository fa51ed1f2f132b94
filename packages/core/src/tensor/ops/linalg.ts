/**
 * Contractions, convolution and pooling. Channels come last. Integers become f32.
 */
import type { DType } from '../../base/dtype.ts';
import type { Node } from '../../ir/types.ts';
import * as lib from '../lib/index.ts';
import type { ConvOptions, ConvTransposeOptions, PoolOptions, Promote, Real } from '../lib/index.ts';
import { compute, type Tensor } from '../tensor.ts';
import { on, on2 } from './wrap.ts';

type Product<A extends DType, B extends DType> = Tensor<Real<Promote<A, B>>>;
/** NumPy's matmul: the last two axes are multiplied, leading axes broadcast. */
export const matmul = <A extends DType, B extends DType>(a: Tensor<A>, b: Tensor<B>): Product<A, B> => on2(a, b, lib.matmul) as Product<A, B>;
/** NumPy's dot. */
export const dot = <A extends DType, B extends DType>(a: Tensor<A>, b: Tensor<B>): Product<A, B> => on2(a, b, lib.dot) as Product<A, B>;
/** Contracts the last `axes` of a with the first of b, or the named axes of both. */
export const tensordot = <A extends DType, B extends DType>(a: Tensor<A>, b: Tensor<B>, axes: number | readonly [readonly number[], readonly number[]] = 2): Product<A, B> => on2(a, b, (x, y) => lib.tensordot(x, y, axes)) as Product<A, B>;
/** Einstein summation over letters, '...' for any other axes: `einsum('bij,bjk->bik', a, b)`. */
export const einsum = (equation: string, ...operands: readonly Tensor[]): Tensor => compute(operands, (...nodes) => lib.einsum(equation, ...(nodes as unknown as Node[])));
export const outer = <A extends DType, B extends DType>(a: Tensor<A>, b: Tensor<B>): Product<A, B> => on2(a, b, lib.outer) as Product<A, B>;
/** x [batch, spatial…, in], kernel [spatial…, in / groups, out]; 'same' pads as TensorFlow does. */
export const conv = <A extends DType, B extends DType>(x: Tensor<A>, kernel: Tensor<B>, options: ConvOptions = {}): Product<A, B> => on2(x, kernel, (a, b) => lib.conv(a, b, options)) as Product<A, B>;
/** The gradient of a convolution for its input: x [batch, spatial…, in], kernel [spatial…, out, in]; extents as in Keras. */
export const convTranspose = <A extends DType, B extends DType>(x: Tensor<A>, kernel: Tensor<B>, options: ConvTransposeOptions = {}): Product<A, B> => on2(x, kernel, (a, b) => lib.convTranspose(a, b, options)) as Product<A, B>;
/** Largest element of each window; strides default to the window's size. */
export const maxPool = <D extends DType>(x: Tensor<D>, size: number | readonly number[], options: PoolOptions = {}): Tensor<D> => on(x, (a) => lib.maxPool(a, size, options)) as Tensor<D>;
/** Mean of each window; padded places do not count. */
export const averagePool = <D extends DType>(x: Tensor<D>, size: number | readonly number[], options: PoolOptions = {}): Tensor<Real<D>> => on(x, (a) => lib.averagePool(a, size, options)) as Tensor<Real<D>>;
