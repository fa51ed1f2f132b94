import { describe, expect, it } from 'vitest';
import { golden } from '../../../base/testing/golden.ts';
import { SeedGenerator } from '../../../tensor/random.ts';
import { ones, tensor } from '../../../tensor/tensor.ts';
import { checkLayer } from '../../testing/check-layer.ts';
import { checkGolden, type GoldenCase } from '../../testing/keras-cases.ts';
import * as layers from '../index.ts';

describe('layers that normalize', () => {
  it.each(golden<{ cases: GoldenCase[] }>('keras-normalization').cases)('equals Keras: $name', (one) => { checkGolden(one, { relative: 1e-4, absolute: 1e-5 }); });
  it('keep the promises of layers', () => {
    checkLayer(() => layers.batchNormalization(), { inputs: [[5, 3]], output: [5, 3], weights: 4 });
    checkLayer(() => layers.batchNormalization({ axis: 1, momentum: 0.5, center: false, gammaInitializer: { className: 'Constant', config: { value: 2 } }, gammaRegularizer: 'l2' }), { inputs: [[5, 3]], output: [5, 3], weights: 3 });
    checkLayer(() => layers.groupNormalization({ groups: 2 }), { inputs: [[3, 4]], output: [3, 4], weights: 2 });
    checkLayer(() => layers.spectralNormalization(layers.dense(3), { powerIterations: 100 }), { inputs: [[4]], output: [3], weights: 3, tolerance: 1e-3 }); // iterations enough that a second call changes nothing
    checkLayer(() => layers.unitNormalization({ axis: [1, 2] }), { inputs: [[3, 4]], output: [3, 4], weights: 0 });
  });
  it('a frozen batch normalization leaves its averages and uses them', () => {
    const layer = layers.batchNormalization({ trainable: false, epsilon: 0 }), x = tensor([[3], [5]]);
    const [y] = layer.run([x], { training: true, seeds: new SeedGenerator(1) });
    expect(y?.array()).toEqual([[3], [5]]);
    expect(layer.weights.map((w) => w.read()[0])).toEqual([1, 0, 0, 1]);
    expect(layer.trainableWeights.length).toBe(0);
  });
  it('averages move once per step', () => {
    const layer = layers.batchNormalization({ momentum: 0.75 });
    layer.run([tensor([[2], [6]])], { training: true, seeds: new SeedGenerator(1) });
    expect(layer.weights.slice(2).map((w) => w.read()[0])).toEqual([1, 0.75 + 0.25 * 4]);
    layer.run([tensor([[2], [6]])], { training: false, seeds: new SeedGenerator(1) });
    expect(layer.weights[2]?.read()[0]).toBe(1);
  });
  it('spectral normalization leaves a kernel of largest singular value 1, and one of zeros as it is', () => {
    const layer = layers.spectralNormalization(layers.dense(2, { kernelInitializer: 'identity' }), { powerIterations: 30 }), kernel = (): number[] => [...layer.layer.weights[0]?.read() ?? []];
    const train = (): unknown => layer.run([ones([1, 2])], { training: true, seeds: new SeedGenerator(1) });
    layer.build([[null, 2]]);
    layer.layer.weights[0]?.write(new Float32Array([4, 0, 0, 1]));
    train();
    expect(kernel()).toEqual([expect.closeTo(1, 5), 0, 0, expect.closeTo(0.25, 5)]);
    layer.layer.weights[0]?.write(new Float32Array(4));
    train();
    expect(kernel()).toEqual([0, 0, 0, 0]);
    expect(() => { layers.spectralNormalization(layers.flatten()).build([[null, 2]]); }).toThrow(/neither a kernel nor embeddings/);
  });
  it('refuse what cannot be', () => {
    expect(() => layers.batchNormalization({ momentum: 2 })).toThrow(/momentum 2 must be within 0 and 1/);
    expect(() => { layers.groupNormalization({ groups: 3, name: 'g' }).build([[null, 4]]); }).toThrow(/'g': 4 channels do not divide into 3 groups/);
    expect(() => layers.groupNormalization({ groups: 0 })).toThrow(/or -1/);
    expect(() => layers.batchNormalization().run([ones([2, 3, 4])], { training: true, seeds: new SeedGenerator(1), masks: [tensor([true, false])] })).toThrow(/the mask \[2\] must have one axis less/);
  });
});
