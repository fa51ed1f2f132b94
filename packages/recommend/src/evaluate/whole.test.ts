/** Cold and warm parts, debiased figures, diversity, comparison of two models, faithfulness of reasons. */
import { describe, expect, it } from 'vitest';
import { Catalogue } from '../log/catalogue.ts';
import { generateLog } from '../log/generate.ts';
import type { History } from '../log/interactions.ts';
import { Vocabulary } from '../log/vocabulary.ts';
import { popularity } from '../models/popularity.ts';
import { quick } from '../models/quick.ts';
import type { Scorer } from '../rank/score.ts';
import { faithfulness } from '../reasons/faithfulness.ts';
import { compareEvaluations } from './compare.ts';
import { evaluate } from './evaluate.ts';
import { leaveLastOut } from './splits.ts';
import type { EvaluationSet } from './set.ts';

const items = Vocabulary.of(['a', 'b', 'c', 'd', 'e']);
/** a first, e last, for everybody */
const model: Scorer = { kind: 'fixed', items, counts: Int32Array.of(100, 25, 16, 4, 1), score: (histories: readonly History[], out: Float32Array) => histories.forEach((_, row) => out.set([5, 4, 3, 2, 1], row * 5)) };
const set: EvaluationSet = {
  items, counts: model.counts, histories: [[4], [0, 4, 3], [2]].map((list) => ({ items: Int32Array.from(list), times: null })),
  targets: [Int32Array.of(0, 3), Int32Array.of(1), Int32Array.of(4)],
};

describe('evaluate, parts', () => {
  it('tells cold from warm', () => {
    const { figures, perUser } = evaluate(model, set, { ks: [2], coldItems: 5, coldUsers: 3 });
    expect([...(perUser['hr@2 cold items'] ?? [])]).toEqual([0, Number.NaN, 0]); // d and e have fewer than five events
    expect([...(perUser['hr@2 warm items'] ?? [])]).toEqual([1, 1, Number.NaN]);
    expect([figures['hr@2 cold users'], figures['hr@2 warm users']]).toEqual([0.5, 1]);
    expect(figures['ndcg@2 warm items']).toBe(1);
  });
  it('debiased: popular targets count less', () => {
    const { figures } = evaluate(model, set, { ks: [2] }), weights = { a: 100 ** -0.5, d: 4 ** -0.5, b: 25 ** -0.5, e: 1 };
    expect(figures['hr@2 debiased']).toBeCloseTo((weights.a + weights.b) / (weights.a + weights.d + weights.b + weights.e), 12);
    expect(evaluate(model, set, { ks: [2], debias: 0 }).get('hr@2 debiased')).toBe(0.5);
  });
  it('diversity by attributes, coverage, novelty', () => {
    const catalogue = new Catalogue(items.ids.map((id) => ({ id, attributes: { genre: id < 'c' ? ['x', 'y'] : id === 'c' ? ['x'] : ['z'] } })));
    const { perUser, figures } = evaluate(model, set, { ks: [3], catalogue });
    // a b c: ab 0, ac 1/2, bc 1/2; b c (no a, d, e left): 1/2; a b d: 0, 1, 1
    [1 / 3, 1 / 2, 2 / 3].forEach((x, i) => { expect(perUser['diversity']?.[i]).toBeCloseTo(x, 12); });
    expect(figures['coverage']).toBe(0.8);
    expect(perUser['novelty']?.[1]).toBeCloseTo((-Math.log2(25 / 146) - Math.log2(16 / 146)) / 2, 12);
    expect(evaluate(model, set).figures['diversity']).toBe(undefined);
  });
});

describe('two models', () => {
  it('are compared on the same users', async () => {
    const { log } = generateLog({ users: 300, items: 100, events: 20, seed: 3 }), { train, test } = leaveLastOut(log), [a, b] = [quick({ l2: 20 }), popularity()];
    await a.fit(train);
    await b.fit(train);
    const [ours, theirs] = [evaluate(a, test), evaluate(b, test)], comparison = compareEvaluations(ours, theirs);
    expect(comparison.difference).toBeCloseTo(ours.get('ndcg@10') - theirs.get('ndcg@10'), 12);
    expect(comparison.isSure && comparison.p < 0.05 && comparison.interval[0] > 0).toBe(true);
    const same = compareEvaluations(ours, ours);
    expect([same.difference, same.p, same.isSure]).toEqual([0, 1, false]);
    expect(() => compareEvaluations(ours, theirs, 'hr@7')).toThrow(/figure that both have/);
    const faith = faithfulness(a, test.histories.slice(0, 100));
    expect(faith.top).toBeGreaterThan(0.99);
    expect(faith.random).toBeLessThan(0.85);
    expect(faith.topDrop).toBeGreaterThan(3 * faith.randomDrop);
    expect(faith.cases + faith.without).toBe(300);
  });
});
