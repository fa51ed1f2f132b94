import { input, layers, ops, sequential } from '@limelight/core';
import { describe, expect, it } from 'vitest';
import { linear } from '../test/golden.ts';
import { gradientTimesInput, inputGradients } from './inputGradients.ts';
import { smoothGrad } from './smoothGrad.ts';

describe('gradients', () => {
  const model = linear([3, 0, -2, 1], 5), x = [1, 5, 2, 2];
  it('of a linear model are its weights', async () => {
    const found = await inputGradients(model, x);
    expect([...found.values.dataSync()]).toEqual([3, 0, -2, 1]);
    expect([found.score, found.target, found.signed]).toEqual([6, 0, false]);
  });
  it('times the input add up to the score without the bias, and take a baseline', async () => {
    expect([...(await gradientTimesInput(model, x)).values.dataSync()]).toEqual([3, 0, -4, 2]);
    expect([...(await gradientTimesInput(model, x, { baseline: [1, 1, 1, 1] })).values.dataSync()]).toEqual([0, 0, -2, 1]);
  });
  it('smoothed are the same on a linear model, whatever the noise', async () => {
    const found = await smoothGrad(model, x, { samples: 30, noise: 0.5 });
    [3, 0, -2, 1].forEach((w, i) => { expect(found.values.dataSync()[i]).toBeCloseTo(w, 5); });
  });
  it('smoothed of a square are those of the sample, up to the noise; the same seed gives the same', async () => {
    const square = sequential([input({ shape: [2] }), layers.lambda((t) => ops.sum(ops.square(t), 1, true))]);
    const first = await smoothGrad(square, [1, 2], { samples: 2000, noise: 0.1 }), again = await smoothGrad(square, [1, 2], { samples: 2000, noise: 0.1 }), other = await smoothGrad(square, [1, 2], { samples: 2000, noise: 0.1, seed: 1 });
    expect(first.values.dataSync()[1]).toBeCloseTo(4, 1);
    expect(first.values.dataSync()).toEqual(again.values.dataSync());
    expect(first.values.dataSync()).not.toEqual(other.values.dataSync());
  });
  it('of the logit do not vanish where the probability is 1', async () => {
    const sure = sequential([input({ shape: [2] }), layers.dense(2, { activation: 'softmax' })]);
    sure.setWeights([Float32Array.of(50, 0, 0, 50), new Float32Array(2)]);
    expect((await inputGradients(sure, [3, 0], { faithfulness: false })).values.dataSync()[0]).toBe(0);
    expect([...(await inputGradients(sure, [3, 0], { score: 'logit', faithfulness: false })).values.dataSync()]).toEqual([50, 0]);
  });
});
