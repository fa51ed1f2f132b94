import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { groupKFold, kFold, repeatedKFold, stratifiedKFold, timeSeriesSplit, type Fold } from './folds.ts';

interface Case { readonly kind: string; readonly options: { folds: number; testSize?: number; gap?: number; maxTrainSize?: number }; readonly n: number; readonly labels: (number | string)[] | null; readonly groups: number[] | null; readonly folds: [number[], number[]][] }
const cases = JSON.parse(readFileSync(new URL('../../test/fixtures/folds.json', import.meta.url), 'utf8')) as Case[];
const split = ({ kind, options, n, labels, groups }: Case): Fold[] => {
  switch (kind) {
    case 'kFold': return kFold(n, options);
    case 'stratifiedKFold': return stratifiedKFold(labels ?? [], options);
    case 'groupKFold': return groupKFold(groups ?? [], options);
    default: return timeSeriesSplit(n, options);
  }
};
const lists = (folds: readonly Fold[]): number[][][] => folds.map(({ train, test }) => [[...train], [...test]]);
const labels = Array.from({ length: 60 }, (_, i) => (i % 10 < 1 ? 'rare' : i % 10 < 4 ? 'some' : 'most'));

describe('folds', () => {
  it.each(cases.map((c, i) => [i, c.kind, c] as const))('%i: %s equals scikit-learn index by index', (_i, _kind, one) => { expect(lists(split(one))).toEqual(one.folds); });

  it.each([
    ['kFold', kFold(53, { folds: 4, shuffle: true, seed: 7 }), kFold(53, { folds: 4, shuffle: true, seed: 8 }), 53],
    ['stratifiedKFold', stratifiedKFold(labels, { folds: 3, shuffle: true, seed: 7 }), stratifiedKFold(labels, { folds: 3, shuffle: true, seed: 8 }), 60],
    ['groupKFold', groupKFold(labels.map((_, i) => i % 9), { folds: 3, shuffle: true, seed: 7 }), groupKFold(labels.map((_, i) => i % 9), { folds: 3, shuffle: true, seed: 8 }), 60],
  ] as const)('%s shuffled: every sample is tested once, train and test share nothing, another seed gives others', (_name, folds, others, n) => {
    const tested = folds.flatMap((f) => [...f.test]).sort((a, b) => a - b);
    expect(tested).toEqual([...Array(n).keys()]);
    for (const { train, test } of folds) expect([...train, ...test].sort((a, b) => a - b)).toEqual(tested);
    expect(lists(folds)).not.toEqual(lists(others));
  });
  it('keep classes in proportion, groups whole, and time in order', () => {
    for (const { test } of stratifiedKFold(labels, { folds: 3, shuffle: true, seed: 1 })) expect(['rare', 'some', 'most'].map((c) => [...test].filter((i) => labels[i] === c).length)).toEqual([2, 6, 12]);
    const groups = labels.map((_, i) => `g${i % 7}`);
    for (const { train, test } of groupKFold(groups, { folds: 3, shuffle: true })) expect([...test].filter((i) => [...train].some((j) => groups[j] === groups[i]))).toEqual([]);
    for (const { train, test } of timeSeriesSplit(40, { folds: 4, gap: 3 })) expect(Math.max(...train) + 3).toBeLessThan(Math.min(...test));
  });
  it('repeat in other orders', () => {
    const folds = repeatedKFold(20, { folds: 4, repeats: 3 });
    expect([folds.length, new Set(folds.map((f) => f.test.join())).size]).toEqual([12, 12]);
    expect(repeatedKFold(60, { folds: 3, repeats: 2, labels }).every((f) => [...f.test].filter((i) => labels[i] === 'rare').length === 2)).toBe(true);
  });
  it('refuse more folds than data', () => {
    expect(() => kFold(3, { folds: 5 })).toThrow(/5 folds are more than the 3 samples/);
    expect(() => stratifiedKFold([0, 1, 2, 0, 1, 2], { folds: 4 })).toThrow(/more than any class has samples \(2\)/);
    expect(() => groupKFold([1, 1, 2, 2], { folds: 3 })).toThrow(/3 folds are more than the 2 groups/);
    expect(() => timeSeriesSplit(10, { folds: 4, testSize: 3 })).toThrow(/leave nothing of 10 samples to train on/);
    expect(() => timeSeriesSplit(3, { folds: 5 })).toThrow(/5 folds are more than/);
    expect(() => kFold(10, { folds: 1 })).toThrow(/at least 2/);
  });
});
