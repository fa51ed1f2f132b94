import { describe, expect, it } from 'vitest';
import * as b from '../../ir/build.ts';
import { makeGraph, nodesOf } from '../../ir/node.ts';
import { checkGradient } from '../../testing/check-gradient.ts';
import { uniform } from '../../testing/data.ts';
import { differentiate } from '../differentiate.ts';

const F = (...shape: number[]) => ({ shape, dtype: 'f64' as const });

describe('the gradient of a convolution whose results are few beside its input', () => {
  it.each([['no padding', [0, 0], [0, 0]], ['padding', [1, 0], [0, 1]], ['cropping', [-1, 0], [0, 0]]] as const)('%s', (_name, first, second) => {
    const x = b.input(0, 'x', F(2, 5, 6, 2)), kernel = b.input(1, 'kernel', F(3, 3, 2, 64)), inputs = [x, kernel];
    const y = b.conv(x, kernel, { strides: [1, 1], padding: [first, second], kernelDilation: [1, 1], inputDilation: [1, 1], groups: 1 });
    const products = nodesOf(makeGraph('gradient', inputs, differentiate(b.sum(y), [x])));
    expect(products.some((n) => n.op === 'dot'), 'products of single places').toBe(true);
    for (const order of [1, 2] as const) {
      const check = checkGradient(makeGraph('test', inputs, [b.mul(y, y)]), inputs.map((n, i) => uniform(n.type.shape, 3 + i, -1, 1, 'f64')), { order, limit: 20 });
      expect(check.error, `${order}: ${check.worst}`).toBeLessThan(1e-5);
    }
  });
  it('with zeros around it from pooling', () => {
    const x = b.input(0, 'x', F(1, 7, 7, 2)), kernel = b.input(1, 'kernel', F(3, 3, 2, 40)), inputs = [x, kernel];
    const y = b.conv(x, kernel, { strides: [1, 1], padding: [[0, 0], [0, 0]], kernelDilation: [1, 1], inputDilation: [1, 1], groups: 1 });
    const pooled = b.windowReduce(y, { kind: 'max', window: [1, 2, 2, 1], strides: [1, 2, 2, 1], padding: [[0, 0], [0, 0], [0, 0], [0, 0]], dilation: [1, 1, 1, 1] });
    const check = checkGradient(makeGraph('test', inputs, [pooled]), inputs.map((n, i) => uniform(n.type.shape, 5 + i, -1, 1, 'f64')), { limit: 40 });
    expect(check.error, check.worst).toBeLessThan(1e-6);
  });
});
