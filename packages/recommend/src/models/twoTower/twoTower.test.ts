import { describe, expect, it } from 'vitest';
import { Catalogue } from '../../log/catalogue.ts';
import { generateLog } from '../../log/generate.ts';
import { Interactions } from '../../log/interactions.ts';
import { Vocabulary } from '../../log/vocabulary.ts';
import { loadRecommender } from '../load.ts';
import { batchOf } from './batches.ts';
import { boundsOf, featureTable } from './features.ts';
import { twoTower, type TwoTower } from './twoTower.ts';

const made = generateLog({ users: 400, items: 120, events: 30, skew: 0.3, seed: 3 }), { catalogue } = made;
/** Every eighth item is cold: its rows are taken out. */
const cold = new Set(catalogue.ids.filter((_, i) => i % 8 === 0));
const isCold = (item: number): boolean => cold.has(made.log.items.id(item));
const log = made.log.filter((row) => !isCold(made.log.item[row] ?? 0));
const small = { width: 16, epochs: 5, batchSize: 128, buckets: 1024, length: 20, learningRate: 0.005, features: 8 };
const genresOf = (id: string): readonly string[] => catalogue.get(id)?.attributes?.['genre'] ?? [];

/**
 * Mean place of cold items in the whole ranking, from 0 (top) to 1 (end; chance: 0.5): `right`: of those that share a genre with two of the last three events; `wrong`: with none of the last ten;
 * `next`: of those that were in truth watched next. `hit`: share of the latter that are among the first ten.
 */
function places(model: TwoTower): Readonly<Record<'right' | 'wrong' | 'next' | 'hit', number>> {
  const n = model.items.size, scores = new Float32Array(n), found: Record<'right' | 'wrong' | 'next' | 'hit', number[]> = { right: [], wrong: [], next: [], hit: [] };
  const score = (items: Int32Array): void => { model.score([{ items, times: null }], scores); for (const item of items) scores[item] = -Infinity; };
  const above = (id: string): number => { const own = scores[model.items.index(id)] ?? 0; return scores.reduce((count, one) => count + (one > own ? 1 : 0), 0); };
  for (let user = 0; user < log.users.size; user++) {
    const { items } = log.history(user), recent = Array.from(items.slice(-10), (item) => genresOf(log.items.id(item)));
    if (items.length < 8) continue;
    score(items);
    for (const id of cold) {
      const alike = (last: number): number => recent.slice(-last).filter((genres) => genres.some((genre) => genresOf(id).includes(genre))).length;
      if (alike(3) >= 2) found.right.push(above(id) / (n - items.length));
      else if (alike(10) === 0) found.wrong.push(above(id) / (n - items.length));
    }
  }
  made.log.item.forEach((item, row) => {
    const items = made.log.item.slice(made.log.starts[made.log.user[row] ?? 0], row).filter((one) => !isCold(one));
    if (!isCold(item) || items.length < 8) return;
    score(items);
    const before = above(made.log.items.id(item));
    found.next.push(before / (n - items.length));
    found.hit.push(before < 10 ? 1 : 0);
  });
  const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
  return { right: mean(found.right), wrong: mean(found.wrong), next: mean(found.next), hit: mean(found.hit) };
}

describe('twoTower', () => {
  it('ranks cold items of the right genre far above chance, by what the catalogue says', async () => {
    const model = twoTower(small), report = await model.fit(log, { catalogue, seed: 1 });
    expect(report.notes?.['coldItems']).toBeGreaterThanOrEqual(cold.size);
    expect(report.epochs?.at(-1)?.loss).toBeLessThan(report.epochs?.[0]?.loss ?? 0);
    const { right, wrong, next, hit } = places(model);
    expect(right).toBeLessThan(0.22);
    expect(wrong).toBeGreaterThan(0.5);
    expect(next).toBeLessThan(0.35);
    expect(hit).toBeGreaterThan(0.2);
    const without = twoTower({ ...small, epochs: 2 });
    await without.fit(log, { seed: 1 });
    const blind = places(without);
    expect(Math.abs(blind.right - blind.wrong)).toBeLessThan(0.1); // no catalogue: all of them look alike
    // as it was saved
    const loaded = await loadRecommender(await model.toBytes());
    expect(loaded.recommend({ user: 'u5', reasons: 1 })).toEqual(model.recommend({ user: 'u5', reasons: 1 }));
    expect(model.recommend({ user: 'u5' })).toHaveLength(10);
    // items that come out later
    const fresh = new Catalogue([{ id: 'premiere', title: 'A premiere', attributes: { genre: ['Horror'] } }]), info = await model.addItems(fresh);
    expect([info.newItems, info.newUsers, info.rows]).toEqual([1, 0, 0]);
    const near = model.similar('premiere', 10).filter(({ item }) => catalogue.get(item)?.attributes?.['genre']?.includes('Horror') === true);
    expect(near.length).toBeGreaterThanOrEqual(6);
    // update: new users and rows, what was learnt stays
    const more = Interactions.from({ user: ['new', 'new', 'u1', 'u1'], item: ['m2', 'm3', 'premiere', 'unheard of'], time: [1_735_000_000, 1_735_000_100, 1_735_000_200, 1_735_000_300] });
    const updated = await model.update(more);
    expect([updated.newUsers, updated.newItems]).toEqual([1, 1]);
    expect(model.vectors).toHaveLength(model.items.size * 16);
    expect(model.recommend({ user: 'new' })).toHaveLength(10);
    expect(places(model).right).toBeLessThan(0.25);
    await loaded.update(more);
    expect(loaded.recommend({ user: 'new' })).toHaveLength(10);
  });
  it('learns to rank what was watched without a catalogue, the same for the same seed, and stops when told', async () => {
    const tiny = twoTower({ ...small, epochs: 1 }), again = twoTower({ ...small, epochs: 1 }), stop = new AbortController();
    await tiny.fit(log, { seed: 2 });
    await again.fit(log, { seed: 2 });
    expect([...tiny.vectors]).toEqual([...again.vectors]);
    await expect(tiny.fit(log, { signal: stop.signal, onEpoch: () => { stop.abort(); } })).rejects.toThrow(/aborted/i);
  });
  it('features: attributes first, words hashed, numbers by tenths; unknown items have none', () => {
    const films = new Catalogue([{ id: 'a', title: 'The Crimson River', attributes: { genre: ['Drama'] }, numbers: { year: 1990 } }, { id: 'b', title: 'Crimson tide', attributes: { genre: ['Drama'] }, numbers: { year: 2020 } }]), bounds = boundsOf(films);
    const table = featureTable(Vocabulary.of(['a', 'b', 'c']), films, bounds, 6, 1000), [a, b, c] = [table.subarray(0, 6), table.subarray(6, 12), table.subarray(12)];
    expect(a[0]).toBe(b[0]); // Drama
    expect(a[1]).not.toBe(b[1]); // years
    expect([...a].filter((feature) => feature > 0 && b.includes(feature))).toHaveLength(2); // Drama and crimson
    expect([...c]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(Math.max(...table)).toBeLessThanOrEqual(1000);
    expect([...featureTable(Vocabulary.of(['a', 'b', 'c', 'd']), new Catalogue([{ id: 'd', title: 'crimson' }]), bounds, 6, 1000, table).subarray(0, 18)]).toEqual([...table]);
  });
  it('batches: every item once, shares of a history sum to 1, what does not fit is left out', () => {
    const rows = Interactions.fromSequences([['a', 'b', 'a', 'c'], ['d', 'b']]), place = new Int32Array(4).fill(-1);
    const batch = batchOf(rows, Int32Array.of(3, 5), { batch: 2, places: 4, length: 10, decay: 0.5 }, place);
    expect(Array.from(batch.ids, (id) => rows.items.id(id))).toEqual(['c', 'b', 'a', 'd']);
    expect([...batch.mean.subarray(0, 4)].reduce((a, b) => a + b, 0)).toBeCloseTo(1);
    expect(batch.mean[(batch.ids.indexOf(rows.items.index('a')))]).toBeCloseTo(2 / 3);
    expect(batch.recent[(batch.ids.indexOf(rows.items.index('a')))]).toBeCloseTo(1.25 / 1.75);
    expect([...place]).toEqual([-1, -1, -1, -1]);
    const tight = batchOf(rows, Int32Array.of(3, 5), { batch: 2, places: 2, length: 10, decay: 0.5 }, place);
    expect([...tight.ids]).toEqual([rows.items.index('c'), rows.items.index('b')]);
    expect(tight.mean[1]).toBe(1);
    expect([...tight.mean.subarray(2)]).toEqual([0, 0]);
  });
  it('refuses what it cannot do', async () => {
    for (const [options, words] of [[{ width: 0 }, /width/], [{ temperature: 0 }, /temperature/], [{ decay: 0 }, /decay/], [{ idDropout: 1 }, /idDropout/], [{ features: 0.5 }, /features/]] as const) expect(() => twoTower(options)).toThrow(words);
    await expect(twoTower().fit(Interactions.fromSequences([['a'], ['b']]))).rejects.toThrow(/two events/);
    expect(() => twoTower().query({ items: Int32Array.of(0), times: null })).toThrow(/learnt nothing/);
  });
});
