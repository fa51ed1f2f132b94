/**
 * Gradient rules of the contractions. Those of `dot` are dots, those of `conv` convolutions: strides become input dilation and back
 * (Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016).
 */
import { at } from '../../base/shape.ts';
import * as b from '../../ir/build.ts';
import { isOp, type Node } from '../../ir/types.ts';
import type { GradientRule } from '../rule.ts';
import { flip, inverse, padOrCrop } from './movement.ts';
import { windowReduceRule } from './windows.ts';

/** Products are added up over at most this many places of a kernel, where that saves at least this many multiply-adds for each. */
const FEW_TAPS = 9, WORTH_SPREADING = 24;
/** Taps of a depthwise kernel whose gradients are summed in one pass. */
const MOST_TAPS = 49;

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

/** A gradient with zeros around its spatial axes, as pooling that leaves elements out gives it, without them. */
function withoutZeros(g: Node): { readonly g: Node; readonly before: readonly number[] } {
  const spatial = g.type.shape.slice(1, -1);
  if (isOp(g, 'pad') && g.attrs.value === 0) {
    const { low, high, interior } = g.attrs, x = at(g.inputs, 0);
    const ends = [at(low, 0), at(low, -1), at(high, 0), at(high, -1), ...interior];
    if (ends.every((n) => n === 0) && x.type.shape.every((d) => d > 0)) return { g: x, before: low.slice(1, -1) };
  }
  return { g, before: spatial.map(() => 0) };
}

function convRule(node: Node<'conv'>, padded: Node, wants: readonly boolean[]): (Node | null)[] {
  const { g, before } = withoutZeros(padded);
  const x = at(node.inputs, 0), kernel = at(node.inputs, 1), { strides, padding, kernelDilation, inputDilation, groups } = node.attrs;
  const spatial = range(0, strides.length), rank = spatial.length + 2, last = rank - 1;
  const perGroup = at(kernel.type.shape, last - 1), features = at(kernel.type.shape, last) / groups, samples = at(x.type.shape, 0);
  const window = kernel.type.shape.slice(0, -2), inside = x.type.shape.slice(1, -1), outside = g.type.shape.slice(1, -1);
  // widths in dilated elements
  const reach = spatial.map((i) => (at(window, i) - 1) * at(kernelDilation, i)), low = padding.map(([l]) => l);
  const spanX = spatial.map((i) => (at(inside, i) - 1) * at(inputDilation, i) + 1), spanG = spatial.map((i) => (at(outside, i) - 1) * at(strides, i) + 1);

  /**
   * Where results are few beside the elements that they see, convolving with zeros around them costs more than multiplying each result with the whole kernel
   * and adding up the products where they belong.
   */
  const spreads = (): boolean => {
    const all = (list: readonly number[]): number => list.reduce((n, d) => n * d, 1), plain = [...strides, ...kernelDilation, ...inputDilation].every((n) => n === 1);
    return groups === 1 && plain && all(window) > 1 && all(window) <= FEW_TAPS && (all(inside) / Math.max(1, all(outside)) - 1) * features >= WORTH_SPREADING;
  };
  const spreadX = (): Node => {
    const products = b.dot(g, kernel, { batchA: [], batchB: [], contractA: [last], contractB: [last] }), rest = spatial.map(() => 0);
    const taps = window.reduce<number[][]>((list, w) => list.flatMap((o) => range(0, w).map((k) => [...o, k])), [[]]).map((tap) => {
      const part = b.slice(products, { starts: [0, ...rest, ...tap, 0], sizes: [samples, ...outside, ...window.map(() => 1), perGroup], strides: products.type.shape.map(() => 1) });
      const first = tap.map((k, i) => k + at(before, i) - at(low, i)), after = first.map((f, i) => at(inside, i) - f - at(outside, i));
      return padOrCrop(b.reshape(part, [samples, ...outside, perGroup]), [0, ...first, 0], [0, ...after, 0], x.type.shape.map(() => 0));
    });
    return taps.reduce((sum, tap) => b.add(sum, tap));
  };
  const gradX = (): Node => {
    if (spreads()) return spreadX();
    // [window…, perGroup, groups · features] → [window…, features, groups · perGroup], flipped
    const split = b.reshape(flip(kernel, spatial), [...window, perGroup, groups, features]);
    const swapped = b.reshape(b.transpose(split, [...spatial, rank, last, last - 1]), [...window, features, groups * perGroup]);
    const pads = spatial.map((i): [number, number] => {
      const first = at(reach, i) - at(low, i) + at(before, i) * at(strides, i);
      return [first, at(spanX, i) + at(reach, i) - first - at(spanG, i)];
    });
    return b.conv(g, swapped, { strides: inputDilation, padding: pads, kernelDilation, inputDilation: strides, groups });
  };
  const gradKernel = (): Node => {
    // Samples take the part of channels: x as [perGroup, inside…, groups · N] meets g as the kernel [outside…, N, groups · features].
    const split = b.reshape(x, [samples, ...inside, groups, perGroup]);
    const moved = b.reshape(b.transpose(split, [rank, ...spatial.map((i) => i + 1), last, 0]), [perGroup, ...inside, groups * samples]);
    const asKernel = b.transpose(g, [...spatial.map((i) => i + 1), 0, last]);
    const pads = spatial.map((i): [number, number] => {
      const first = at(low, i) - at(before, i) * at(strides, i);
      return [first, at(reach, i) + at(spanG, i) - first - at(spanX, i)];
    });
    const product = b.conv(moved, asKernel, { strides: kernelDilation, padding: pads, kernelDilation: strides, inputDilation, groups });
    return b.transpose(product, [...spatial.map((i) => i + 1), 0, last]);
  };
  /** Each channel for itself: a sum over all places for each tap, which share one pass. */
  const depthwiseKernel = (): Node => {
    const taps = window.reduce<number[][]>((list, w) => list.flatMap((o) => range(0, w).map((k) => [...o, k])), [[]]).map((tap) => {
      // the elements of x that meet the first and, stride by stride, the last element of g
      const first = tap.map((k, i) => k * at(kernelDilation, i) - at(low, i) + at(before, i) * at(strides, i)), after = first.map((f, i) => at(inside, i) - f - at(spanG, i));
      const seen = padOrCrop(x, [0, ...first.map((f) => -f), 0], [0, ...after.map((a) => -a), 0], x.type.shape.map(() => 0));
      const met = b.slice(seen, { starts: x.type.shape.map(() => 0), sizes: g.type.shape, strides: [1, ...strides, 1] });
      return b.reshape(b.sum(b.mul(met, g), range(0, last)), [1, groups]);
    });
    return b.reshape(b.concat(taps, 0), kernel.type.shape);
  };
  const depthwise = groups > 1 && perGroup === 1 && features === 1 && inputDilation.every((n) => n === 1) && window.reduce((n, w) => n * w, 1) <= MOST_TAPS && g.type.shape.every((d) => d > 0);
  return [wants[0] === true ? gradX() : null, wants[1] === true ? (depthwise ? depthwiseKernel() : gradKernel()) : null];
}

export const contractionRules = {
  dot: (node, grads, { wants }) => dotRule(node, at(grads, 0), wants),
  conv: (node, grads, { wants }) => convRule(node, at(grads, 0), wants),
  windowReduce: windowReduceRule,
} satisfies { [K in 'dot' | 'conv' | 'windowReduce']: GradientRule<K> };
