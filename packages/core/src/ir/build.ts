/**
 * Builders: one short function per primitive, used by gradient rules, by the optimizer and by the tensor library.
 * Binary builders take operands of equal shape and dtype; `broadcastTo`, `sumTo` and `splat` bridge the gap.
 */
import { createArray, type DType, type HostArray } from '../base/dtype.ts';
import { ShapeError } from '../base/errors.ts';
import { at, normalizeAxes, sameShape, showShape, sizeOf, type Shape } from '../base/shape.ts';
import { makeNode } from './node.ts';
import type { Graph, Node, OpAttrs, ReduceKind, ScatterKind, StateSlot, TensorType, VjpRule } from './types.ts';

// ---- sources ----
/** Constant with all its elements. */
export const constant = (data: HostArray, shape: Shape, dtype: DType): Node => makeNode('const', [], { type: { shape: [...shape], dtype }, data });
/** Constant filled with one value (stored once). */
export function splat(value: number, shape: Shape, dtype: DType): Node {
  const data = createArray(dtype, 1);
  data[0] = value;
  return makeNode('const', [], { type: { shape: [...shape], dtype }, data });
}
export const splatLike = (value: number, like: Node): Node => splat(value, like.type.shape, like.type.dtype);
export const input = (index: number, name: string, type: TensorType): Node<'input'> => makeNode('input', [], { index, name, type });
export const state = (slot: StateSlot): Node<'state'> => makeNode('state', [], { slot });
export const iota = (type: TensorType, axis: number): Node => makeNode('iota', [], { type, axis });
export const randomBits = (key: Node, shape: Shape, bits: 32 | 16 = 32): Node => makeNode('randomBits', [key], { shape: [...shape], bits });

// ---- unary ----
type UnaryOp = 'neg' | 'exp' | 'log' | 'log1p' | 'expm1' | 'sin' | 'cos' | 'tanh' | 'erf' | 'sqrt' | 'floor' | 'round' | 'not' | 'stopGradient' | 'barrier';
const unary = (op: UnaryOp) => (x: Node): Node => makeNode(op, [x], {});
export const neg = unary('neg'), exp = unary('exp'), log = unary('log'), log1p = unary('log1p'), expm1 = unary('expm1');
export const sin = unary('sin'), cos = unary('cos'), tanh = unary('tanh'), erf = unary('erf'), sqrt = unary('sqrt');
export const floor = unary('floor'), round = unary('round'), not = unary('not');
export const stopGradient = unary('stopGradient'), barrier = unary('barrier');
export const cast = (x: Node, dtype: DType): Node => (x.type.dtype === dtype ? x : makeNode('cast', [x], { dtype }));
export const bitcast = (x: Node, dtype: DType): Node => makeNode('bitcast', [x], { dtype });

// ---- binary ----
type BinaryOp = 'add' | 'sub' | 'mul' | 'div' | 'mod' | 'pow' | 'min' | 'max' | 'and' | 'or' | 'xor' | 'shl' | 'shr' | 'lt' | 'le' | 'eq';
const binary = (op: BinaryOp) => (a: Node, b: Node): Node => makeNode(op, [a, b], {});
export const add = binary('add'), sub = binary('sub'), mul = binary('mul'), div = binary('div'), mod = binary('mod'), pow = binary('pow');
export const min = binary('min'), max = binary('max'), and = binary('and'), or = binary('or'), xor = binary('xor');
export const shl = binary('shl'), shr = binary('shr'), lt = binary('lt'), le = binary('le'), eq = binary('eq');
export const where = (condition: Node, a: Node, b: Node): Node => makeNode('where', [condition, a, b], {});

// ---- movement (identities are not built) ----
export const reshape = (x: Node, shape: Shape): Node => (sameShape(x.type.shape, shape) ? x : makeNode('reshape', [x], { shape: [...shape] }));
export const transpose = (x: Node, perm: readonly number[]): Node => (perm.every((p, i) => p === i) ? x : makeNode('transpose', [x], { perm: [...perm] }));
export const broadcast = (x: Node, shape: Shape): Node => (sameShape(x.type.shape, shape) ? x : makeNode('broadcast', [x], { shape: [...shape] }));
export const slice = (x: Node, attrs: OpAttrs['slice']): Node => makeNode('slice', [x], attrs);
export const pad = (x: Node, attrs: OpAttrs['pad']): Node => makeNode('pad', [x], attrs);
export const concat = (xs: readonly Node[], axis: number): Node => (xs.length === 1 ? at(xs, 0) : makeNode('concat', xs, { axis }));

/** NumPy broadcasting of one operand to `shape`: leading axes are added, extents 1 repeated. */
export function broadcastTo(x: Node, shape: Shape): Node {
  const own = x.type.shape;
  if (sameShape(own, shape)) return x;
  if (own.length > shape.length) throw new ShapeError(`broadcastTo: ${showShape(own)} has more axes than ${showShape(shape)}.`);
  return broadcast(reshape(x, [...new Array<number>(shape.length - own.length).fill(1), ...own]), shape);
}
/** The adjoint of `broadcastTo`: sums `x` down to `shape`. */
export function sumTo(x: Node, shape: Shape): Node {
  const own = x.type.shape;
  if (sameShape(own, shape)) return x;
  const lead = own.length - shape.length;
  const axes = own.flatMap((d, i) => (i < lead || (at(shape, i - lead) === 1 && d !== 1) ? [i] : []));
  return reshape(reduce('sum', x, axes), shape);
}

// ---- reduce ----
export const reduce = (kind: ReduceKind, x: Node, axes: readonly number[]): Node => (axes.length === 0 ? x : makeNode('reduce', [x], { kind, axes: [...axes].sort((a, b) => a - b) }));
export const sum = (x: Node, axes?: number | readonly number[]): Node => reduce('sum', x, normalizeAxes(axes, x.type.shape.length, 'sum'));
/** Like `reduce`, keeping reduced axes with extent 1. */
export function reduceKeep(kind: ReduceKind, x: Node, axes: readonly number[]): Node {
  return reshape(reduce(kind, x, axes), x.type.shape.map((d, i) => (axes.includes(i) ? 1 : d)));
}
export const argReduce = (kind: 'max' | 'min', x: Node, axis: number): Node => makeNode('argReduce', [x], { kind, axis });
export const scan = (x: Node, attrs: OpAttrs['scan']): Node => makeNode('scan', [x], attrs);

// ---- contraction ----
export const dot = (a: Node, b: Node, attrs: OpAttrs['dot']): Node => makeNode('dot', [a, b], attrs);
/** a [m, k] times b [k, n]. */
export const matmul2d = (a: Node, b: Node): Node => dot(a, b, { batchA: [], batchB: [], contractA: [1], contractB: [0] });
export const conv = (x: Node, kernel: Node, attrs: OpAttrs['conv']): Node => makeNode('conv', [x, kernel], attrs);
export const windowReduce = (x: Node, attrs: OpAttrs['windowReduce']): Node => makeNode('windowReduce', [x], attrs);

// ---- indexing ----
export const gather = (x: Node, indices: Node, axis: number, batchDims = 0): Node => makeNode('gather', [x, indices], { axis, batchDims });
export const scatter = (kind: ScatterKind, x: Node, indices: Node, updates: Node, axis: number, batchDims = 0): Node =>
  makeNode('scatter', [x, indices, updates], { kind, axis, batchDims });
/** x with rows (slices of axis 0) replaced; no index in range may stand twice. */
export const setRows = (x: Node, indices: Node, rows: Node): Node => makeNode('scatter', [x, indices, rows], { kind: 'set', axis: 0, batchDims: 0, unique: true });
/** Sorted keys, then the values permuted alike. */
export function sort(keys: Node, values: readonly Node[], axis: number, descending = false): Node[] {
  const node = makeNode('sort', [keys, ...values], { axis, descending });
  return [keys, ...values].map((_, i) => pick(node, i));
}

// ---- control ----
/** All results of a loop: final carries, then stacked outputs. */
export function loop(inputs: readonly Node[], attrs: OpAttrs['loop']): Node[] {
  const node = makeNode('loop', inputs, attrs);
  return (node.tuple ?? []).map((_, i) => pick(node, i));
}
export function call(inputs: readonly Node[], body: Graph, name: string, vjp: VjpRule | null = null): Node[] {
  const node = makeNode('call', inputs, { body, name, vjp });
  return (node.tuple ?? []).map((_, i) => pick(node, i));
}
export const pick = (tuple: Node, index: number): Node => makeNode('pick', [tuple], { index });

// ---- effects ----
export const assign = (slot: StateSlot, value: Node): Node<'assign'> => makeNode('assign', [value], { slot });
export const allReduce = (kind: ReduceKind, x: Node): Node => makeNode('allReduce', [x], { kind });

/** 1 / x. */
export const reciprocal = (x: Node): Node => div(splatLike(1, x), x);
export const size = (x: Node): number => sizeOf(x.type.shape);
