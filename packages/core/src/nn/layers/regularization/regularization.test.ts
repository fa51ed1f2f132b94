import { describe, expect, it } from 'vitest';
import { normal, SeedGenerator } from '../../../tensor/random.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { ones, tensor, type Tensor } from '../../../tensor/tensor.ts';
import type { Layer } from '../../layer.ts';
import { checkLayer } from '../../testing/check-layer.ts';
import * as layers from '../index.ts';

const run = (layer: Layer, x: Tensor, training = true): Tensor => layer.run([x], { training, seeds: new SeedGenerator(5) })[0] as Tensor;
const statistics = (x: Tensor): [number, number] => ops.moments(x).map((v) => v.item()) as [number, number];

describe('regularization layers', () => {
  it('keep the promises of layers', () => {
    const same = { inputs: [[3, 4]], output: [3, 4], weights: 0 };
    checkLayer(() => layers.gaussianNoise(0.3), same);
    checkLayer(() => layers.gaussianDropout(0.3), same);
    checkLayer(() => layers.alphaDropout(0.3, { noiseShape: [null, 1, 4] }), same);
    checkLayer(() => layers.spatialDropout1d(0.3), same);
    checkLayer(() => layers.spatialDropout2d(0.3, { dataFormat: 'channelsFirst' }), { inputs: [[2, 3, 4]], output: [2, 3, 4], weights: 0 });
    checkLayer(() => layers.spatialDropout3d(0.3), { inputs: [[2, 2, 2, 4]], output: [2, 2, 2, 4], weights: 0 });
    checkLayer(() => layers.activityRegularization({ l1: 0.1, l2: 0.2 }), same);
    checkLayer(() => layers.dense(2, { activityRegularizer: 'l1' }), { inputs: [[3]], output: [2], weights: 2 });
  });
  it('are the identity unless training, and draw anew for every seed', () => {
    const x = normal([4, 6, 5], 3);
    for (const layer of [layers.gaussianNoise(0.5), layers.gaussianDropout(0.5), layers.alphaDropout(0.5), layers.spatialDropout1d(0.5)]) {
      expect(run(layer, x, false).toString()).toBe(x.toString());
      expect(run(layer, x).toString()).not.toBe(x.toString());
      expect(run(layer, x).toString()).toBe(run(layer, x).toString());
    }
  });
  it('have the mean and variance they promise', () => {
    const n = 200_000, close = 5 / Math.sqrt(n);
    const [noise, spread] = statistics(run(layers.gaussianNoise(0.5), ones([n])));
    expect(Math.abs(noise - 1)).toBeLessThan(0.5 * close);
    expect(Math.abs(spread - 0.25)).toBeLessThan(close);
    const [factor, width] = statistics(run(layers.gaussianDropout(0.2), ones([n])));
    expect(Math.abs(factor - 1)).toBeLessThan(0.5 * close);
    expect(Math.abs(width - 0.25)).toBeLessThan(close);
    const [mean, variance] = statistics(run(layers.alphaDropout(0.3), normal([n], 9)));
    expect(Math.abs(mean)).toBeLessThan(close);
    expect(Math.abs(variance - 1)).toBeLessThan(3 * close);
  });
  it('spatial dropout drops whole channels and scales the rest', () => {
    const y = run(layers.spatialDropout1d(0.5), ones([8, 3, 16])).array() as number[][][];
    for (const sample of y) for (const row of sample) expect(row).toEqual(sample[0]);
    expect(new Set(y.flat(2))).toEqual(new Set([0, 2]));
    expect(run(layers.spatialDropout1d(1), ones([1, 2, 3])).sum().item()).toBe(0);
  });
  it('activity penalties go to the losses of the context', () => {
    const losses: Tensor[] = [];
    layers.activityRegularization({ l1: 0.5, l2: 2 }).apply(tensor([[1, -3]]), { losses });
    layers.dense(2, { activityRegularizer: 'l2', kernelInitializer: 'ones' }).apply(tensor([[1, 2]]), { losses });
    expect(losses.map((l) => l.item())).toEqual([22, expect.closeTo(0.18, 6)]);
  });
  it('refuse what cannot be', () => {
    expect(() => layers.gaussianNoise(-1)).toThrow(/stddev -1 must be at least 0 and at most 1/);
    expect(() => layers.gaussianDropout(1)).toThrow(/rate 1 must be at least 0 and below 1/);
    expect(() => run(layers.spatialDropout2d(0.1), ones([2, 3, 4]))).toThrow(/takes \[batch, height, width, channels\]/);
    expect(() => layers.activityRegularization({ l1: -1 })).toThrow(/at least 0/);
  });
});
