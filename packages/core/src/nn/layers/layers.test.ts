import { describe, expect, it } from 'vitest';
import { NameError, ShapeError, StateError, ValueError } from '../../base/errors.ts';
import { SeedGenerator } from '../../tensor/random.ts';
import { ones, tensor, type Tensor } from '../../tensor/tensor.ts';
import { jit } from '../../tensor/trace.ts';
import { activationRegistry } from '../activations/index.ts';
import { layerFromConfig } from '../registry.ts';
import { setRandomSeed } from '../seed.ts';
import { checkLayer } from '../testing/check-layer.ts';
import * as layers from './index.ts';

const run = (layer: layers.Dense | layers.Dropout | layers.Rescaling, x: Tensor, training = false): Tensor => {
  const [y] = layer.run([x], { training, seeds: new SeedGenerator(1) });
  if (y === undefined) throw new Error('no result');
  return y;
};

describe('dense', () => {
  it('keeps the promises of layers', () => {
    checkLayer(() => layers.dense(3, { activation: 'tanh' }), { inputs: [[5]], output: [3], weights: 2 });
    checkLayer(() => layers.dense(3, { useBias: false, kernelInitializer: 'heNormal', kernelRegularizer: 'l2', kernelConstraint: 'maxNorm' }), { inputs: [[2, 5]], output: [2, 3], weights: 1 });
    checkLayer(() => layers.dense(2), { inputs: [[4]], dtype: 'u8', output: [2], weights: 2, learningRate: 0.005 });
  });
  it('multiplies and adds', () => {
    const layer = layers.dense(2, { activation: 'relu' });
    layer.build([[null, 2]]);
    layer.weights[0]?.write(new Float32Array([1, 2, 3, 4]));
    layer.weights[1]?.write(new Float32Array([0.5, -100]));
    expect(run(layer, tensor([[1, 1]])).array()).toEqual([[4.5, 0]]);
  });
  it('adds up penalties', () => {
    const layer = layers.dense(1, { kernelInitializer: 'ones', biasInitializer: 'ones', kernelRegularizer: { className: 'L2', config: { l2: 0.5 } }, biasRegularizer: 'l1' });
    layer.build([[null, 4]]);
    expect(layer.regularizationLoss()?.item()).toBeCloseTo(2.01, 6);
    expect(layers.dense(1).regularizationLoss()).toBeNull();
  });
  it('names layer, shapes and fix', () => {
    const layer = layers.dense(2, { name: 'head' });
    layer.build([[null, 4]]);
    expect(() => run(layer, ones([1, 3]))).toThrow(/'head' was built for input \[\?, 4\], got \[1, 3\]/);
    expect(() => layers.dense(0)).toThrow(ValueError);
    expect(() => { layers.dense(1).build([[null]]); }).toThrow(ShapeError);
    expect(() => layers.dense(1, { activation: 'rulu' })).toThrow(NameError);
  });
  it('has the same weights for the same seed', () => {
    const weights = (): number[] => { setRandomSeed(5); const layer = layers.dense(3); layer.build([[null, 2]]); return [...layer.weights[0]?.read() ?? []]; };
    expect(weights()).toEqual(weights());
    setRandomSeed(6);
    const other = layers.dense(3);
    other.build([[null, 2]]);
    expect([...other.weights[0]?.read() ?? []]).not.toEqual(weights());
  });
});

describe('shape layers', () => {
  it('keep the promises of layers', () => {
    checkLayer(() => layers.flatten(), { inputs: [[4, 3]], output: [12], weights: 0 });
    checkLayer(() => layers.flatten(), { inputs: [[4, 3]], dtype: 'u8', output: [12], outputDType: 'u8', weights: 0 });
    checkLayer(() => layers.reshape([2, -1]), { inputs: [[4, 3]], output: [2, 6], weights: 0 });
    checkLayer(() => layers.rescaling(1 / 255), { inputs: [[2, 2]], dtype: 'u8', output: [2, 2], weights: 0 });
    checkLayer(() => layers.rescaling([1, 2], -1), { inputs: [[3, 2]], output: [3, 2], weights: 0 });
    checkLayer(() => layers.inputLayer({ shape: [3] }), { inputs: [[3]], output: [3], weights: 0 });
  });
  it('rescales bytes to numbers', () => { expect(run(layers.rescaling(1 / 255), tensor(new Uint8Array([0, 255]), [1, 2])).array()).toEqual([[0, 1]]); });
  it('refuses what does not fill', () => { expect(() => layers.reshape([5]).outputShapes([[null, 4]])).toThrow(/4 elements, which do not fill \[5\]/); });
});

describe('activation', () => {
  const names = activationRegistry.names().filter((n) => n !== 'glu' && n !== 'threshold');
  it.each(names)('%s keeps the promises of layers', (name) => { checkLayer(() => layers.activation(name), { inputs: [[6]], output: [6], weights: 0 }); });
  it('glu halves, threshold takes parameters', () => {
    checkLayer(() => layers.activation('glu'), { inputs: [[6]], output: [3], weights: 0 });
    checkLayer(() => layers.activation({ className: 'threshold', config: { threshold: 0, defaultValue: -1 } }), { inputs: [[6]], output: [6], weights: 0 });
  });
});

describe('dropout', () => {
  it('keeps the promises of layers', () => {
    checkLayer(() => layers.dropout(0.3), { inputs: [[50]], output: [50], weights: 0 });
    checkLayer(() => layers.dropout(0.5, { noiseShape: [null, 1, 4] }), { inputs: [[5, 4]], output: [5, 4], weights: 0 });
  });
  it('is the identity unless training', () => {
    const x = ones([4, 4]);
    expect(run(layers.dropout(0.5), x)).toBe(x);
    expect(run(layers.dropout(0), x, true)).toBe(x);
    expect(run(layers.dropout(1), x, true).sum().item()).toBe(0);
  });
  it('drops `rate` and scales the rest', () => {
    const y = run(layers.dropout(0.2), ones([200, 100]), true).dataSync();
    const kept = y.filter((v) => v !== 0);
    expect(new Set(kept)).toEqual(new Set([Math.fround(1.25)]));
    // four standard deviations of 20,000 draws
    expect(Math.abs(kept.length / y.length - 0.8)).toBeLessThan(4 * Math.sqrt((0.8 * 0.2) / 20_000));
  });
  it('draws anew in every run of the compiled function, and the same for the same seed', () => {
    const layer = layers.dropout(0.5);
    const make = (): (() => Tensor) => { const seeds = new SeedGenerator(11); return jit(() => { const [y] = layer.run([ones([1, 64])], { training: true, seeds }); return y as Tensor; }); };
    const first = make(), second = make(), a = first().toString(), b = first().toString();
    expect(a).not.toBe(b);
    expect([second().toString(), second().toString()]).toEqual([a, b]);
  });
  it('refuses rates that are no probabilities', () => { expect(() => layers.dropout(1.5)).toThrow(ValueError); });
});

describe('functional use and registry', () => {
  it('records producers and shapes', () => {
    const x = layers.input({ shape: [28, 28], dtype: 'u8' }), h = layers.flatten().apply(x), y = layers.dense(10).apply(h);
    expect([h.shape, h.dtype, y.shape, y.dtype]).toEqual([[null, 784], 'u8', [null, 10], 'f32']);
    expect(y.producer?.inputs[0]).toBe(h);
  });
  it('suggests the nearest layer', () => { expect(() => layerFromConfig({ className: 'Dens', config: {} })).toThrow(/Did you mean 'Dense'/); });
  it('says when a layer is used before it is built', () => { expect(() => { layers.flatten().checkInputs([[null, 2]]); }).toThrow(StateError); });
});
