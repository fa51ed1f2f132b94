import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { Interactions } from '../log/interactions.ts';
import { bpr } from './bpr.ts';
import { loadRecommender } from './load.ts';

/** Users of two tastes: items below half are of one, the rest of the other. */
function twoTastes(users: number, items: number, events: number, seed = 1): Interactions {
  const random = new Random(seed), user: string[] = [], item: string[] = [], time: number[] = [];
  for (let u = 0; u < users; u++) for (let e = 0; e < events; e++) { user.push(`u${u}`); item.push(`i${(u % 2) * (items / 2) + random.below(items / 2)}`); time.push(e); }
  return Interactions.from({ user, item, time });
}
const taste = (id: string): number => (Number(id.slice(1)) < 20 ? 0 : 1);
const small = { factors: 8, epochs: 30, foldInSteps: 400 };

describe('bpr', () => {
  const log = twoTastes(60, 40, 8);
  it('finds tastes and similar items; reasons and the mean user add up to the score', async () => {
    const model = bpr(small), report = await model.fit(log);
    expect(report.epochs).toHaveLength(30);
    expect(report.epochs?.[0]?.loss).toBeCloseTo(Math.log(2), 1);
    expect(report.epochs?.at(-1)?.loss).toBeLessThan(0.3);
    const list = model.recommend({ history: ['i1', 'i2', 'i3', 'nothing'], k: 10, reasons: true });
    expect(list.filter(({ item }) => taste(item) === 0).length).toBeGreaterThanOrEqual(9);
    expect(list.every(({ item }) => !['i1', 'i2', 'i3'].includes(item))).toBe(true);
    expect(list[0]?.reasons?.length).toBeGreaterThan(0);
    expect(model.similar('i25', 5).filter(({ item }) => taste(item) === 1).length).toBeGreaterThanOrEqual(4);
    // What a score holds besides its reasons (the mean user and the item's bias) is the same for all histories of as many steps.
    const rest = (...items: number[]): number[] => {
      const history = { items: Int32Array.from(items), times: null }, scores = new Float32Array(40);
      model.score([history], scores);
      return Array.from(scores, (score, item) => score - model.contributions(history, item).reduce((sum, { weight }) => sum + weight, 0));
    };
    const one = rest(3, 1);
    rest(30, 2, 25, 9).forEach((value, item) => { expect(value).toBeCloseTo(one[item] ?? 99, 4); });
  });
  it('removing the strongest reason lowers the score', async () => {
    const model = bpr(small), scores = new Float32Array(40);
    await model.fit(log);
    const score = (items: Int32Array, item: number): number => { model.score([{ items, times: null }], scores); return scores[item] ?? 0; };
    let lower = 0;
    for (let user = 0; user < 60; user++) {
      const { items } = log.history(user), item = model.items.index(model.recommend({ user: `u${user}`, k: 1 })[0]?.item ?? '');
      const top = model.contributions({ items, times: null }, item).reduce((a, b) => (b.weight > a.weight ? b : a));
      if (score(items.filter((_, i) => i !== top.index), item) < score(items, item)) lower++;
    }
    expect(lower).toBeGreaterThanOrEqual(54);
  });
  it('update brings new users and items and forgets nothing; is saved and loaded', async () => {
    const model = bpr(small);
    await model.fit(log);
    const loaded = await loadRecommender(await model.toBytes());
    expect(loaded.recommend({ user: 'u1' })).toEqual(model.recommend({ user: 'u1' }));
    const more = Interactions.from({ user: ['new', 'new', 'u1', 'u3', 'u5', 'u7'], item: ['i1', 'i2', 'fresh', 'fresh', 'fresh', 'fresh'], time: [90, 91, 92, 93, 94, 95] });
    for (const one of [model, loaded]) {
      const report = await one.update(more);
      expect([report.newUsers, report.newItems, report.notes?.['rowsLearnt']]).toEqual([1, 1, 6]);
      expect(one.similar('fresh', 5).filter(({ item }) => taste(item) === 1).length).toBeGreaterThanOrEqual(3);
      expect(one.recommend({ user: 'new', k: 5 }).filter(({ item }) => taste(item) === 0).length).toBeGreaterThanOrEqual(4);
      expect(one.recommend({ history: ['i33'], k: 5 }).filter(({ item }) => taste(item) === 1).length).toBeGreaterThanOrEqual(4);
    }
  });
  it('gives one result for one seed, takes users who know everything, stops when told', async () => {
    const [a, b, c] = [bpr(small), bpr(small), bpr(small)];
    const full = log.concat(Interactions.from({ user: log.items.ids.map(() => 'all'), item: log.items.ids, time: log.items.ids.map(() => 5) }));
    await a.fit(full);
    await b.fit(full);
    await c.fit(full, { seed: 5 });
    expect([...a.vectors]).toEqual([...b.vectors]);
    expect([...a.vectors]).not.toEqual([...c.vectors]);
    expect(a.recommend({ user: 'all' })).toEqual([]);
    const stop = new AbortController();
    await expect(a.fit(log, { signal: stop.signal, onEpoch: () => { stop.abort(); } })).rejects.toThrow(/aborted/i);
  });
  it('refuses what it cannot do', async () => {
    for (const [options, words] of [[{ factors: 0 }, /factors/], [{ epochs: 0.5 }, /epochs/], [{ foldInSteps: 0 }, /foldInSteps/], [{ learningRate: 0 }, /learningRate/], [{ regularization: -1 }, /regularization/]] as const) expect(() => bpr(options)).toThrow(words);
    await expect(bpr().fit(Interactions.from({ user: ['a'], item: ['b'] }))).rejects.toThrow(/one item only/);
    await expect(bpr().fit(Interactions.from({ user: ['a'], item: ['b'], weight: [0] }))).rejects.toThrow(/no row of the log has a weight above 0/);
  });
});
