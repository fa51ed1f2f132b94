/**
 * Gradient rules of `windowReduce`. Extremes give the whole gradient to the first extreme of the window in row-major order (as TensorFlow and PyTorch
 * pooling do). Where windows do not overlap, the place of that extreme is all that the gradient needs: no element of the operand is read again.
 */
import { at } from '../../base/shape.ts';
import * as b from '../../ir/build.ts';
import { neutralOf } from '../../ir/table/combine.ts';
import type { Node, OpAttrs } from '../../ir/types.ts';
import type { GradientRule } from '../rule.ts';
import { padOrCrop } from './movement.ts';
import { isRelu, noteZeros } from './relu.ts';
import { noteSums } from './sums.ts';

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

type Windows = OpAttrs['windowReduce'];

/** Sums: every element gets the gradients of the windows it is in, a windowed sum over the gradients set apart by the strides. */
function windowSumRule(x: Node, { window, strides, padding, dilation }: Windows, g: Node): Node {
  const reach = window.map((w, i) => (w - 1) * at(dilation, i));
  const low = padding.map(([l], i) => at(reach, i) - l);
  const high = x.type.shape.map((d, i) => d + at(reach, i) - at(low, i) - ((at(g.type.shape, i) - 1) * at(strides, i) + 1));
  const apart = padOrCrop(g, low, high, strides.map((s) => s - 1));
  return b.windowReduce(apart, { kind: 'sum', window, strides: strides.map(() => 1), padding: padding.map((): [number, number] => [0, 0]), dilation });
}

/** The part of the attributes that concerns one axis. */
const alongAxis = (attrs: Windows, axis: number): Windows => ({
  kind: attrs.kind,
  window: attrs.window.map((w, i) => (i === axis ? w : 1)), strides: attrs.strides.map((s, i) => (i === axis ? s : 1)),
  padding: attrs.padding.map((p, i): readonly [number, number] => (i === axis ? p : [0, 0])), dilation: attrs.dilation.map((d, i) => (i === axis ? d : 1)),
});

/** Windows along one axis: the elements at each place of the window are one strided slice. `share` gives each slice its part of the gradient. */
function windowAxisRule(x: Node, y: Node, attrs: Windows, axis: number, g: Node): Node {
  const window = at(attrs.window, axis), stride = at(attrs.strides, axis), dilation = at(attrs.dilation, axis), [low, high] = at(attrs.padding, axis);
  const only = (n: number): number[] => attrs.window.map((_, i) => (i === axis ? n : 0));
  const padded = padOrCrop(x, only(low), only(high), only(0), neutralOf(attrs.kind, x.type.dtype));
  const count = at(y.type.shape, axis), strides = x.type.shape.map((_, i) => (i === axis ? stride : 1));
  const taps = range(0, window).map((k) => b.slice(padded, { starts: only(k * dilation), sizes: y.type.shape, strides }));
  const shares = attrs.kind === 'prod' ? prodShares(taps, g) : extremeShares(taps, y, g);
  const placed = shares.map((share, k) => {
    const before = k * dilation - low, after = at(x.type.shape, axis) - before - ((count - 1) * stride + 1);
    return padOrCrop(share, only(before), only(after), only(stride - 1));
  });
  return placed.reduce((sum, part) => b.add(sum, part));
}
function extremeShares(taps: readonly Node[], y: Node, g: Node): Node[] {
  let taken: Node | null = null;
  return taps.map((tap) => {
    const hit: Node = b.eq(tap, y), first: Node = taken === null ? hit : b.and(hit, b.not(taken));
    taken = taken === null ? hit : b.or(taken, hit);
    return b.where(first, g, b.splatLike(0, g));
  });
}
function prodShares(taps: readonly Node[], g: Node): Node[] {
  const before: Node[] = [g];
  for (const tap of taps.slice(0, -1)) before.push(b.mul(at(before, -1), tap));
  let after: Node | null = null;
  const shares = taps.map((tap, i) => [tap, at(before, i)] as const).reverse().map(([tap, prefix]) => {
    const share: Node = after === null ? prefix : b.mul(prefix, after);
    after = after === null ? tap : b.mul(tap, after);
    return share;
  });
  return shares.reverse();
}

/** Windows over several axes are windows over one axis after the other, the last axis first: then the first extreme in row-major order wins. */
function overlappingRule(x: Node, attrs: Windows, g: Node): Node {
  const axes = range(0, attrs.window.length).filter((i) => at(attrs.window, i) > 1 || at(attrs.strides, i) > 1 || at(attrs.padding, i).some((p) => p > 0)).reverse();
  const stages = [x];
  for (const axis of axes) stages.push(b.windowReduce(at(stages, -1), alongAxis(attrs, axis)));
  return axes.reduceRight((grad, axis, i) => windowAxisRule(at(stages, i), at(stages, i + 1), attrs, axis, grad), g);
}

/** Most elements of a window whose extreme is found by comparing with each. */
const FEW = 32;
const apart = ({ window, strides, dilation }: Windows): boolean =>
  window.every((w, i) => w === at(strides, i) && (w === 1 || at(dilation, i) === 1)) && window.reduce((n, w) => n * w, 1) <= FEW;

/** Windows side by side: the place of each window's extreme is compared with the place of each element. */
function apartRule(x: Node, y: Node, { kind, window, padding }: Windows, g: Node): Node {
  const { shape } = x.type, counts = y.type.shape, none = shape.map(() => 0), low = padding.map(([l]) => l);
  const rest = shape.map((d, i) => at(counts, i) * at(window, i) - at(low, i) - d);
  const whole = padOrCrop(x, low, rest, none, neutralOf(kind, x.type.dtype));
  const offsets = window.reduce<number[][]>((list, w) => list.flatMap((o) => range(0, w).map((k) => [...o, k])), [[]]);
  const taps = offsets.map((starts) => b.slice(whole, { starts, sizes: counts, strides: window }));
  const number = (n: number): Node => b.splat(n, counts, 'i32');
  const place = taps.slice(0, -1).reduceRight((later, tap, k) => b.where(b.eq(tap, y), number(k), later), number(taps.length - 1));

  // Every axis with a window becomes two: the window's number, and the place within it.
  const parts = window.map((w, i) => (w === 1 ? [at(counts, i)] : [at(counts, i), w])), split = parts.flat();
  const spread = (node: Node): Node => b.broadcast(b.reshape(node, window.flatMap((w, i) => (w === 1 ? [at(counts, i)] : [at(counts, i), 1]))), split);
  let own: Node | null = null, stride = 1, axis = split.length;
  for (let i = window.length - 1; i >= 0; i--) {
    const w = at(window, i);
    axis -= at(parts, i).length;
    if (w === 1) continue;
    const step = b.mul(b.iota({ shape: split, dtype: 'i32' }, axis + 1), b.splat(stride, split, 'i32'));
    own = own === null ? step : b.add(own, step);
    stride *= w;
  }
  if (own === null) return g;
  // Where the operand is a relu, a window without a positive element has no gradient; said here, it need not be said again for each element.
  const relu = kind === 'max' && isRelu(x), share = relu ? b.where(b.le(y, b.splatLike(0, y)), b.splatLike(0, g), g) : g;
  const chosen = b.where(b.eq(spread(place), own), spread(share), b.splat(0, split, g.type.dtype));
  const result = padOrCrop(b.reshape(chosen, counts.map((n, i) => n * at(window, i))), low.map((n) => -n), rest.map((n) => -n), none);
  if (relu) noteZeros(result, x);
  // Each share goes to one element (of the padding none can be the extreme, unless all are).
  noteSums(result, share, window.map((w) => w > 1));
  return result;
}

export const windowReduceRule: GradientRule<'windowReduce'> = (node, grads) => {
  const x = at(node.inputs, 0), g = at(grads, 0), { attrs } = node;
  if (attrs.kind === 'sum') return [windowSumRule(x, attrs, g)];
  return [attrs.kind !== 'prod' && apart(attrs) ? apartRule(x, node, attrs, g) : overlappingRule(x, attrs, g)];
};
