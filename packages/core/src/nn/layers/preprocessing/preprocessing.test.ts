import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../base/testing/golden.ts';
import { ops } from '../../../index.ts';
import { sequential } from '../../../model/index.ts';
import { SeedGenerator } from '../../../tensor/random.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import { checkLayer } from '../../testing/check-layer.ts';
import * as layers from '../index.ts';
import { arctan2 } from './angle.ts';

const batches = async function* <T>(...all: T[]): AsyncIterableIterator<T> { yield* all; await Promise.resolve(); };

describe('preprocessing layers', () => {
  it('keep the promises of layers', () => {
    checkLayer(() => layers.normalization(), { inputs: [[4]], output: [4], weights: 3 });
    checkLayer(() => layers.normalization({ mean: 3, variance: 2 }), { inputs: [[2, 3]], dtype: 'u8', output: [2, 3], weights: 0 });
    checkLayer(() => layers.discretization({ binBoundaries: [-1, 0, 1] }), { inputs: [[3]], output: [3], outputDType: 'i32', weights: 0 });
    checkLayer(() => layers.discretization({ binBoundaries: [0, 4], outputMode: 'oneHot' }), { inputs: [[1]], dtype: 'i32', output: [3], weights: 0 });
    checkLayer(() => layers.categoryEncoding(10), { inputs: [[3]], dtype: 'i32', output: [10], weights: 0 });
    checkLayer(() => layers.integerLookup({ vocabulary: [3, 5, 8] }), { inputs: [[2]], dtype: 'i32', output: [2], outputDType: 'i32', weights: 0 });
    checkLayer(() => layers.integerLookup({ vocabulary: [3, 5, 8], outputMode: 'multiHot' }), { inputs: [[2]], dtype: 'i32', output: [4], weights: 0 });
    checkLayer(() => layers.resizing(3, 5), { inputs: [[4, 4, 2]], output: [3, 5, 2], weights: 0 });
    checkLayer(() => layers.resizing(6, 2, { dataFormat: 'channelsFirst' }), { inputs: [[3, 4, 4]], dtype: 'u8', outputDType: 'u8', output: [3, 6, 2], weights: 0 });
    checkLayer(() => layers.centerCrop(2, 3), { inputs: [[5, 4, 1]], dtype: 'u8', output: [2, 3, 1], weights: 0 });
    checkLayer(() => layers.melSpectrogram({ fftLength: 32, sequenceStride: 16, numMelBins: 4 }), { inputs: [[100]], output: [4, 7], weights: 0, tolerance: 1e-4 });
    checkLayer(() => layers.stftSpectrogram({ mode: 'magnitude', frameLength: 8 }), { inputs: [[20, 2]], output: [4, 10], weights: 2, tolerance: 1e-4 });
    checkLayer(() => layers.stftSpectrogram({ mode: 'real', frameLength: 8, expandDims: true, dataFormat: 'channelsFirst' }), { inputs: [[2, 20]], output: [2, 4, 5], weights: 1, tolerance: 1e-4 });
  });
  it('learn from batches what they learn from all at once', async () => {
    const data = tensor(Float32Array.from({ length: 60 }, (_, i) => (i * 7919) % 101), [20, 3]), parts = [ops.slice(data, [0, 7]), { x: ops.slice(data, [7, 8]) }, [ops.slice(data, [8, 20]), ops.zeros([12])]];
    const whole = layers.normalization(), streamed = layers.normalization();
    await whole.adapt(data);
    await streamed.adapt(batches<unknown>(...parts));
    whole.weights.forEach((w, i) => { expect([...(streamed.weights[i]?.read() ?? [])]).toEqual([...w.read()].map((v) => expect.closeTo(v, 3) as unknown)); });
    const words = layers.stringLookup(), lines = layers.textVectorization({ ngrams: [2] });
    await words.adapt(batches(['a', 'b'], ['b', 'c', 'c', 'c']));
    expect(words.getVocabulary()).toEqual(['[UNK]', 'c', 'b', 'a']);
    await lines.adapt(batches(['one two three'], ['two three four']));
    expect(lines.getVocabulary({ includeSpecialTokens: false })).toEqual(['two three', 'three four', 'one two']);
    expect(lines.apply('two three').array()).toEqual([2]);
  });
  it('go from strings to numbers and back', () => {
    const vocabulary = ['x', 'y'], there = layers.stringLookup({ vocabulary, maskToken: '' }), back = layers.stringLookup({ vocabulary, maskToken: '', invert: true });
    expect(back.texts(there.apply([['y', 'x'], ['', 'z']]))).toEqual(['y', 'x', '', '[UNK]']);
    expect(there.apply('y').shape).toEqual([]);
    expect(() => back.apply(['x'])).toThrow(/texts\(numbers\) gives strings/);
    expect(() => there.texts([1])).toThrow(/invert: true/);
  });
  it('unknown strings and ragged lists are refused where they must be', () => {
    expect(() => layers.stringLookup({ name: 's', vocabulary: ['a'], numOovIndices: 0 }).apply(['b'])).toThrow(/StringLookup 's': 'b' is not in the vocabulary, and numOovIndices is 0/);
    expect(() => layers.integerLookup({ name: 'i', vocabulary: [1], numOovIndices: 0 }).apply(tensor(Int32Array.of(1, 2)))).toThrow(/IntegerLookup 'i': 2 is not in the vocabulary/);
    expect(() => layers.stringLookup({ vocabulary: ['a'] }).apply([['a'], ['a', 'b']])).toThrow(/ragged \(2 entries where others have 1\)/);
    expect(() => layers.stringLookup({ vocabulary: ['a'] }).apply([1 as unknown as string])).toThrow(/takes strings, got 1/);
    expect(() => layers.stringLookup({ name: 's' }).apply(['a'])).toThrow(/'s' has no vocabulary yet: call adapt/);
    expect(() => layers.textVectorization({ name: 't' }).apply(['a'])).toThrow(/'t' has no vocabulary yet/);
    expect(() => layers.stringLookup({ vocabulary: ['a', 'b', 'a'] })).toThrow(/has 'a' twice/);
    expect(() => layers.stringLookup({ vocabulary: ['a', 'b'], maxTokens: 2 })).toThrow(/has 3 entries; maxTokens is 2/);
    expect(() => layers.textVectorization({ vocabulary: ['a'] }).apply(layers.input({ shape: [2] }))).toThrow(/works on the host and cannot be part of a model/);
    expect(() => layers.hashedCrossing(3).apply([['a'], ['b', 'c']])).toThrow(/shapes \[1\] and \[2\]/);
    expect(() => layers.textVectorization({ standardize: (s) => s }).getConfig()).toThrow(/cannot be saved/);
  });
  it('refuse bad options and bad data with the fix', async () => {
    expect(() => layers.normalization({ mean: 1 })).toThrow(/both mean and variance/);
    expect(() => layers.discretization({})).toThrow(/either binBoundaries or numBins/);
    expect(() => layers.discretization({ binBoundaries: [2, 1] })).toThrow(/must ascend/);
    expect(() => layers.discretization({ name: 'd', numBins: 3 }).apply(tensor([1]))).toThrow(/'d' has no bins yet/);
    expect(() => layers.categoryEncoding(0)).toThrow(/at least 1/);
    expect(() => layers.resizing(0, 3)).toThrow(/height 0 must be/);
    expect(() => layers.resizing(3, 3).outputShapes([[null, 4, 4]])).toThrow(/takes \[batch, height, width, channels\]/);
    expect(() => layers.melSpectrogram({ fftLength: 16, sequenceLength: 32 })).toThrow(/sequenceLength 32 is more than fftLength 16/);
    await expect(layers.normalization({ name: 'n' }).adapt(batches())).rejects.toThrow(/'n'\.adapt: the stream gave no batch/);
    await expect(layers.normalization().adapt('abc' as never)).rejects.toThrow(/takes an array of numbers, or a stream/);
    await expect(layers.stringLookup({ vocabulary: ['a'] }).adapt(['b'])).rejects.toThrow(/was made with a vocabulary/);
    const built = layers.normalization({ name: 'n' });
    await built.adapt(tensor([[1, 2], [3, 4]]));
    await expect(built.adapt(tensor([[1, 2, 3]]))).rejects.toThrow(/'n' was built for input \[\?, 2\]/);
  });
  it('pipelines do what their layers do, acting as in training when they are called alone', () => {
    const x = ops.multiply(ops.ones([4, 6, 6, 3]), 100), flat = (t: Tensor): number[] => [...t.dataSync()], make = (): layers.Pipeline => layers.pipeline([layers.rescaling(1 / 100), layers.randomBrightness(0.5, { valueRange: [0, 2] }), layers.centerCrop(4, 4)], { name: 'prepare' });
    expect(make().apply(x).shape).toEqual([4, 4, 4, 3]);
    expect(new Set(flat(make().apply(x))).size).toBeGreaterThan(1);
    expect(new Set(flat(make().apply(x, { training: false })))).toEqual(new Set([1]));
    checkLayer(make, { inputs: [[6, 6, 3]], dtype: 'u8', output: [4, 4, 3], weights: 0 });
    checkLayer(() => layers.pipeline([layers.dense(5, { activation: 'relu' }), layers.batchNormalization(), layers.dense(2)]), { inputs: [[3]], output: [2], weights: 8 });
    checkLayer(() => layers.pipeline([layers.integerLookup({ vocabulary: [3, 5] })]), { inputs: [[3]], dtype: 'i32', output: [3], outputDType: 'i32', weights: 0 });
  });
  it('pipelines hand masks and several results on, and stand in models', () => {
    const net = sequential([layers.input({ shape: [4, 2] }), layers.pipeline([layers.masking(), layers.identity()]), layers.lstm(3)]), x = tensor([[[1, 2], [3, 4], [0, 0], [0, 0]]]), short = tensor([[[1, 2], [3, 4]]]);
    expectClose(net.predictSync(x).dataSync(), (net.layers[1] as layers.LSTM).call([short], { training: false, seeds: new SeedGenerator(1) })[0]?.dataSync() ?? []);
    const images = ops.ones([3, 4, 4, 1]), labels = ops.oneHot(ops.arange(0, 3, 1, 'i32'), 3), mixed = layers.pipeline([layers.mixUp(), layers.cutMix()]).applyAll([images, labels]);
    expect(mixed.map((t) => t.shape)).toEqual([[3, 4, 4, 1], [3, 3]]);
    expect(() => layers.pipeline([], { name: 'p' })).toThrow(/Pipeline 'p' takes a list of one or more layers, got an empty one/);
    expect(() => layers.pipeline([layers.rescaling(1), (() => 1) as never])).toThrow(/takes a list of one or more layers, got one with/);
  });
  it('the angle is right in all quarters', () => {
    const points = Array.from({ length: 41 }, (_, i) => (i - 20) / 6).flatMap((y) => Array.from({ length: 41 }, (_, i) => [y, (i - 20) / 7] as const));
    const y = tensor(Float32Array.from(points, (p) => p[0])), x = tensor(Float32Array.from(points, (p) => p[1])), got = arctan2(y, x).dataSync();
    points.forEach(([b, a], i) => { expect(Math.abs((got[i] ?? NaN) - Math.atan2(Math.fround(b), Math.fround(a)))).toBeLessThan(5e-7); });
  });
});
