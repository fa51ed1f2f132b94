import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Random } from '../../base/random.ts';
import { leaveLastOut } from '../../evaluate/splits.ts';
import { Interactions } from '../../log/interactions.ts';
import { loadRecommender } from '../load.ts';
import { popularity } from '../popularity.ts';
import { settingsOf, type TransformerOptions } from './options.ts';
import { rateOf } from './training.ts';
import { transformer } from './transformer.ts';
import { epochOf, sizes } from './windows.ts';

const ITEMS = 30, folder = mkdtempSync(join(tmpdir(), 'transformer-'));
afterAll(() => { rmSync(folder, { recursive: true }); });
/** What follows depends on the last two events: no model of sets, and no model of the last event alone, can know it. */
const after = (a: number, b: number): number => (3 * a + 5 * b + 1) % ITEMS;
function story(users: number, seed: number): Interactions {
  const random = new Random(seed);
  return Interactions.fromSequences(Array.from({ length: users }, () => {
    const list = [random.below(ITEMS), random.below(ITEMS)], n = 8 + random.below(12);
    while (list.length < n) list.push(after(list.at(-2) as number, list.at(-1) as number));
    return list;
  }));
}
const small: TransformerOptions = { width: 32, blocks: 1, length: 16, dropout: 0, epochs: 40, learningRate: 0.01, warmup: 10, batchEvents: 256 };
const scoresOf = (model: { score(histories: readonly { items: Int32Array; times: null }[], out: Float32Array): void; items: { size: number } }, items: readonly number[]): Float32Array => {
  const out = new Float32Array(model.items.size);
  model.score([{ items: Int32Array.from(items), times: null }], out);
  return out;
};

describe('transformer', () => {
  it('learns from the order of events what popularity cannot know; keeps the best epoch; survives a file', async () => {
    const { train, validation, test } = leaveLastOut(story(250, 1)), model = transformer(small), plain = popularity(), lines: number[] = [];
    await plain.fit(train);
    const report = await model.fit(train, { validation: validation ?? test, seed: 3, onEpoch: ({ epoch }) => { lines.push(epoch); } });
    expect(lines).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    const options = { filterSeen: false, ks: [1] }, own = model.evaluate(test, options).get('hr@1');
    expect(own).toBeGreaterThan(0.6);
    expect(plain.evaluate(test, options).get('hr@1')).toBeLessThan(0.2);
    const best = Math.max(...(report.epochs ?? []).map(({ figures }) => figures?.['ndcg@10'] ?? 0));
    expect(model.evaluate(validation ?? test).get('ndcg@10')).toBe(best);
    const path = join(folder, 'model.safetensors');
    await model.save(path);
    const again = await loadRecommender(path);
    expect(scoresOf(again, [1, 2, 3])).toEqual(scoresOf(model, [1, 2, 3]));
    expect(again.evaluate(test, options).get('hr@1')).toBe(own);
    // alone or among others: the same scores
    const together = new Float32Array(3 * model.items.size);
    model.score([[1, 2, 3], [4], [5, 6, 7, 8]].map((items) => ({ items: Int32Array.from(items), times: null })), together);
    scoresOf(model, [1, 2, 3]).forEach((score, i) => { expect(together[i]).toBeCloseTo(score, 4); });
    expect(model.similar(model.items.id(4), 3)).toHaveLength(3);
  });
  it('looks at the latest events only, and draws items where the catalogue is not compared as a whole', async () => {
    const log = story(60, 2), model = transformer({ ...small, epochs: 8, negatives: 16 });
    const report = await model.fit(log), losses = (report.epochs ?? []).map(({ loss }) => loss);
    expect(losses.at(-1)).toBeLessThan(0.9 * (losses[0] as number));
    const recent = Array.from({ length: 16 }, (_, i) => i);
    expect(scoresOf(model, [20, 21, ...recent])).toEqual(scoresOf(model, recent));
    expect(model.recommend({ history: recent.map((i) => model.items.id(i)), k: 5 })).toHaveLength(5);
  });
  it('goes on from its checkpoint to the same bits, and refuses that of another training', async () => {
    const log = story(40, 5), checkpoint = join(folder, 'checkpoint.safetensors'), options = { ...small, epochs: 4, dropout: 0.1, negatives: 8 };
    const whole = transformer(options);
    await whole.fit(log, { seed: 7 });
    const stop = new AbortController(), first = transformer({ ...options, checkpoint });
    await expect(first.fit(log, { seed: 7, signal: stop.signal, onEpoch: ({ epoch }) => { if (epoch === 2) stop.abort(); } })).rejects.toThrow(/abort/i);
    expect(first.isFitted).toBe(false);
    const second = transformer({ ...options, checkpoint }), report = await second.fit(log, { seed: 7 });
    expect(report.epochs).toHaveLength(4);
    expect(scoresOf(second, [1, 2, 3])).toEqual(scoresOf(whole, [1, 2, 3]));
    await expect(transformer({ ...options, checkpoint }).fit(log, { seed: 8 })).rejects.toThrow(/checkpoint of a training with other data, settings or seed/);
    writeFileSync(checkpoint, 'x');
    await expect(transformer({ ...options, checkpoint }).fit(log, { seed: 7 })).rejects.toThrow();
  });
  it('takes in new users and items', async () => {
    const log = story(80, 9), model = transformer({ ...small, epochs: 12 });
    await model.fit(log);
    const old = scoresOf(model, [1, 2, 3]), followed = [5, 6, 7].map((i) => String(i));
    const report = await model.update(Interactions.from({ user: ['newcomer', 'newcomer', 'newcomer', 'newcomer'], item: [...followed, 'fresh'] }));
    expect(report).toMatchObject({ rows: 4, newUsers: 1, newItems: 1 });
    expect(model.items.size).toBe(ITEMS + 1);
    const now = scoresOf(model, [1, 2, 3]);
    expect(now).toHaveLength(ITEMS + 1);
    // what was learnt is still there: the order of the old items hardly changes
    const top = (scores: Float32Array): number => scores.subarray(0, ITEMS).indexOf(Math.max(...scores.subarray(0, ITEMS)));
    expect(top(now)).toBe(top(old));
    expect(model.recommend({ user: 'newcomer', k: 3 })).toHaveLength(3);
  });
  it('an update without new items gives the same bits to a model from a file', async () => {
    const rows = Interactions.from({ user: ['a', 'a', 'a', 'b', 'b'], item: ['5', '6', '7', '8', '9'] }), model = transformer({ ...small, epochs: 3, dropout: 0.1, negatives: 8 });
    await model.fit(story(60, 9), { seed: 2 });
    const again = await loadRecommender(await model.toBytes()), old = scoresOf(model, [1, 2, 3]);
    for (const one of [model, again]) expect(await one.update(rows)).toMatchObject({ rows: 5, newUsers: 2, newItems: 0 });
    expect(scoresOf(model, [1, 2, 3])).not.toEqual(old);
    expect(scoresOf(again, [1, 2, 3])).toEqual(scoresOf(model, [1, 2, 3]));
  });
  it('says why: removing the strongest reason lowers the score', async () => {
    const model = transformer({ ...small, epochs: 15 });
    await model.fit(story(80, 4));
    const history = { items: Int32Array.of(3, 8, 12), times: null }, item = scoresOf(model, [3, 8, 12]).reduce((best, score, i, all) => (score > (all[best] as number) ? i : best), 0), [reason] = model.reasons(history, item, 1);
    expect(reason?.weight).toBeGreaterThan(0);
    const without = Array.from(history.items).filter((i) => model.items.id(i) !== reason?.item);
    expect(scoresOf(model, without)[item]).toBeLessThan(scoresOf(model, [3, 8, 12])[item] as number);
  });
  it('refuses settings out of bounds', () => {
    expect(() => settingsOf({ width: 30, heads: 4 })).toThrow('transformer: 4 heads do not divide a width of 30.');
    expect(() => settingsOf({ negatives: 0 })).toThrow(/negatives must be 'all' or a whole number/);
    expect(() => settingsOf({ dropout: 1 })).toThrow(/dropout must lie between/);
    expect(() => settingsOf({ epochs: 0.5 })).toThrow(/epochs must be a whole number/);
    expect(() => settingsOf({ patience: 0 })).toThrow(/patience must be null or/);
  });
});

describe('windows', () => {
  it('have few sizes, tell each event what follows, and hold every user once', () => {
    expect(sizes(200)).toEqual([16, 32, 48, 64, 96, 128, 192, 200]);
    expect(sizes(10)).toEqual([10]);
    const log = Interactions.fromSequences([[0, 1, 2], [3, 4], [5], Array.from({ length: 50 }, (_, i) => i + 6)]);
    const batches = epochOf(log, [0, 1, 2, 3], { length: 20, batchEvents: 40, random: new Random(1) }), places = new Map<number, number>();
    for (const { ids, next } of batches) ids.forEach((id, i) => { if (next[i] !== 0) places.set(id, next[i] as number); });
    expect([places.get(1), places.get(2), places.get(4), places.has(6)]).toEqual([2, 3, 5, false]);
    expect(places.size).toBe(2 + 1 + 20);
    for (const [id, next] of places) if (id > 6) expect(next).toBe(id + 1);
    for (const { rows, length, ids } of batches) expect(ids).toHaveLength(rows * length);
  });
  it('the rate rises and falls', () => {
    const rate = rateOf(1, 10);
    expect([rate(0, 1000), rate(9, 1000), rate(10, 1000)]).toEqual([0.1, 1, 1]);
    expect(rate(999, 1000)).toBeCloseTo(0.05, 3);
  });
});
