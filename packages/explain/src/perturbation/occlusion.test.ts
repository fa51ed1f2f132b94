import { input, layers, sequential } from '@limelight/core';
import { describe, expect, it } from 'vitest';
import { linear } from '../test/golden.ts';
import { occlusion } from './occlusion.ts';

describe('occlusion', () => {
  it('of one place is weight · (input - baseline) on a linear model', async () => {
    const found = await occlusion(linear([3, 0, -2]), [2, 1, 5], { baseline: [1, 1, 1] });
    [3, 0, -8].forEach((v, i) => { expect(found.values.dataSync()[i]).toBeCloseTo(v, 5); });
  });
  it('shares the fall of a window among what it covers, over all windows', async () => {
    const sum = sequential([input({ shape: [4, 4, 1] }), layers.flatten(), layers.dense(1, { kernelInitializer: 'ones' })]), found = await occlusion(sum, new Float32Array(16).fill(1), { window: 2, stride: 2 });
    expect(new Set(found.values.dataSync())).toEqual(new Set([4]));
    expect(found.details['windows']).toBe(4);
  });
  it('covers steps of a sequence with all their features', async () => {
    const net = sequential([input({ shape: [5, 3] }), layers.lstm(4), layers.dense(2, { activation: 'softmax' })], { seed: 2 });
    const found = await occlusion(net, new Float32Array(15).fill(0.5));
    expect([found.kind, found.values.shape, found.details['windows']]).toEqual(['sequence', [5, 3], 5]);
  });
  it('refuses windows that are none', async () => { await expect(occlusion(linear([1, 2]), [1, 2], { window: 0 })).rejects.toThrow(/window 0 must be a whole number of at least 1/); });
});
