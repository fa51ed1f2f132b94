/** Against Keras (tools/fixtures/data/utils.py), and what is refused. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { input, layers, sequential, tensor, type NestedInput, type ShapedArray, type Tensor } from '@limelight/core';
import { padSequences, timeseriesDatasetFromArray, toCategorical, type PadSequencesOptions, type TimeseriesOptions } from './arrays.ts';

interface Golden {
  readonly padded: readonly { readonly sequences: NestedInput[]; readonly options: PadSequencesOptions; readonly result: unknown }[];
  readonly categorical: readonly { readonly x: NestedInput; readonly numClasses: number | null; readonly result: unknown }[];
  readonly windows: readonly { readonly data: NestedInput; readonly targets: NestedInput | null; readonly sequenceLength: number; readonly options: TimeseriesOptions; readonly batches: readonly (readonly unknown[])[] }[];
}
const { padded, categorical, windows } = JSON.parse(readFileSync(new URL('testing/keras-utils.json', import.meta.url), 'utf8')) as Golden;
const nested = ({ data, shape }: ShapedArray): unknown => tensor(data, shape).array();

describe('as Keras', () => {
  it.each(padded)('sequences of equal length: $sequences $options', ({ sequences, options, result }) => { expect(nested(padSequences(sequences, options))).toEqual(result); });
  it.each(categorical)('one-hot labels: $x, $numClasses', ({ x, numClasses, result }) => { expect(nested(toCategorical(x, numClasses))).toEqual(result); });
  it.each(windows)('windows of $sequenceLength, $options', async ({ data, targets, sequenceLength, options, batches }) => {
    const own = await timeseriesDatasetFromArray(data, targets, sequenceLength, options).toArray() as { x: Tensor; y?: Tensor }[];
    expect(own.map(({ x, y }) => [x.array(), ...(y === undefined ? [] : [y.array()])])).toEqual(batches);
  });
});
it('windows come in another order, each once, and train a model', async () => {
  const series = Float32Array.from({ length: 60 }, (_, i) => Math.sin(i / 3)), data = { data: series.subarray(0, 59), shape: [59, 1] }, targets = { data: series.subarray(4), shape: [56] };
  const shuffled = timeseriesDatasetFromArray(data, targets, 4, { batchSize: null, shuffle: true, seed: 2 }), firsts = (await shuffled.toArray() as { y: Tensor }[]).map(({ y }) => y.item());
  expect(firsts).toHaveLength(56);
  expect(firsts).not.toEqual([...series.subarray(4)]);
  expect(new Set(firsts)).toEqual(new Set(series.subarray(4)));
  const model = sequential([input({ shape: [4, 1] }), layers.flatten(), layers.dense(1)], { seed: 1 }).compile({ optimizer: 'adam', loss: 'mse' });
  const { history } = await model.fit(timeseriesDatasetFromArray(data, targets, 4, { batchSize: 8 }) as never, { epochs: 3, verbose: 0 });
  expect(history['loss']?.[2]).toBeLessThan(history['loss']?.[0] ?? 0);
});
describe('refused', () => {
  it('with the values and the fix', () => {
    expect(() => padSequences([[1, 2]], { maxlen: 0 })).toThrow('padSequences: maxlen 0 must be a whole number of at least 1.');
    expect(() => padSequences([[1, 2]], { padding: 'both' as never })).toThrow("padSequences: padding 'both' must be 'pre' or 'post'.");
    expect(() => padSequences([[[1, 2]], [[1, 2, 3]]])).toThrow('padSequences: the steps of sequence 1 have shape [3], those before [2]; all must be equal.');
    expect(() => toCategorical([0, 4], 3)).toThrow('toCategorical: 4 at place 1 is no class of 0 to 2. Correct it, or give a larger numClasses.');
    expect(() => toCategorical([-1, 0])).toThrow(/-1 at place 0/);
    expect(() => timeseriesDatasetFromArray([1, 2, 3], null, 4)).toThrow('timeseriesDatasetFromArray: no window of 4 steps, 1 apart, fits into steps 0 to 2. Make sequenceLength or samplingRate smaller.');
    expect(() => timeseriesDatasetFromArray([1, 2, 3], null, 2, { startIndex: 2, endIndex: 2 })).toThrow(/startIndex 2 and endIndex 2 must lie in the 3 steps/);
    expect(() => timeseriesDatasetFromArray([1, 2, 3], null, 2, { sequenceStride: 0 })).toThrow(/sequenceStride 0 must be a whole number of at least 1/);
  });
});
