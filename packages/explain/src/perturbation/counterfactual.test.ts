import { input, layers, model, sequential } from '@limelight/core';
import { describe, expect, it } from 'vitest';
import { golden, linear, network } from '../test/golden.ts';
import { counterfactual } from './counterfactual.ts';

describe('counterfactual', () => {
  it('of a linear classifier is the nearest point over the border, on few features', async () => {
    const net = sequential([input({ shape: [3] }), layers.dense(2, { activation: 'softmax' })]);
    net.setWeights([Float32Array.of(0, 3, 0, 0.1, 0, 0), Float32Array.of(1, 0)]); // class 1 where 3a + 0.1b > 1
    const found = await counterfactual(net, [0, 0, 7]);
    expect([found.from, found.to, found.found]).toEqual([0, 1, true]);
    expect(found.changes.map((c) => c.index)).toEqual([0]);
    expect(found.changes[0]?.to).toBeGreaterThan(1 / 3);
    expect(found.changes[0]?.to).toBeLessThan(0.37);
    expect(found.outputsAfter[1]).toBeGreaterThan(0.5);
  });
  it('keeps within the background and leaves alone what is fixed', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'], found = await counterfactual(network(), golden.x, { background: golden.data, fixed: ['a', 3], featureNames: names });
    expect(found.found).toBe(true);
    expect(found.changes.some((c) => ['a', 'd'].includes(c.name))).toBe(false);
    for (const c of found.changes) expect(Math.abs(c.to)).toBeLessThanOrEqual(Math.max(...golden.data.map((row) => Math.abs(row[c.index] ?? 0)), Math.abs(c.from)));
    expect(found.faithfulness.flips).toBeLessThan(found.faithfulness.tries / 2);
  });
  it('of a text takes away tokens', async () => {
    const x = input({ shape: [5], dtype: 'i32' }), net = model({ inputs: x, outputs: layers.dense(2, { activation: 'softmax' }).apply(layers.globalAveragePooling1d().apply(layers.embedding(6, 2).apply(x))) });
    net.setWeights([Float32Array.of(0, 0, 0, 0.2, 0, 0.2, 4, 0, 0, 0, 0, 0), Float32Array.of(1, 0, 0, 1), Float32Array.of(0, 0)]);
    const found = await counterfactual(net, [1, 3, 2, 1, 0]);
    expect([found.from, found.found]).toEqual([0, true]);
    expect(found.changes).toEqual([{ index: 1, name: 'feature 1', from: 3, to: 0 }]);
  });
  it('works with one output that is a probability', async () => {
    const net = sequential([input({ shape: [1] }), layers.dense(1, { activation: 'sigmoid' })]);
    net.setWeights([Float32Array.of(2), Float32Array.of(-1)]);
    const found = await counterfactual(net, [2]);
    expect([found.from, found.wanted, found.found]).toEqual([1, 0, true]);
    expect(found.changes[0]?.to).toBeLessThan(0.5);
  });
  it('refuses what is no other class', async () => {
    await expect(counterfactual(linear([1]), [1])).rejects.toThrow(/no probability.*needs classes/);
    await expect(counterfactual(network(), golden.x, { wanted: 7 })).rejects.toThrow(/wanted 7 is no class.*has 3 \(0 to 2\)/);
    await expect(counterfactual(network(), golden.x, { wanted: golden.target })).rejects.toThrow(/says class \d already/);
    await expect(counterfactual(network(), golden.x, { fixed: [0, 1, 2, 3, 4] })).rejects.toThrow(/everything is fixed/);
  });
});
