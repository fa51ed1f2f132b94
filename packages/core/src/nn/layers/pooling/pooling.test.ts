import { describe, expect, it } from 'vitest';
import { ValueError } from '../../../base/errors.ts';
import { SeedGenerator } from '../../../tensor/random.ts';
import { tensor } from '../../../tensor/tensor.ts';
import { checkLayer } from '../../testing/check-layer.ts';
import * as layers from '../index.ts';

describe('pooling over windows', () => {
  it('keeps the promises of layers', () => {
    checkLayer(() => layers.maxPooling1d(), { inputs: [[7, 3]], output: [3, 3], weights: 0 });
    checkLayer(() => layers.maxPooling2d(2, { padding: 'same' }), { inputs: [[5, 6, 3]], output: [3, 3, 3], weights: 0 });
    checkLayer(() => layers.maxPooling2d([3, 2], { strides: 1, dataFormat: 'channelsFirst' }), { inputs: [[3, 5, 6]], output: [3, 3, 5], weights: 0 });
    checkLayer(() => layers.maxPooling2d(), { inputs: [[4, 4, 2]], dtype: 'u8', output: [2, 2, 2], outputDType: 'u8', weights: 0 });
    checkLayer(() => layers.maxPooling3d(2), { inputs: [[4, 4, 2, 2]], output: [2, 2, 1, 2], weights: 0 });
    checkLayer(() => layers.averagePooling1d(3, { strides: 2, padding: 'same' }), { inputs: [[7, 3]], output: [4, 3], weights: 0 });
    checkLayer(() => layers.averagePooling2d(), { inputs: [[4, 5, 3]], output: [2, 2, 3], weights: 0 });
    checkLayer(() => layers.averagePooling3d(2, { strides: 1, padding: 'same' }), { inputs: [[3, 3, 2, 2]], output: [3, 3, 2, 2], weights: 0 });
  });
  it('refuses what cannot be', () => {
    expect(() => layers.maxPooling2d(0)).toThrow(ValueError);
    expect(() => layers.maxPooling2d(2, { padding: 'full' as 'same' })).toThrow(/'full' must be 'valid' or 'same'/);
    expect(() => layers.maxPooling2d(3).outputShapes([[null, 2, 2, 1]])).toThrow(/does not fit/);
  });
});

describe('pooling over everything', () => {
  it('keeps the promises of layers', () => {
    checkLayer(() => layers.globalMaxPooling1d(), { inputs: [[7, 3]], output: [3], weights: 0 });
    checkLayer(() => layers.globalMaxPooling2d({ keepdims: true }), { inputs: [[5, 6, 3]], output: [1, 1, 3], weights: 0 });
    checkLayer(() => layers.globalMaxPooling3d({ dataFormat: 'channelsFirst' }), { inputs: [[3, 2, 5, 6]], output: [3], weights: 0 });
    checkLayer(() => layers.globalAveragePooling1d({ keepdims: true }), { inputs: [[7, 3]], output: [1, 3], weights: 0 });
    checkLayer(() => layers.globalAveragePooling2d({ dataFormat: 'channelsFirst', keepdims: true }), { inputs: [[3, 5, 6]], output: [3, 1, 1], weights: 0 });
    checkLayer(() => layers.globalAveragePooling3d(), { inputs: [[4, 2, 3, 3]], output: [3], weights: 0 });
  });
  it('averages the steps that a mask counts, and has no mask itself', () => {
    const layer = layers.globalAveragePooling1d(), x = tensor([[[1, 2], [3, 4], [100, 100]]]), masks = [tensor([[true, true, false]])];
    const [y] = layer.run([x], { training: false, seeds: new SeedGenerator(1), masks });
    expect(y?.array()).toEqual([[2, 3]]);
    expect(layer.computeMask()).toEqual([]);
  });
});

describe('adaptive pooling', () => {
  it('keeps the promises of layers', () => {
    checkLayer(() => layers.adaptiveMaxPooling1d(3), { inputs: [[7, 3]], output: [3, 3], weights: 0 });
    checkLayer(() => layers.adaptiveMaxPooling2d([2, 4]), { inputs: [[5, 6, 3]], output: [2, 4, 3], weights: 0 });
    checkLayer(() => layers.adaptiveMaxPooling3d(2), { inputs: [[4, 2, 6, 3]], output: [2, 2, 2, 3], weights: 0 });
    checkLayer(() => layers.adaptiveAveragePooling1d(4), { inputs: [[6, 3]], output: [4, 3], weights: 0 });
    checkLayer(() => layers.adaptiveAveragePooling2d(3, { dataFormat: 'channelsFirst' }), { inputs: [[2, 5, 7]], output: [2, 3, 3], weights: 0 });
    checkLayer(() => layers.adaptiveAveragePooling3d([1, 2, 3]), { inputs: [[3, 3, 4, 2]], output: [1, 2, 3, 2], weights: 0 });
  });
  it('may give more windows than there are elements', () => {
    const [y] = layers.adaptiveMaxPooling1d(3).run([tensor([[[1], [2]]])], { training: false, seeds: new SeedGenerator(1) });
    expect(y?.array()).toEqual([[[1], [2], [2]]]);
  });
  it('refuses no windows', () => { expect(() => layers.adaptiveMaxPooling2d(0)).toThrow(/outputSize: 0 must be a whole number of at least 1/); });
});
