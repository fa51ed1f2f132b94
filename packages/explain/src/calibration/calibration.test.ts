import { input, layers, random, sequential, tensor } from '@limelight/core';
import { describe, expect, it } from 'vitest';
import { calibrationCurve } from './calibrationCurve.ts';
import { calibration, temperatureScaling } from './temperatureScaling.ts';

/** A model of two classes whose logits are `sureness` times too large; labels are drawn from the true probabilities. */
function case_(sureness: number) {
  const model = sequential([input({ shape: [1] }), layers.dense(2, { activation: 'softmax' })]);
  model.setWeights([Float32Array.of(0, sureness), new Float32Array(2)]);
  const x = random.uniform([4000, 1], 3, { min: -3, max: 3 }), draws = random.uniform([4000], 4).dataSync();
  return { model, x, y: Int32Array.from(x.dataSync(), (v, i) => Number((draws[i] ?? 0) < 1 / (1 + Math.exp(-v)))) };
}
describe('calibrationCurve', () => {
  it('of a calibrated model is no worse than chance; of one that is too sure it is', async () => {
    const good = case_(1), bad = case_(3), right = await calibration(good.model, good.x, good.y), wrong = await calibration(bad.model, bad.x, bad.y);
    expect(right.expectedError).toBeLessThan(right.control.mean + 4 * right.control.deviation);
    expect(wrong.expectedError).toBeGreaterThan(wrong.control.mean + 10 * wrong.control.deviation);
    expect(wrong.largestError).toBeGreaterThanOrEqual(wrong.expectedError);
    expect(right.bins.reduce((n, b) => n + b.count, 0)).toBe(4000);
  });
  it('has the closed form of one bin', () => {
    const { expectedError, brier, bins } = calibrationCurve([0.75, 0.75, 0.75, 0.75], [1, 1, 1, 0], { bins: 1 });
    expect([expectedError, bins.length, bins[0]?.accuracy]).toEqual([0, 1, 0.75]);
    expect(brier).toBeCloseTo(0.1875, 6);
  });
  it('refuses what is no probability, and labels that are none', () => {
    expect(() => calibrationCurve([0.5, 1.5], [0, 1])).toThrow(/sample 1 has 1\.5, which is no probability/);
    expect(() => calibrationCurve([[0.5, 0.2]], [0])).toThrow(/add up to 0\.7000, not 1/);
    expect(() => calibrationCurve([0.5, 0.5], [0, 2])).toThrow(/label 2 of sample 1 is no class/);
    expect(() => calibrationCurve([], [])).toThrow(/no samples/);
  });
});
describe('temperatureScaling', () => {
  it('finds by how much a model is too sure, and mends it without touching the order', async () => {
    const { model, x, y } = case_(3), found = await temperatureScaling(model, x, y);
    expect(found.temperature).toBeGreaterThan(2.7);
    expect(found.temperature).toBeLessThan(3.3);
    expect(found.lossAfter).toBeLessThan(found.lossBefore);
    expect(found.after.expectedError).toBeLessThan(found.after.control.mean + 4 * found.after.control.deviation);
    const [a = 0, b = 0] = found.apply(tensor([[0.9, 0.1]])).dataSync();
    expect(a / b).toBeCloseTo(9 ** (1 / found.temperature), 4);
  });
  it('refuses a model whose output is no class score', async () => {
    const regression = sequential([input({ shape: [1] }), layers.dense(2)]);
    regression.setWeights([Float32Array.of(3, 4), new Float32Array(2)]);
    await expect(temperatureScaling(regression, [[1], [2]], [0, 1])).rejects.toThrow(/which is no probability. The model must end in softmax or sigmoid/);
  });
});
