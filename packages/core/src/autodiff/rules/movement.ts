/** Gradient rules of the operations that move elements: each one's adjoint is a movement again, or a sum where elements were repeated. */
import { at, sizeOf } from '../../base/shape.ts';
import * as b from '../../ir/build.ts';
import type { Node } from '../../ir/types.ts';
import type { GradientRule } from '../rule.ts';
import { sumGradientTo } from './sums.ts';

/** The same order of axes undone. */
export const inverse = (perm: readonly number[]): number[] => perm.map((_, i) => perm.indexOf(i));

/** The elements of one axis in opposite order. */
export function flip(x: Node, axes: readonly number[]): Node {
  const { shape } = x.type;
  if (axes.length === 0) return x;
  return b.slice(x, {
    starts: shape.map((d, i) => (axes.includes(i) ? d - 1 : 0)), sizes: shape, strides: shape.map((_, i) => (axes.includes(i) ? -1 : 1)),
  });
}

/** Zeros (or `value`) around and between; negative amounts cut elements off. */
export function padOrCrop(x: Node, low: readonly number[], high: readonly number[], interior: readonly number[], value = 0): Node {
  const grown = (list: readonly number[]): number[] => list.map((n) => Math.max(0, n));
  const padded = [...low, ...high, ...interior].some((n) => n > 0) ? b.pad(x, { low: grown(low), high: grown(high), interior, value }) : x;
  if (![...low, ...high].some((n) => n < 0)) return padded;
  const starts = low.map((n) => Math.max(0, -n));
  return b.slice(padded, { starts, sizes: padded.type.shape.map((d, i) => d - at(starts, i) - Math.max(0, -at(high, i))), strides: low.map(() => 1) });
}

export const movementRules = {
  reshape: (node, grads) => [b.reshape(at(grads, 0), at(node.inputs, 0).type.shape)],
  transpose: (node, grads) => [b.transpose(at(grads, 0), inverse(node.attrs.perm))],
  broadcast: (node, grads) => [sumGradientTo(at(grads, 0), at(node.inputs, 0).type.shape)],
  slice: (node, grads) => {
    const { starts, sizes, strides } = node.attrs, { shape } = at(node.inputs, 0).type;
    if (sizeOf(sizes) === 0) return [null];
    // An axis read backwards is the same axis read forwards, flipped.
    const upward = flip(at(grads, 0), strides.flatMap((s, i) => (s < 0 && at(sizes, i) > 1 ? [i] : [])));
    const first = starts.map((s, i) => Math.min(s, s + (at(sizes, i) - 1) * at(strides, i)));
    const last = starts.map((s, i) => Math.max(s, s + (at(sizes, i) - 1) * at(strides, i)));
    return [padOrCrop(upward, first, shape.map((d, i) => d - 1 - at(last, i)), strides.map((s) => Math.abs(s) - 1))];
  },
  pad: (node, grads) => {
    const { low, interior } = node.attrs, { shape } = at(node.inputs, 0).type;
    return [sizeOf(shape) === 0 ? null : b.slice(at(grads, 0), { starts: low, sizes: shape, strides: interior.map((n) => n + 1) })];
  },
  concat: (node, grads) => {
    const { axis } = node.attrs;
    let from = 0;
    return node.inputs.map(({ type: { shape } }) => {
      const starts = shape.map((_, i) => (i === axis ? from : 0));
      from += at(shape, axis);
      return b.slice(at(grads, 0), { starts, sizes: shape, strides: shape.map(() => 1) });
    });
  },
} satisfies { [K in 'reshape' | 'transpose' | 'broadcast' | 'slice' | 'pad' | 'concat']: GradientRule<K> };
