/**
 * Gradient rules of gather, scatter and sort. scatter set: the update that was written last gets the gradient of its place; scatter max and min share it
 * equally among all that are equal to the result.
 */
import { at, sizeOf } from '../../base/shape.ts';
import * as b from '../../ir/build.ts';
import type { Node } from '../../ir/types.ts';
import type { GradientRule } from '../rule.ts';

const zeros = (like: Node): Node => b.splatLike(0, like);
/** Indices as gather uses them: clamped into the axis. */
function clamp(indices: Node, extent: number): Node {
  return b.min(b.max(indices, zeros(indices)), b.splatLike(extent - 1, indices));
}

/** A value per index, repeated over the axes that an update has besides. */
function perUpdate(value: Node, x: Node, updates: Node, axis: number, batchDims: number): Node {
  const own = value.type.shape, ones = (n: number): number[] => new Array<number>(n).fill(1);
  const shape = [...own.slice(0, batchDims), ...ones(axis - batchDims), ...own.slice(batchDims), ...ones(x.type.shape.length - axis - 1)];
  return b.broadcast(b.reshape(value, shape), updates.type.shape);
}

/** true for each index that no later one overwrites. */
function isLast(indices: Node, extent: number, batchDims: number): Node {
  const batch = sizeOf(indices.type.shape.slice(0, batchDims)), count = sizeOf(indices.type.shape.slice(batchDims));
  const flat = b.reshape(indices, [batch, count]), numbers = b.iota({ shape: [batch, count], dtype: 'i32' }, 1);
  const winners = b.scatter('max', b.splat(-1, [batch, extent], 'i32'), flat, numbers, 1, 1);
  return b.reshape(b.eq(b.gather(winners, flat, 1, 1), numbers), indices.type.shape);
}

function scatterRule(node: Node<'scatter'>, g: Node): (Node | null)[] {
  const x = at(node.inputs, 0), indices = at(node.inputs, 1), updates = at(node.inputs, 2), { kind, axis, batchDims } = node.attrs;
  const extent = at(x.type.shape, axis);
  const inside = perUpdate(b.eq(indices, clamp(indices, extent)), x, updates, axis, batchDims);
  const back = (from: Node, mask: Node): Node => b.where(mask, b.gather(from, indices, axis, batchDims), zeros(updates));
  if (kind === 'add') return [g, null, back(g, inside)];
  if (kind === 'set') {
    const last = perUpdate(isLast(indices, extent, batchDims), x, updates, axis, batchDims);
    return [b.scatter('set', g, indices, zeros(updates), axis, batchDims), null, back(g, b.and(inside, last))];
  }
  const { dtype } = x.type, hitX = b.eq(x, node), hitUpdates = b.and(inside, b.eq(updates, b.gather(node, indices, axis, batchDims)));
  const count = b.scatter('add', b.cast(hitX, dtype), indices, b.cast(hitUpdates, dtype), axis, batchDims);
  const share = b.div(g, b.max(count, b.splatLike(1, count)));
  return [b.where(hitX, share, zeros(x)), null, back(share, hitUpdates)];
}

export const indexingRules = {
  gather: (node, grads) => {
    const x = at(node.inputs, 0), { axis, batchDims } = node.attrs;
    return [b.scatter('add', zeros(x), clamp(at(node.inputs, 1), at(x.type.shape, axis)), at(grads, 0), axis, batchDims), null];
  },
  scatter: (node, grads) => scatterRule(node, at(grads, 0)),
  // The places the elements came from, sorted ascending, bring the gradients back to them.
  sort: (node, grads) => {
    const keys = at(node.inputs, 0), { axis, descending } = node.attrs;
    const places = at(b.sort(keys, [b.iota({ shape: keys.type.shape, dtype: 'i32' }, axis)], axis, descending), 1);
    return b.sort(places, grads, axis).slice(1);
  },
} satisfies { [K in 'gather' | 'scatter' | 'sort']: GradientRule<K> };
