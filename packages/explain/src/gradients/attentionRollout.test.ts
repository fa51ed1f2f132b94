import { input, layers, model } from '@limelight/core';
import { describe, expect, it } from 'vitest';
import { attentionRollout } from './attentionRollout.ts';

/** Ids, embedding, two blocks of attention with a residual way, mean, two classes. */
function text(uniform: boolean) {
  const zeros = uniform ? { kernelInitializer: 'zeros' as const } : {}, x = input({ shape: [4], dtype: 'i32' });
  let h = layers.embedding(20, 6, { name: 'words' }).apply(x);
  for (const name of ['first', 'second']) h = layers.add().apply([h, layers.multiHeadAttention(2, 3, { name, ...zeros }).apply([h, h])]);
  return model({ inputs: x, outputs: layers.dense(2, { activation: 'softmax' }).apply(layers.globalAveragePooling1d().apply(h)) });
}
const ids = [3, 7, 9, 2];

describe('attentionRollout', () => {
  it('of uniform attention has a closed form', async () => {
    const found = await attentionRollout(text(true), ids, { query: 0 }), a = 0.5 + 0.5 / 4, b = 0.5 / 4; // (I + U) / 2, squared
    expect(found.attention.map((l) => [l.layer, l.heads, l.steps])).toEqual([['first', 2, 4], ['second', 2, 4]]);
    expect(found.values.dataSync()[0]).toBeCloseTo(a * a + 3 * b * b, 6);
    expect(found.values.dataSync()[1]).toBeCloseTo(2 * a * b + 2 * b * b, 6);
  });
  it('adds up to 1 in every row, and is the same for all queries where the mean is asked for', async () => {
    const found = await attentionRollout(text(false), ids, { heads: 'max' });
    for (let q = 0; q < 4; q++) expect(found.rollout.slice(q * 4, q * 4 + 4).reduce((s, v) => s + v, 0)).toBeCloseTo(1, 6);
    expect(found.values.dataSync().reduce((s, v) => s + v, 0)).toBeCloseTo(1, 6);
    expect(found.kind).toBe('text');
    expect(found.faithfulness?.fractions.at(-1)).toBe(1);
  });
  it('without the residual way is the product of the weights', async () => {
    const { attention, rollout } = await attentionRollout(text(false), ids, { residual: 0 }), mean = (l: number, i: number): number => ((attention[l]?.weights[i] ?? 0) + (attention[l]?.weights[16 + i] ?? 0)) / 2;
    for (let q = 0; q < 4; q++) for (let k = 0; k < 4; k++) { let sum = 0; for (let j = 0; j < 4; j++) sum += mean(1, q * 4 + j) * mean(0, j * 4 + k); expect(rollout[q * 4 + k]).toBeCloseTo(sum, 5); }
  });
  it('refuses models without attention, and steps that are none', async () => {
    const x = input({ shape: [4], dtype: 'i32' }), plain = model({ inputs: x, outputs: layers.dense(2).apply(layers.globalAveragePooling1d().apply(layers.embedding(20, 3).apply(x))) });
    await expect(attentionRollout(plain, ids)).rejects.toThrow(/no layer in which a sequence attends to itself/);
    await expect(attentionRollout(text(true), ids, { query: 9 })).rejects.toThrow(/query 9 is no step; there are 4/);
  });
});
