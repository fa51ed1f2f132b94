import { input, layers, ops, sequential } from '@limelight/core';
import { describe, expect, it } from 'vitest';
import { integratedGradients } from './integratedGradients.ts';

const digits = () => sequential([input({ shape: [28, 28], dtype: 'u8' }), layers.rescaling(1 / 255), layers.flatten(), layers.dense(128, { activation: 'relu' }), layers.dense(10, { activation: 'softmax' })], { seed: 3 });
const x = Float32Array.from({ length: 784 }, (_, i) => (i * 37) % 256);

describe('integratedGradients', () => {
  it('is complete on the network of the MNIST program', async () => {
    const found = await integratedGradients(digits(), x, { target: 4 });
    expect(found.completeness?.holds).toBe(true);
    expect(found.completeness?.relativeError).toBeLessThan(0.01);
    expect(found.values.shape).toEqual([28, 28]);
    expect([found.kind, found.target, found.score]).toEqual(['image', 4, found.outputs?.[4]]);
  });
  it('is exact on a linear model, with one step', async () => {
    const model = sequential([input({ shape: [3] }), layers.dense(2)]);
    model.setWeights([Float32Array.of(1, 4, -2, 5, 3, 6), Float32Array.of(0.5, 0)]);
    const found = await integratedGradients(model, [2, 3, -1], { target: 0, steps: 1, baseline: [1, 1, 1], faithfulness: false });
    expect([...found.values.dataSync()]).toEqual([1, -4, -6]);
    expect(found.baselineScore).toBe(2.5);
    expect(found.faithfulness).toBe(null);
  });
  it('says where it is not complete', async () => {
    const model = sequential([input({ shape: [2] }), layers.dense(1)]);
    model.setWeights([Float32Array.of(40, 0), Float32Array.of(-20)]);
    const steep = await integratedGradients(model, [1, 0], { score: ([y]) => ops.sigmoid(y ?? 0), steps: 2, faithfulness: false });
    expect(steep.completeness?.holds).toBe(false);
  });
  it('gives two inputs that do the same the same', async () => {
    const model = sequential([input({ shape: [2] }), layers.dense(3, { activation: 'tanh' }), layers.dense(1)]);
    model.setWeights([Float32Array.of(1, 2, 3, 1, 2, 3), new Float32Array(3), Float32Array.of(1, -1, 2), new Float32Array(1)]);
    const [a, b] = (await integratedGradients(model, [0.5, 0.5])).values.dataSync();
    expect(a).toBe(b);
  });
  it('works in parts on inputs too large for one batch', async () => {
    const wide = sequential([input({ shape: [40_000] }), layers.dense(1, { kernelInitializer: 'ones' })]), ones = new Float32Array(40_000).fill(1);
    const found = await integratedGradients(wide, ones, { steps: 60, faithfulness: false });
    expect(found.values.dataSync().every((v) => Math.abs(v - 1) < 1e-4)).toBe(true);
  });
});
