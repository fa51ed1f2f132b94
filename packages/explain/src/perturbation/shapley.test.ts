/** What Shapley values promise: they add up, equal parts get the same, idle parts get nothing, linear models have a closed form. */
import { input, layers, ops, sequential } from '@limelight/core';
import { describe, expect, it } from 'vitest';
import { expectClose, golden, linear, network } from '../test/golden.ts';
import { exactShapley } from './exactShapley.ts';
import { kernelShap } from './kernelShap.ts';

const background = [[0, 1, 2], [2, 3, 0], [1, 2, 1]], means = [1, 2, 1];
describe.each([['exactShapley', exactShapley], ['kernelShap', kernelShap]] as const)('%s', (_, method) => {
  it('is weight · (input - mean of the background) on a linear model', async () => {
    const found = await method(linear([3, -2, 0.5], 4), [2, 1, 5], { background });
    expectClose(found.values.dataSync(), [3, -2, 0.5].map((w, i) => w * (([2, 1, 5][i] ?? 0) - (means[i] ?? 0))), 1e-5);
    expect(found.completeness?.holds).toBe(true);
  });
  it('shares a product fairly, and gives idle parts nothing', async () => {
    const product = sequential([input({ shape: [3] }), layers.lambda((t) => ops.multiply(ops.slice(t, null, [0, 1]), ops.slice(t, null, [1, 2])))]);
    expectClose((await method(product, [2, 3, 9], { baseline: 0 })).values.dataSync(), [3, 3, 0], 1e-5);
  });
  it('counts groups as one', async () => {
    expectClose((await method(linear([1, 1, 4]), [1, 2, 3], { baseline: 0, groups: [0, 0, 1] })).values.dataSync(), [1.5, 1.5, 12], 1e-5);
  });
  it('needs background for a table', async () => {
    await expect(method(linear([1, 2]), [1, 2])).rejects.toThrow(/a table needs background/);
    await expect(method(linear([1, 2]), [1, 2], { background: [[1, 2, 3]] })).rejects.toThrow(/background: samples of input '.+' have shape \[\?, 2\], got \[1, 3\]/);
    await expect(method(linear([1, 2]), [1, 2], { background: [[1, Number.NaN]] })).rejects.toThrow(/background: element 1 is NaN/);
    await expect(method(linear([1, 2]), [1, 2], { baseline: 0, groups: [0, 2] })).rejects.toThrow(/without gaps/);
  });
});
describe('kernelShap', () => {
  it('with a small budget still adds up, and comes near the exact values', async () => {
    const wide = sequential([input({ shape: [12] }), layers.dense(6, { activation: 'tanh' }), layers.dense(1)], { seed: 4 }), x = Array.from({ length: 12 }, (_, i) => Math.sin(i)), options = { baseline: 0, faithfulness: false } as const;
    const exact = (await exactShapley(wide, x, options)).values.dataSync(), few = await kernelShap(wide, x, { ...options, samples: 300 });
    expect(Number(few.details['coalitions'])).toBeLessThanOrEqual(300);
    expect(few.completeness?.relativeError).toBeLessThan(1e-5);
    expectClose(few.values.dataSync(), exact, 0.03);
  });
  it('refuses a budget that cannot do', async () => { await expect(kernelShap(network(), golden.x, { background: golden.background, samples: 5 })).rejects.toThrow(/at least twice the 5 parts/); });
});
it('exactShapley refuses too many parts', async () => {
  const wide = sequential([input({ shape: [20] }), layers.dense(1)]);
  await expect(exactShapley(wide, new Float32Array(20), { baseline: 0 })).rejects.toThrow(/20 parts have 2\^20 coalitions; at most 16/);
});
it('takes images in patches', async () => {
  const net = sequential([input({ shape: [28, 28], dtype: 'u8' }), layers.rescaling(1 / 255), layers.flatten(), layers.dense(3, { activation: 'softmax' })], { seed: 1 });
  const found = await kernelShap(net, Float32Array.from({ length: 784 }, (_, i) => i % 256), { samples: 200 });
  expect([found.details['parts'], found.values.shape, found.completeness?.holds]).toEqual([49, [28, 28], true]);
});
