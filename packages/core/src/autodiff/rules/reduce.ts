/**
 * Gradient rules of the reductions. Extremes of `reduce` share the gradient equally among ties (as JAX and TensorFlow do); extremes of `scan` give it
 * to the element met last (as PyTorch's cummax does). Products are right where elements are zero: no division by an element anywhere.
 */
import { at, sizeOf } from '../../base/shape.ts';
import * as b from '../../ir/build.ts';
import { makeGraph } from '../../ir/node.ts';
import type { Node, OpAttrs } from '../../ir/types.ts';
import type { GradientRule } from '../rule.ts';
import { flip, inverse } from './movement.ts';

/** Puts the reduced axes back with extent 1 and repeats them. */
export function spread(x: Node, like: Node, axes: readonly number[]): Node {
  const { shape } = like.type;
  return b.broadcast(b.reshape(x, shape.map((d, i) => (axes.includes(i) ? 1 : d))), shape);
}

/** For each element the product of all others in its row (the last axis). */
function othersProduct(rows: Node): Node {
  const axis = rows.type.shape.length - 1, before = { kind: 'prod', axis, exclusive: true, reverse: false } as const;
  return b.mul(b.scan(rows, before), b.scan(rows, { ...before, reverse: true }));
}

function prodRule(x: Node, axes: readonly number[], g: Node): Node {
  const kept = x.type.shape.flatMap((_, i) => (axes.includes(i) ? [] : [i])), perm = [...kept, ...axes];
  const moved = b.transpose(x, perm), keptShape = kept.map((i) => at(x.type.shape, i)), n = sizeOf(axes.map((i) => at(x.type.shape, i)));
  const others = b.transpose(b.reshape(othersProduct(b.reshape(moved, [...keptShape, n])), moved.type.shape), inverse(perm));
  return b.mul(spread(g, x, axes), others);
}

/** The axis moved to the front, or back again. */
const toFront = (axis: number, rank: number): number[] => [axis, ...Array.from({ length: rank }, (_, i) => i).filter((i) => i !== axis)];

/**
 * y_i = x_0 … x_i. The gradient of x_j is the product before j times S_j, where S_j = g_j + x_{j+1} S_{j+1}: a recurrence walked from the end.
 * Exclusive: S_j = g_{j+1} + x_{j+1} S_{j+1}.
 */
function scanProdRule(x: Node, { axis, exclusive, reverse }: OpAttrs['scan'], g: Node): Node {
  const perm = toFront(axis, x.type.shape.length), xs = b.transpose(x, perm), gs = b.transpose(g, perm);
  const type = { shape: xs.type.shape.slice(1), dtype: x.type.dtype }, trip = at(xs.type.shape, 0);
  const carry = b.input(0, 'rest', type), gi = b.input(1, 'g', type), xi = b.input(2, 'x', type);
  const here = exclusive ? carry : b.add(gi, carry);
  const next = exclusive ? b.add(gi, b.mul(xi, carry)) : b.mul(xi, here);
  const body = makeGraph('scan_prod_gradient', [carry, gi, xi], [next, here]);
  const sums = at(b.loop([b.splat(0, type.shape, type.dtype), gs, xs], { body, trip, carries: 1, stacked: 2, reverse: !reverse }), 1);
  return b.mul(b.scan(x, { kind: 'prod', axis, exclusive: true, reverse }), b.transpose(sums, inverse(perm)));
}

/** Each result's gradient goes to the place where its extreme was met last. */
function scanExtremeRule(x: Node, { kind, axis, exclusive, reverse }: OpAttrs['scan'], g: Node): Node {
  if (reverse) return flip(scanExtremeRule(flip(x, [axis]), { kind, axis, exclusive, reverse: false }, flip(g, [axis])), [axis]);
  const rank = x.type.shape.length, perm = toFront(axis, rank).slice(1).concat(axis), n = at(x.type.shape, axis);
  const rows = (node: Node): Node => b.reshape(b.transpose(node, perm), [sizeOf(x.type.shape) / Math.max(1, n), n]);
  const values = rows(x), { shape } = values.type;
  const running = b.scan(values, { kind, axis: 1, exclusive: false, reverse: false });
  const places = b.where(b.eq(values, running), b.iota({ shape, dtype: 'i32' }, 1), b.splat(-1, shape, 'i32'));
  const last = b.scan(places, { kind: 'max', axis: 1, exclusive, reverse: false });
  const summed = b.scatter('add', b.splat(0, shape, x.type.dtype), last, rows(g), 1, 1);
  return b.transpose(b.reshape(summed, perm.map((i) => at(x.type.shape, i))), inverse(perm));
}

export const reduceRules = {
  reduce: (node, grads) => {
    const g = at(grads, 0), x = at(node.inputs, 0), { kind, axes } = node.attrs;
    if (kind === 'sum') return [spread(g, x, axes)];
    if (kind === 'prod') return [prodRule(x, axes, g)];
    const hits = b.cast(b.eq(x, spread(node, x, axes)), x.type.dtype);
    return [b.mul(hits, spread(b.div(g, b.reduce('sum', hits, axes)), x, axes))];
  },
  argReduce: 'none',
  scan: (node, grads) => {
    const g = at(grads, 0), x = at(node.inputs, 0), { attrs } = node;
    if (attrs.kind === 'sum') return [b.scan(g, { ...attrs, reverse: !attrs.reverse })];
    return [attrs.kind === 'prod' ? scanProdRule(x, attrs, g) : scanExtremeRule(x, attrs, g)];
  },
} satisfies { [K in 'reduce' | 'argReduce' | 'scan']: GradientRule<K> };
