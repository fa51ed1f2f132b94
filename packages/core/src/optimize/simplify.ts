/**
 * Local simplifications: identities, folding of constants, movement of movement. Each keeps the result's bits, but for the sign of zero
 * in x + 0 and for NaN payloads.
 */
import { createArray } from '../base/dtype.ts';
import { at, normalizeAxes, sameShape, sizeOf } from '../base/shape.ts';
import { broadcast, constant, mul, reshape, splat, transpose } from '../ir/build.ts';
import type { HostTensor } from '../ir/primitive.ts';
import { primitiveOf } from '../ir/table/index.ts';
import { isOp, type Node, type OpName } from '../ir/types.ts';
import type { RewriteContext, RewriteRule } from './rewrite.ts';

/** Constants up to this many elements are folded element by element. */
const FOLD_LIMIT = 1024;

/** The one value of a splat constant, else undefined. */
export function splatValue(node: Node | undefined): number | undefined {
  return node !== undefined && isOp(node, 'const') && node.attrs.data.length === 1 ? at(node.attrs.data, 0) : undefined;
}

type Rule<K extends OpName> = (node: Node<K>, context: RewriteContext) => Node | null;
const first = (node: Node): Node => at(node.inputs, 0);
const second = (node: Node): Node => at(node.inputs, 1);
const isSplatOf = (node: Node, value: number): boolean => splatValue(node) === value;
const isPowerOfTwo = (x: number): boolean => Number.isFinite(x) && x !== 0 && Number.isInteger(Math.log2(Math.abs(x)));
const movedSplat = (node: Node): Node | null => {
  const value = splatValue(first(node));
  return value === undefined ? null : splat(value, node.type.shape, node.type.dtype);
};

const RULES = {
  pick: (n) => (first(n).tuple === null ? first(n) : null),
  stopGradient: first,
  neg: (n) => (first(n).op === 'neg' ? first(first(n)) : null),
  not: (n) => (first(n).op === 'not' ? first(first(n)) : null),
  add: (n) => (isSplatOf(second(n), 0) ? first(n) : isSplatOf(first(n), 0) ? second(n) : null),
  sub: (n) => (isSplatOf(second(n), 0) ? first(n) : null),
  mul: (n) => (isSplatOf(second(n), 1) ? first(n) : isSplatOf(first(n), 1) ? second(n) : null),
  div: (n) => {
    const by = splatValue(second(n));
    if (by === 1) return first(n);
    const float = n.type.dtype === 'f32' || n.type.dtype === 'f64';
    // Division by a power of two is exact multiplication.
    return float && by !== undefined && isPowerOfTwo(by) && Math.abs(Math.log2(Math.abs(by))) < 100 ? mul(first(n), splat(1 / by, n.type.shape, n.type.dtype)) : null;
  },
  pow: (n) => (isSplatOf(second(n), 1) ? first(n) : isSplatOf(second(n), 2) ? mul(first(n), first(n)) : null),
  where: (n) => {
    const condition = splatValue(first(n));
    if (condition !== undefined) return condition === 0 ? at(n.inputs, 2) : second(n);
    // where(c, where(c, x, 0) / y, 0): what is 0 already (an y of 0 or NaN gives NaN instead)
    const quotient = second(n), chosen = quotient.op === 'div' ? first(quotient) : null;
    return isSplatOf(at(n.inputs, 2), 0) && chosen !== null && isOp(chosen, 'where') && first(chosen) === first(n) && isSplatOf(at(chosen.inputs, 2), 0) ? quotient : null;
  },
  cast: (n) => (first(n).type.dtype === n.type.dtype ? first(n) : null),
  reshape: (n) => movedSplat(n) ?? (sameShape(n.type.shape, first(n).type.shape) ? first(n) : first(n).op === 'reshape' ? reshape(first(first(n)), n.type.shape) : null),
  transpose: (n) => {
    const x = first(n);
    if (n.attrs.perm.every((p, i) => p === i)) return x;
    return movedSplat(n) ?? (isOp(x, 'transpose') ? transpose(first(x), n.attrs.perm.map((p) => at(x.attrs.perm, p))) : null);
  },
  broadcast: (n) => {
    const x = first(n);
    if (sameShape(n.type.shape, x.type.shape)) return x;
    return movedSplat(n) ?? (isOp(x, 'broadcast') ? broadcast(first(x), n.type.shape) : null);
  },
  slice: (n) => {
    const x = first(n), { starts, strides } = n.attrs;
    if (sameShape(n.type.shape, x.type.shape) && starts.every((s) => s === 0) && strides.every((s) => s === 1)) return x;
    return movedSplat(n);
  },
  pad: (n) => ([...n.attrs.low, ...n.attrs.high, ...n.attrs.interior].every((p) => p === 0) ? first(n) : isSplatOf(first(n), n.attrs.value) ? movedSplat(n) : null),
  concat: (n) => (n.inputs.length === 1 ? first(n) : null),
  gather: (n) => movedSplat(n),
  reduce: (n) => {
    const x = first(n), axes = normalizeAxes(n.attrs.axes, x.type.shape.length);
    if (axes.every((a) => at(x.type.shape, a) === 1)) return reshape(x, n.type.shape);
    const value = splatValue(x), count = sizeOf(axes.map((a) => at(x.type.shape, a)));
    if (value === undefined || count === 0) return null;
    if (n.attrs.kind === 'max' || n.attrs.kind === 'min') return splat(value, n.type.shape, n.type.dtype);
    return n.attrs.kind === 'sum' && Number.isInteger(value) && Math.abs(value * count) < 2 ** 24 ? splat(value * count, n.type.shape, n.type.dtype) : null;
  },
} satisfies { [K in OpName]?: Rule<K> };

/** Elementwise work on constants, done now. */
function fold(node: Node): Node | null {
  const row = primitiveOf(node.op);
  if (!row.traits.elementwise || row.evaluate === undefined || node.inputs.length === 0 || node.op === 'barrier' || node.op === 'allReduce') return null;
  if (!node.inputs.every((x) => isOp(x, 'const'))) return null;
  const allSplat = node.inputs.every((x) => splatValue(x) !== undefined), size = sizeOf(node.type.shape);
  if (!allSplat && size > FOLD_LIMIT) return null;
  const shape = allSplat ? [] : node.type.shape;
  const operands = node.inputs.map((x): HostTensor => {
    const { dtype } = x.type, data = isOp(x, 'const') ? x.attrs.data : createArray(dtype, 0);
    const full = data.length === 1 ? createArray(dtype, sizeOf(shape)).fill(at(data, 0)) : data;
    return { type: { shape, dtype }, data: full };
  });
  const [result] = row.evaluate(operands, node.attrs, [{ shape, dtype: node.type.dtype }]);
  if (result === undefined) return null;
  return allSplat ? splat(at(result, 0), node.type.shape, node.type.dtype) : constant(result, node.type.shape, node.type.dtype);
}

/** The rule of this pass. */
export const simplify: RewriteRule = (node, context) => {
  const folded = fold(node);
  if (folded !== null) return folded;
  const rule = (RULES as Partial<Record<OpName, Rule<OpName>>>)[node.op];
  return rule?.(node, context) ?? null;
};
