/**
 * Rules that reshape the work itself: small windows are written out, reshapes sink through elementwise chains to where they are free (a buffer), and long reductions
 * with few results are split into a fixed number of partial results, so that threads can share them and any thread count gives the same bits.
 */
import { at, normalizeAxes, reshapeSplits, sizeOf, type Shape } from '../base/shape.ts';
import { add, max, min, mul, reduce, reshape, slice, splat } from '../ir/build.ts';
import { makeNode } from '../ir/node.ts';
import { primitiveOf } from '../ir/table/index.ts';
import { isOp, type Node } from '../ir/types.ts';
import type { RewriteContext, RewriteRule } from './rewrite.ts';
import { splatValue } from './simplify.ts';

/** reshape(f(a, b)) → f(reshape(a), reshape(b)) where the reshape would cost a division and f has no other user. */
export const sinkReshapes: RewriteRule = (node, context) => {
  if (!isOp(node, 'reshape')) return null;
  const x = at(node.inputs, 0);
  return reshapeSplits(node.type.shape, x.type.shape) && canSink(x, context) && !repeats(x, context) ? sink(x, node.type.shape, context) : null;
};
const canSink = (x: Node, context: RewriteContext): boolean =>
  primitiveOf(x.op).traits.elementwise && x.inputs.length > 0 && x.op !== 'barrier' && x.op !== 'assign' && x.tuple === null && context.users(x) <= 1;
/** True where a reshape would end up at what repeats elements: there it would need a buffer of the repeated ones. */
function repeats(x: Node, context: RewriteContext): boolean {
  if (splatValue(x) !== undefined) return false;
  if (isOp(x, 'broadcast') || isOp(x, 'iota')) return true;
  return (isOp(x, 'reshape') || canSink(x, context)) && x.inputs.some((i) => repeats(i, context));
}
function sink(x: Node, shape: Shape, context: RewriteContext): Node {
  const value = splatValue(x);
  if (value !== undefined) return splat(value, shape, x.type.dtype);
  if (isOp(x, 'reshape')) return sink(at(x.inputs, 0), shape, context);
  if (!canSink(x, context)) return reshape(x, shape);
  return makeNode(x.op, x.inputs.map((i) => sink(i, shape, context)), x.attrs, x.scope);
}

/** Windows of at most this many elements … */
const SMALL_WINDOW = 9;
const COMBINE = { sum: add, prod: mul, max, min };
/** … without padding become elementwise work on strided slices, which joins what stands beside it and needs no buffer of its own. */
export const unrollWindows: RewriteRule = (node) => {
  if (!isOp(node, 'windowReduce')) return null;
  const { kind, window, strides, padding, dilation } = node.attrs, x = at(node.inputs, 0);
  if (sizeOf(window) > SMALL_WINDOW || padding.some(([low, high]) => low + high > 0) || sizeOf(node.type.shape) === 0) return null;
  const offsets = window.reduce<number[][]>((list, w) => list.flatMap((o) => Array.from({ length: w }, (_, k) => [...o, k])), [[]]);
  const taps = offsets.map((o) => slice(x, { starts: o.map((k, i) => k * at(dilation, i)), sizes: node.type.shape, strides }));
  return taps.reduce((total, tap) => COMBINE[kind](total, tap));
};

/** Reductions with fewer results than this … */
const FEW_RESULTS = 16;
/** … over at least this many elements each are split into … */
const LONG = 16384;
/** … this many parts, or the next smaller divisor of a reduced axis. */
const PARTS = [64, 32, 16, 8];

export const splitReductions: RewriteRule = (node) => {
  if (!isOp(node, 'reduce')) return null;
  const x = at(node.inputs, 0), shape = x.type.shape, axes = normalizeAxes(node.attrs.axes, shape.length);
  const results = sizeOf(node.type.shape);
  if (results >= FEW_RESULTS || sizeOf(shape) / Math.max(1, results) < LONG) return null;
  for (const parts of PARTS) {
    const axis = axes.find((a) => at(shape, a) % parts === 0);
    if (axis === undefined) continue;
    const split = [...shape.slice(0, axis), parts, at(shape, axis) / parts, ...shape.slice(axis + 1)];
    const moved = axes.map((a) => (a >= axis ? a + 1 : a));
    const partial = reduce(node.attrs.kind, reshape(x, split), moved);
    const kept = split.slice(0, axis).filter((_, i) => !axes.includes(i)).length;
    return reduce(node.attrs.kind, partial, [kept]);
  }
  return null;
};
