import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { Interactions } from '../log/interactions.ts';
import { als } from './als.ts';
import { loadRecommender } from './load.ts';

interface Fixture { users: number; items: number; width: number; alpha: number; regularization: number; rounds: number; user: number[]; item: number[]; weight: number[]; initial: number[]; vectors: number[]; scores: number[] }
const dense = (JSON.parse(readFileSync(new URL('../test/factors.json', import.meta.url), 'utf8')) as { als: Fixture }).als;
const order = (scores: ArrayLike<number>): number[] => Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);

/** Users of two tastes: items below half are of one, the rest of the other. */
function twoTastes(users: number, items: number, events: number, seed = 1): Interactions {
  const random = new Random(seed), user: string[] = [], item: string[] = [], time: number[] = [];
  for (let u = 0; u < users; u++) for (let e = 0; e < events; e++) { user.push(`u${u}`); item.push(`i${(u % 2) * (items / 2) + random.below(items / 2)}`); time.push(e); }
  return Interactions.from({ user, item, time });
}

describe('als', () => {
  it('gives the vectors and rankings of a dense ALS in NumPy', async () => {
    const { users, items, width, alpha, regularization, rounds } = dense;
    const rows = dense.item.map((item, i) => ({ item, user: dense.user[i] ?? 0, weight: dense.weight[i] ?? 0 })), first = Array.from({ length: items }, (_, i) => rows.findIndex(({ item }) => item === i));
    expect(first.every((row) => row >= 0)).toBe(true);
    const log = Interactions.from({ user: rows.map(({ user }) => user), item: rows.map(({ item }) => item), weight: rows.map(({ weight }) => weight) }), numbers = log.items.ids.map(Number);
    const initial = Float32Array.from(numbers.flatMap((item) => dense.initial.slice(item * width, (item + 1) * width)));
    const model = als({ factors: width, alpha, regularization, iterations: rounds });
    const report = await model.fit(log, { initial });
    expect(report.epochs).toHaveLength(rounds);
    expect(report.epochs?.at(-1)?.loss).toBeLessThan(report.epochs?.[0]?.loss ?? 0);
    numbers.forEach((item, at) => { for (let k = 0; k < width; k++) expect(model.vectors[at * width + k]).toBeCloseTo(dense.vectors[item * width + k] ?? 9, 4); });
    const places = log.users.ids.map(Number), scores = new Float32Array(users * items);
    model.score(places.map((_, u) => log.history(u)), scores);
    places.forEach((user, u) => {
      const own = numbers.map((_, i) => scores[u * items + i] ?? 0), theirs = numbers.map((item) => dense.scores[user * items + item] ?? 0);
      own.forEach((score, i) => { expect(score).toBeCloseTo(theirs[i] ?? 9, 4); });
      expect(order(own)).toEqual(order(theirs));
    });
  });
  it('finds tastes, similar items, and reasons that add up to the score', async () => {
    const log = twoTastes(60, 40, 8), model = als({ factors: 8, iterations: 8 });
    await model.fit(log);
    const list = model.recommend({ history: ['i1', 'i2', 'i3', 'nothing'], k: 10, reasons: true });
    expect(list.every(({ item }) => Number(item.slice(1)) < 20 && !['i1', 'i2', 'i3'].includes(item))).toBe(true);
    expect(list.every(({ reasons = [] }) => reasons.length > 0)).toBe(true);
    expect(model.similar('i25', 5).every(({ item }) => Number(item.slice(1)) >= 20 && item !== 'i25')).toBe(true);
    expect(() => model.similar('x')).toThrow(/does not know/);
    const history = { items: Int32Array.of(3, 1, 3, 7), times: null }, scores = new Float32Array(40);
    model.score([history], scores);
    for (let item = 0; item < 40; item++) expect(model.contributions(history, item).reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(scores[item] ?? 9, 5);
  });
  it('update solves for touched users and items only, and new ones appear; is saved and loaded', async () => {
    const log = twoTastes(60, 40, 8), model = als({ factors: 8, iterations: 8 });
    await model.fit(log);
    const before = model.vectors, more = Interactions.from({ user: ['new', 'new', 'u1', 'u3', 'u5', 'u7'], item: ['i1', 'i2', 'fresh', 'fresh', 'fresh', 'fresh'], time: [90, 91, 92, 93, 94, 95] });
    const loaded = await loadRecommender(await model.toBytes());
    expect(loaded.recommend({ user: 'u1' })).toEqual(model.recommend({ user: 'u1' }));
    for (const one of [model, loaded]) {
      const report = await one.update(more);
      expect([report.newUsers, report.newItems, report.notes?.['usersSolved'], report.notes?.['itemsSolved']]).toEqual([1, 1, 5, 3]);
      expect(Number(one.similar('fresh', 1)[0]?.item.slice(1))).toBeGreaterThanOrEqual(20);
      expect(Number(one.recommend({ user: 'new', k: 1 })[0]?.item.slice(1))).toBeLessThan(20);
    }
    const fresh = new Set(['i1', 'i2', 'fresh'].map((id) => model.items.index(id)));
    for (let item = 0; item < 40; item++) expect(model.vectors.slice(item * 8, item * 8 + 8).every((v, k) => v === before[item * 8 + k])).toBe(!fresh.has(item));
  });
  it('gives one result for one seed, reports its rounds, stops when told', async () => {
    const log = twoTastes(20, 10, 5), [a, b, c] = [als({ factors: 4 }), als({ factors: 4 }), als({ factors: 4 })], seen: number[] = [];
    await a.fit(log, { onEpoch: ({ epoch }) => { seen.push(epoch); } });
    await b.fit(log);
    await c.fit(log, { seed: 5 });
    expect(seen).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
    expect([...a.vectors]).toEqual([...b.vectors]);
    expect([...a.vectors]).not.toEqual([...c.vectors]);
    const stop = new AbortController();
    await expect(a.fit(log, { signal: stop.signal, onEpoch: () => { stop.abort(); } })).rejects.toThrow(/aborted/i);
  });
  it('refuses what it cannot do', async () => {
    for (const [options, words] of [[{ factors: 0 }, /factors/], [{ alpha: 0 }, /alpha/], [{ regularization: 0 }, /regularization/], [{ iterations: 1.5 }, /iterations/]] as const) expect(() => als(options)).toThrow(words);
    await expect(als().fit(twoTastes(4, 4, 2), { initial: new Float32Array(3) })).rejects.toThrow(/initial should hold/);
    await expect(als().fit(Interactions.from({ user: ['a'], item: ['b'], weight: [0] }))).rejects.toThrow(/no row of the log has a weight above 0/);
  });
});
