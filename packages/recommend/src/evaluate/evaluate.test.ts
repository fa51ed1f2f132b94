import { describe, expect, it } from 'vitest';
import type { History } from '../log/interactions.ts';
import { Interactions } from '../log/interactions.ts';
import { Vocabulary } from '../log/vocabulary.ts';
import type { Scorer } from '../rank/score.ts';
import { bootstrapInterval } from './bootstrap.ts';
import { evaluate } from './evaluate.ts';
import { hitRate, ndcg, recall, reciprocalRank } from './metrics.ts';
import { setFromSequences } from './set.ts';
import { leaveLastOut, splitByTime } from './splits.ts';

/** Scores items by a list, the same for everybody. */
const fixed = (items: Vocabulary, scores: readonly number[]): Scorer => ({
  kind: 'fixed', items, counts: Int32Array.from(items.ids, (_, i) => i), score: (histories: readonly History[], out: Float32Array) => histories.forEach((_, row) => out.set(scores, row * items.size)),
});

describe('metrics', () => {
  it('are those of the definitions', () => {
    const ranks = Float64Array.of(2, 5, 30);
    expect([hitRate(ranks, 1), hitRate(ranks, 2), recall(ranks, 5)]).toEqual([0, 1, 2 / 3]);
    expect(ndcg(ranks, 10)).toBeCloseTo((1 / Math.log2(3) + 1 / Math.log2(6)) / (1 + 1 / Math.log2(3) + 1 / 2), 12);
    expect(ndcg(Float64Array.of(3), 10)).toBe(0.5);
    expect(reciprocalRank(ranks)).toBe(0.5);
    expect(reciprocalRank(Float64Array.of(Infinity))).toBe(0);
  });
});

describe('evaluate', () => {
  const items = Vocabulary.of(['a', 'b', 'c', 'd']);
  it('ranks all items without those of the history, ties by number', () => {
    const set = setFromSequences([['a'], ['d'], ['b']], [['b'], ['c'], ['c']], items), model = fixed(items, [9, 5, 5, 5]);
    const { figures, perUser } = evaluate(model, set, { ks: [1, 2] });
    expect([...(perUser['hr@1'] ?? [])]).toEqual([1, 0, 0]); // b first; a, b, c; a, c
    expect([...(perUser['mrr'] ?? [])]).toEqual([1, 1 / 3, 1 / 2]);
    expect(figures['hr@2']).toBeCloseTo(2 / 3, 12);
    expect(figures['coverage']).toBe(3 / 4);
    expect(evaluate(model, set, { ks: [1, 2], filterSeen: false, batchSize: 2 }).get('hr@1')).toBe(0);
  });
  it('asks a model with another vocabulary by id; what it does not know is a miss', () => {
    const model = fixed(Vocabulary.of(['c', 'b', 'a']), [3, 2, 1]), set = setFromSequences([['c', 'x'], ['x'], ['a']], [['b'], ['a'], ['d']], items);
    const { perUser } = evaluate(model, set);
    expect([...(perUser['mrr'] ?? [])]).toEqual([1, 1, 0]); // 'x' alone is an empty history: popularity, where a has most
  });
  it('gives the same interval for the same seed', () => {
    const values = Float64Array.from({ length: 200 }, (_, i) => (i % 4 === 0 ? 1 : 0)), [low, high] = bootstrapInterval(values);
    expect(bootstrapInterval(values)).toEqual([low, high]);
    expect(low).toBeGreaterThan(0.18);
    expect(low).toBeLessThan(0.22);
    expect(high).toBeGreaterThan(0.28);
    expect(high).toBeLessThan(0.33);
    const evaluation = evaluate(fixed(items, [4, 3, 2, 1]), setFromSequences([['a'], ['b']], ['b', 'd'], items), { ks: [1] });
    expect(evaluation.interval('hr@1')).toEqual([0, 1]);
    expect(() => evaluation.interval('coverage')).toThrow(/values of its users/);
    expect(() => evaluation.get('hr@7')).toThrow(/Known: hr@1/);
  });
  it('refuses empty sets, wrong ks and NaN', () => {
    expect(() => setFromSequences([], [])).toThrow(/no users/);
    expect(() => setFromSequences([['a']], [[]])).toThrow(/User 1 of the evaluation set has no target/);
    const set = setFromSequences([['a']], ['b'], items);
    expect(() => evaluate(fixed(items, [1, 1, 1, 1]), set, { ks: [0] })).toThrow(/ks must be/);
    expect(() => evaluate(fixed(items, [Number.NaN, 1, 1, 1]), set)).toThrow(/gives NaN/);
  });
});

describe('splits', () => {
  const log = Interactions.from({ user: ['a', 'a', 'a', 'b', 'b', 'b', 'b', 'c'], item: [1, 2, 3, 4, 1, 5, 4, 6], time: [1, 2, 9, 3, 4, 8, 9, 10] });
  const named = (list: Int32Array | undefined): string => Array.from(list ?? [], (item) => log.items.id(item)).join(' ');
  it('by time: one point for all', () => {
    const { train, validation, test } = splitByTime(log, { at: 8, validation: false });
    expect(validation).toBe(null);
    expect(train.rows).toBe(4);
    expect(test.histories.map(({ items }) => named(items))).toEqual(['1 2', '4 1', '']);
    expect(test.targets.map(named)).toEqual(['3', '5', '6']); // b's 4 at 9 is one that b knew
    expect(splitByTime(log, { at: 8, validation: false, repeats: true }).test.targets.map(named)).toEqual(['3', '5 4', '6']);
    const parts = splitByTime(log, { share: 0.25, validation: 0.25 });
    expect([parts.train.rows, parts.validation?.histories.length, parts.test.histories.length]).toEqual([3, 1, 2]); // the tie at 9 goes to the test as a whole
    expect(Math.max(...parts.train.time)).toBeLessThan(4);
  });
  it('leave-last-out', () => {
    const { train, validation, test } = leaveLastOut(log);
    expect(train.rows).toBe(1 + 2 + 1);
    expect(validation?.targets.map(named)).toEqual(['2', '5']);
    expect(test.histories.map(({ items }) => named(items))).toEqual(['1 2', '4 1 5']);
    expect(test.targets.map(named)).toEqual(['3', '4']);
    expect([...(test.counts ?? [])]).toEqual([...train.counts]);
  });
  it('refuse what gives nothing', () => {
    expect(() => splitByTime(Interactions.fromSequences([[1, 2, 3]]))).toThrow(/no times/);
    expect(() => splitByTime(log, { at: 1 })).toThrow(/nothing to train on/);
    expect(() => splitByTime(log, { at: 11, validation: false })).toThrow(/nobody has a new item/);
    expect(() => leaveLastOut(Interactions.fromSequences([[1, 2]]))).toThrow(/no user has more than 2 rows/);
  });
});
