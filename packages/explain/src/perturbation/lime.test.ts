import { describe, expect, it } from 'vitest';
import { input, layers, model } from '@limelight/core';
import { linear } from '../test/golden.ts';
import { lime } from './lime.ts';

const background = Array.from({ length: 50 }, (_, r) => [Math.sin(r), 5 + 2 * Math.cos(r * 1.7), r / 10]);
describe('lime', () => {
  it('finds a linear model itself', async () => {
    const found = await lime(linear([2, -1, 0.5], 3), [1, 4, 2], { background, ridge: 1e-6 }), mean = (c: number): number => background.reduce((s, row) => s + (row[c] ?? 0) / 50, 0);
    [2 * (1 - mean(0)), -(4 - mean(1)), 0.5 * (2 - mean(2))].forEach((v, i) => { expect(found.values.dataSync()[i]).toBeCloseTo(v, 3); });
    expect(found.localFit).toBeCloseTo(1, 5);
    expect(found.intercept).toBeCloseTo(2 - 4 + 1 + 3, 3);
  });
  it('on a text finds the token that counts', async () => {
    const x = input({ shape: [6], dtype: 'i32' }), net = model({ inputs: x, outputs: layers.dense(1).apply(layers.globalAveragePooling1d().apply(layers.embedding(10, 2, { weights: [[0, 0], [0, 0], [0, 0], [9, 0], [0, 0], [0, 0], [0, 0], [0, 0], [0, 0], [0, 0]] }).apply(x))) });
    net.setWeights([(await net.getWeights())[0] ?? new Float32Array(), Float32Array.of(1, 0), new Float32Array(1)]);
    const tokenizer = (text: string): number[] => text.split(' ').map((word) => (word === 'great' ? 3 : 1)), found = await lime(net, 'what a great film', { tokenizer });
    expect(found.tokens?.slice(0, 4)).toEqual(['what', 'a', 'great', 'film']);
    const values = [...found.values.dataSync()];
    expect(values.indexOf(Math.max(...values))).toBe(2);
    expect(values[2]).toBeCloseTo(1.5, 1); // the ridge takes a little off
    expect(found.faithfulness?.beats).toBeGreaterThanOrEqual(6);
  });
  it('needs background for a table, and says so', async () => {
    await expect(lime(linear([1, 2]), [1, 2])).rejects.toThrow(/lime: a table needs background/);
    await expect(lime(linear([1, 2]), [1, 2], { background: [[1, 2]], samples: 3 })).rejects.toThrow(/samples 3/);
  });
});
