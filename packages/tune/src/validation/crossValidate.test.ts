import { describe, expect, it } from 'vitest';
import { input, layers, sequential } from '@limelight/core';
import { blobs, network } from '../../test/data.ts';
import { Random } from '../random.ts';
import { float } from '../space/parameters.ts';
import { summarize } from '../stats/statistics.ts';
import { crossValidate } from './crossValidate.ts';
import { timeSeriesSplit } from './folds.ts';
import { nestedCrossValidate } from './nested.ts';
import { takeRows } from './rows.ts';

const data = blobs(90);

describe('crossValidate', () => {
  it('gives mean, deviation, interval and the curve of every fold; the same for the same seed', async () => {
    const run = () => crossValidate(({ seed }) => network(seed), data, { folds: 3, epochs: 6, batchSize: 10, metrics: ['accuracy'], seed: 4 });
    const { folds, scores } = await run(), values = folds.map((f) => f.scores['accuracy'] ?? Number.NaN);
    expect(Object.keys(scores)).toEqual(['accuracy']);
    expect(scores['accuracy']?.values).toEqual(values);
    expect(scores['accuracy']?.mean).toBeGreaterThan(0.7);
    expect(folds.map((f) => [f.trainSize, f.testSize, f.history['val_loss']?.length])).toEqual([[60, 30, 6], [60, 30, 6], [60, 30, 6]]);
    // folds share training data, so the interval is wider than that of independent values: 1 + k · test/train as much variance
    const plain = summarize(values), [low, high] = scores['accuracy']?.interval ?? [0, 0];
    expect((high - low) / (plain.interval[1] - plain.interval[0])).toBeCloseTo(Math.sqrt(1 + 3 * 0.5), 9);
    expect(await run()).toEqual({ folds, scores });
  });
  it('shows each fold its own training data only', async () => {
    const seen: number[][] = [];
    await crossValidate(({ seed, data: own }) => { seen.push([...((own.x as typeof data.x).shape)]); return network(seed); }, data, { folds: timeSeriesSplit(90, { folds: 2 }), epochs: 1, curves: false });
    expect(seen).toEqual([[30, 8], [60, 8]]);
  });
  it('refuses what cannot be', async () => {
    const build = ({ seed }: { seed: number }) => network(seed);
    await expect(crossValidate(build, blobs(4), { folds: 9 })).rejects.toThrow(/9 folds are more than the 4 samples/);
    await expect(crossValidate(build, data, { metrics: ['f1'], epochs: 1, folds: 2 })).rejects.toThrow(/no quantity 'f1'; the model gives loss, accuracy/);
    await expect(crossValidate(build, data, { folds: [{ train: Int32Array.of(0, 1), test: Int32Array.of(1) }] })).rejects.toThrow(/trains on samples that it tests on/);
    await expect(crossValidate(build, { x: data.x, y: data.y.subarray(0, 50) })).rejects.toThrow(/x has 90 samples, but y has 50/);
    await expect(crossValidate(build, data, { groups: [1, 2] })).rejects.toThrow(/2 groups for 90 samples/);
    await expect(crossValidate(() => sequential([input({ shape: [8] }), layers.dense(1)]), data)).rejects.toThrow(/not compiled/);
  });
  it('takes rows of every form of data', () => {
    const rows = Int32Array.of(2, 0);
    expect(takeRows([[1, 2], [3, 4], [5, 6]], rows)).toEqual([[5, 6], [1, 2]]);
    expect(takeRows(Uint8Array.of(1, 2, 3), rows)).toEqual(Uint8Array.of(3, 1));
    expect(takeRows(Uint8Array.of(1, 2, 3, 4, 5, 6), rows, 3)).toEqual(Uint8Array.of(5, 6, 1, 2));
    expect(takeRows({ a: [1, 2, 3], b: { data: Float32Array.of(1, 2, 3), shape: [3, 1] } }, rows)).toEqual({ a: [3, 1], b: { data: Float32Array.of(3, 1), shape: [2, 1] } });
  });
});

describe('nestedCrossValidate', () => {
  it('never shows the outer test part to the search, and estimates chance as chance', async () => {
    // Labels that mean nothing: whoever looks at the test part while tuning finds something; an honest estimate is 1/2.
    const rng = new Random(5), rows = 60, none = { x: { data: Float32Array.from({ length: rows * 8 }, () => rng.normal()), shape: [rows, 8] }, y: Uint8Array.from({ length: rows }, (_, i) => i % 2) };
    const key = (row: Float32Array): string => row.slice(0, 3).join();
    const outer = timeSeriesSplit(rows, { folds: 2 }), seen: { fold: number; rows: Set<string> }[] = [];
    const result = await nestedCrossValidate(({ rate }, { seed, data: own }) => {
      const { data: values } = own.x as typeof none.x;
      seen.push({ fold: result0.fold, rows: new Set(Array.from({ length: values.length / 8 }, (_, i) => key(values.subarray(i * 8, i * 8 + 8)))) });
      return network(seed, { rate, classes: 2 });
    }, none, { space: { rate: float(1e-3, 0.3, { log: true }) }, objective: 'accuracy', trials: 3, innerFolds: 2, folds: outer, epochs: 3, onFold: () => { result0.fold++; } });
    expect(seen.length).toBe(2 * (3 * 2 + 1));
    for (const { fold, rows: own } of seen) for (const i of outer[fold]?.test ?? []) expect(own.has(key(none.x.data.subarray(i * 8, i * 8 + 8)))).toBe(false);
    expect(result.folds.map((f) => f.params.rate > 0)).toEqual([true, true]);
    expect(Math.abs((result.scores['accuracy']?.mean ?? 0) - 0.5)).toBeLessThan(0.3);
  });
});
const result0 = { fold: 0 };
