import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Interactions } from '../log/interactions.ts';
import { loadRecommender } from './load.ts';
import { popularity } from './popularity.ts';

const DAY = 86_400;
const log = Interactions.from({ user: ['a', 'b', 'c', 'a', 'b'], item: ['old', 'old', 'old', 'new', 'new'], time: [0, DAY, 2 * DAY, 40 * DAY, 41 * DAY] });
const names = (list: { item: string }[]): string[] => list.map(({ item }) => item);

describe('popularity', () => {
  it('counts events, or recent ones more', async () => {
    const all = popularity(), recent = popularity({ halfLife: 10 });
    const report = await all.fit(log);
    await recent.fit(log);
    expect([report.kind, report.rows, report.users, report.items]).toEqual(['popularity', 5, 3, 2]);
    expect(names(all.recommend())).toEqual(['old', 'new']);
    expect(names(recent.recommend())).toEqual(['new', 'old']);
    expect(recent.recommend()[0]?.score).toBeGreaterThan(1.9);
  });
  it('recommends for users, histories and nobody; filters', async () => {
    const model = popularity();
    await model.fit(log);
    expect(names(model.recommend({ user: 'a' }))).toEqual([]); // a knows both
    expect(names(model.recommend({ user: 'c' }))).toEqual(['new']);
    expect(names(model.recommend({ user: 'nobody' }))).toEqual(['old', 'new']);
    expect(names(model.recommend({ history: ['old', 'unheard of'] }))).toEqual(['new']);
    expect(names(model.recommend({ history: ['old'], filterSeen: false, k: 99 }))).toEqual(['old', 'new']);
    expect(names(model.recommend({ deny: ['old'] }))).toEqual(['new']);
    expect(names(model.recommend({ allow: ['new', 'x'], reasons: true }))).toEqual(['new']);
    expect(names(model.similar('old'))).toEqual(['new']);
    expect(() => model.recommend({ allow: ['x'] })).toThrow(/none of the allowed/);
    expect(() => model.recommend({ k: 0 })).toThrow(/k must be/);
    expect(() => model.recommend({ user: 'a', history: [] })).toThrow(/not both/);
    expect(() => model.recommend({ history: ['old'], times: [1, 2] })).toThrow(/1 items in the history, but 2 times/);
    expect(() => model.similar('x')).toThrow(/does not know the item 'x'/);
  });
  it('update gives what a new fit gives', async () => {
    const more = Interactions.from({ user: ['d', 'a', 'a'], item: ['third', 'third', 'old'], time: [50 * DAY, 30 * DAY, 51 * DAY] });
    for (const options of [{}, { halfLife: 7 }]) {
      const updated = popularity(options), fitted = popularity(options);
      await updated.fit(log);
      const report = await updated.update(more);
      expect([report.rows, report.newUsers, report.newItems]).toEqual([3, 1, 1]);
      await fitted.fit(log.concat(more));
      const [a, b] = [updated.recommend({ k: 9 }), fitted.recommend({ k: 9 })];
      expect(names(a)).toEqual(names(b));
      a.forEach(({ score }, i) => { expect(score).toBeCloseTo(b[i]?.score ?? Number.NaN, 6); });
    }
  });
  it('is saved and loaded, with and without histories', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'recommend-'));
    try {
      const model = popularity({ halfLife: 10 });
      await model.fit(log);
      await model.save(join(folder, 'deep', 'model.safetensors'));
      expect(readdirSync(join(folder, 'deep'))).toEqual(['model.safetensors']);
      const loaded = await loadRecommender(join(folder, 'deep', 'model.safetensors'));
      expect(loaded.recommend({ user: 'c' })).toEqual(model.recommend({ user: 'c' }));
      await loaded.update(Interactions.from({ user: ['z'], item: ['new'], time: [50 * DAY] }));
      expect(loaded.users.size).toBe(4);
      const small = await loadRecommender(await model.toBytes({ histories: false }));
      expect(small.recommend({ history: ['old'] })).toEqual(model.recommend({ history: ['old'] }));
      expect([...small.counts]).toEqual([3, 2]);
      expect(() => small.recommend({ user: 'nobody' })).not.toThrow();
      await expect(small.update(log)).rejects.toThrow(/saved without histories/);
      writeFileSync(join(folder, 'cut'), (await model.toBytes()).subarray(0, 99));
      await expect(loadRecommender(join(folder, 'cut'))).rejects.toThrow(/cut short/);
      await expect(loadRecommender(join(folder, 'none'))).rejects.toThrow(/Cannot read/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  it('refuses what it cannot do', async () => {
    expect(() => popularity({ halfLife: 0 })).toThrow(/halfLife/);
    expect(() => popularity().recommend()).toThrow(/learnt nothing yet/);
    await expect(popularity({ halfLife: 3 }).fit(Interactions.fromSequences([[1, 2]]))).rejects.toThrow(/needs times/);
    await expect(popularity().fit(log.filter(() => false))).rejects.toThrow(/no rows/);
    await expect(popularity().fit(log, { signal: AbortSignal.abort() })).rejects.toThrow(/aborted/);
  });
});
