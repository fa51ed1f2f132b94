import { describe, expect, it } from 'vitest';
import * as b from '../../ir/build.ts';
import { makeGraph, nodesOf } from '../../ir/node.ts';
import type { Node } from '../../ir/types.ts';
import { checkGradient } from '../../testing/check-gradient.ts';
import { uniform } from '../../testing/data.ts';
import { differentiate } from '../differentiate.ts';

const F = (...shape: number[]) => ({ shape, dtype: 'f64' as const });
const none = (rank: number): [number, number][] => Array.from({ length: rank }, () => [0, 0]);
const x = b.input(0, 'x', F(2, 9, 8, 2)), kernel = b.input(1, 'kernel', F(3, 3, 2, 3)), bias = b.input(2, 'bias', F(3)), inputs = [x, kernel, bias];
const data = inputs.map((n, i) => uniform(n.type.shape, 7 + i, -1, 1, 'f64'));
const relu = (n: Node): Node => b.where(b.le(n, b.splatLike(0, n)), b.splatLike(0, n), n);
const windows = (n: Node, kind: 'max' | 'min', pad: [number, number] = [0, 0]): Node =>
  b.windowReduce(n, { kind, window: [1, 2, 3, 1], strides: [1, 2, 3, 1], padding: [[0, 0], pad, [0, 0], [0, 0]], dilation: [1, 1, 1, 1] });
/** [2, 9, 8, 2] → [2, 7, 6, 3] or, in steps of 2, [2, 4, 3, 3] */
const conv = (stride = 1): Node => {
  const y = b.conv(x, kernel, { strides: [stride, stride], padding: none(2), kernelDilation: [1, 1], inputDilation: [1, 1], groups: 1 });
  return b.add(y, b.broadcastTo(bias, y.type.shape));
};

describe('gradients of windows side by side', () => {
  it.each([
    // rows are left out at the end: 7 = 3 · 2 + 1
    ['relu, max', windows(relu(conv()), 'max')],
    ['max, relu', relu(windows(conv(), 'max'))],
    ['max of a sum', windows(b.add(conv(), conv()), 'max')],
    ['relu used twice', b.add(windows(relu(conv()), 'max'), windows(relu(conv()), 'min'))],
    ['padding', windows(relu(conv()), 'max', [1, 0])],
    ['strides', windows(relu(conv(2)), 'max')],
    ['min', windows(conv(), 'min')],
  ])('%s', (_name, y) => {
    const graph = makeGraph('test', inputs, [y]);
    for (const order of [1, 2] as const) {
      const check = checkGradient(graph, data, { order, limit: 24 });
      expect(check.error, `${order}: ${check.worst}`).toBeLessThan(1e-6);
    }
  });
  it('masks a relu once, at the size of the windows, and asks nothing of its operand', () => {
    const y = relu(conv()), nodes = nodesOf(makeGraph('gradient', inputs, differentiate(b.sum(windows(y, 'max')), inputs)));
    const masks = nodes.filter((n) => n.op === 'le');
    expect(masks.map((n) => n.type.shape)).toEqual([[2, 7, 6, 3], [2, 3, 2, 3]]);
  });
  it('adds up the gradient of a bias over the windows, not over the elements', () => {
    const [gradient] = differentiate(b.sum(windows(relu(conv()), 'max')), [bias]);
    const sums = nodesOf(makeGraph('gradient', inputs, [gradient as Node])).filter((n) => n.op === 'reduce' && n.type.shape.length === 1);
    expect(sums.map((n) => n.inputs[0]?.type.shape)).toEqual([[2, 3, 2, 3]]);
  });
});
