/**
 * Gradient rules of the contractions. Those of `dot` are dots, those of `conv` convolutions: strides become input dilation and back
 * (Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016). Extremes of `windowReduce` give the whole gradient to the
 * first extreme of the window in row-major order (as TensorFlow and PyTorch pooling do).
 */
import { at } from '../../base/shape.ts';
import * as b from '../../ir/build.ts';
import { neutralOf } from '../../ir/table/combine.ts';
import type { Node, OpAttrs } from '../../ir/types.ts';
import type { GradientRule } from '../rule.ts';
import { flip, inverse, padOrCrop } from './movement.ts';

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
const without = (rank: number, ...used: readonly number[]): number[] => range(0, rank).filter((i) => !used.includes(i));
const sorted = (list: readonly number[]): number[] => [...list].sort((p, q) => p - q);

function dotRule(node: Node<'dot'>, g: Node, wants: readonly boolean[]): (Node | null)[] {
  const a = at(node.inputs, 0), c = at(node.inputs, 1), { batchA, batchB, contractA, contractB } = node.attrs;
  const freeA = without(a.type.shape.length, ...batchA, ...contractA), freeB = without(c.type.shape.length, ...batchB, ...contractB);
  const batch = range(0, batchA.length), rows = range(batch.length, freeA.length), columns = range(batch.length + freeA.length, freeB.length);
  const gradA = (): Node => {
    // axes of the dot: batch, free of a, contracted in the order of the other operand's axes
    const product = b.dot(g, c, { batchA: batch, batchB, contractA: columns, contractB: freeB });
    return b.transpose(product, inverse([...batchA, ...freeA, ...sorted(contractB).map((axis) => at(contractA, contractB.indexOf(axis)))]));
  };
  const gradB = (): Node => {
    const product = b.dot(a, g, { batchA, batchB: batch, contractA: freeA, contractB: rows });
    return b.transpose(product, inverse([...batchB, ...sorted(contractA).map((axis) => at(contractB, contractA.indexOf(axis))), ...freeB]));
  };
  return [wants[0] === true ? gradA() : null, wants[1] === true ? gradB() : null];
}

function convRule(node: Node<'conv'>, g: Node, wants: readonly boolean[]): (Node | null)[] {
  const x = at(node.inputs, 0), kernel = at(node.inputs, 1), { strides, padding, kernelDilation, inputDilation, groups } = node.attrs;
  const spatial = range(0, strides.length), rank = spatial.length + 2, last = rank - 1;
  const perGroup = at(kernel.type.shape, last - 1), features = at(kernel.type.shape, last) / groups, samples = at(x.type.shape, 0);
  const window = kernel.type.shape.slice(0, -2), inside = x.type.shape.slice(1, -1), outside = g.type.shape.slice(1, -1);
  // widths in dilated elements
  const reach = spatial.map((i) => (at(window, i) - 1) * at(kernelDilation, i)), low = padding.map(([l]) => l);
  const spanX = spatial.map((i) => (at(inside, i) - 1) * at(inputDilation, i) + 1), spanG = spatial.map((i) => (at(outside, i) - 1) * at(strides, i) + 1);

  const gradX = (): Node => {
    // [window…, perGroup, groups · features] → [window…, features, groups · perGroup], flipped
    const split = b.reshape(flip(kernel, spatial), [...window, perGroup, groups, features]);
    const swapped = b.reshape(b.transpose(split, [...spatial, rank, last, last - 1]), [...window, features, groups * perGroup]);
    const pads = spatial.map((i): [number, number] => {
      const before = at(reach, i) - at(low, i);
      return [before, at(spanX, i) + at(reach, i) - before - at(spanG, i)];
    });
    return b.conv(g, swapped, { strides: inputDilation, padding: pads, kernelDilation, inputDilation: strides, groups });
  };
  const gradKernel = (): Node => {
    // Samples take the part of channels: x as [perGroup, inside…, groups · N] meets g as the kernel [outside…, N, groups · features].
    const split = b.reshape(x, [samples, ...inside, groups, perGroup]);
    const moved = b.reshape(b.transpose(split, [rank, ...spatial.map((i) => i + 1), last, 0]), [perGroup, ...inside, groups * samples]);
    const asKernel = b.transpose(g, [...spatial.map((i) => i + 1), 0, last]);
    const pads = spatial.map((i): [number, number] => [at(low, i), at(reach, i) + at(spanG, i) - at(low, i) - at(spanX, i)]);
    const product = b.conv(moved, asKernel, { strides: kernelDilation, padding: pads, kernelDilation: strides, inputDilation, groups });
    return b.transpose(product, [...spatial.map((i) => i + 1), 0, last]);
  };
  return [wants[0] === true ? gradX() : null, wants[1] === true ? gradKernel() : null];
}

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
function windowRule(x: Node, attrs: Windows, g: Node): Node {
  const axes = range(0, attrs.window.length).filter((i) => at(attrs.window, i) > 1 || at(attrs.strides, i) > 1 || at(attrs.padding, i).some((p) => p > 0)).reverse();
  const stages = [x];
  for (const axis of axes) stages.push(b.windowReduce(at(stages, -1), alongAxis(attrs, axis)));
  return axes.reduceRight((grad, axis, i) => windowAxisRule(at(stages, i), at(stages, i + 1), attrs, axis, grad), g);
}

export const contractionRules = {
  dot: (node, grads, { wants }) => dotRule(node, at(grads, 0), wants),
  conv: (node, grads, { wants }) => convRule(node, at(grads, 0), wants),
  windowReduce: (node, grads) => {
    const x = at(node.inputs, 0), g = at(grads, 0);
    return [node.attrs.kind === 'sum' ? windowSumRule(x, node.attrs, g) : windowRule(x, node.attrs, g)];
  },
} satisfies { [K in 'dot' | 'conv' | 'windowReduce']: GradientRule<K> };
