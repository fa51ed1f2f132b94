/**
 * From node-level functions to functions on tensors: concrete operands are computed at once, symbolic ones extend the graph.
 */
import * as g from '../../ir/build.ts';
import type { Node } from '../../ir/types.ts';
import type { DType } from '../../base/dtype.ts';
import type { Countable, Operand, Promote, Real } from '../lib/index.ts';
import { compute, type Tensor } from '../tensor.ts';

/** A tensor, or a number that adopts its partner's dtype. */
export type Like<D extends DType = DType> = Tensor<D> | number;

/** A node; numbers become f32 scalars. */
export const node = (x: Operand): Node => (typeof x === 'object' ? x : g.splat(Number(x), [], 'f32'));

/** One tensor in, any function of its node. */
export const on = (x: Like, build: (x: Node) => Node): Tensor => compute([x], (a) => build(node(a)));
/** Two tensors in. */
export const on2 = (a: Like, b: Like, build: (a: Node, b: Node) => Node): Tensor => compute([a, b], (x, y) => build(node(x), node(y)));

export const countable = (build: (x: Node) => Node) => <D extends DType = 'f32'>(x: Like<D>): Tensor<Countable<D>> => on(x, build) as Tensor<Countable<D>>;
export const realUnary = (build: (x: Node) => Node) => <D extends DType = 'f32'>(x: Like<D>): Tensor<Real<D>> => on(x, build) as Tensor<Real<D>>;
export const truthOf = (build: (x: Node) => Node) => (x: Like): Tensor<'bool'> => on(x, build) as Tensor<'bool'>;
type Build2 = (a: Operand, b: Operand) => Node;
export const arithmetic = (build: Build2) => <A extends DType, B extends DType = A>(a: Like<A>, b: Like<B>): Tensor<Countable<Promote<A, B>>> => compute([a, b], build) as Tensor<Countable<Promote<A, B>>>;
export const realBinary = (build: Build2) => <A extends DType, B extends DType = A>(a: Like<A>, b: Like<B>): Tensor<Real<Promote<A, B>>> => compute([a, b], build) as Tensor<Real<Promote<A, B>>>;
export const comparison = (build: Build2) => (a: Like, b: Like): Tensor<'bool'> => compute([a, b], build) as Tensor<'bool'>;
