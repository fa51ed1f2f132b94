/** ItemKNN, EASE, Markov and the 30-second model on a generated log: against plain computations, each other's properties, and their own updates. */
import { describe, expect, it } from 'vitest';
import { leaveLastOut, splitByTime } from '../evaluate/splits.ts';
import { generateLog } from '../log/generate.ts';
import { Interactions, type History } from '../log/interactions.ts';
import { without } from '../reasons/occlusion.ts';
import { ease } from './ease.ts';
import { itemKnn } from './itemKnn.ts';
import { loadRecommender } from './load.ts';
import { markov } from './markov.ts';
import { popularity } from './popularity.ts';
import { quick } from './quick.ts';
import type { Recommender } from './recommender.ts';

const { log } = generateLog({ users: 400, items: 150, events: 25, seed: 1 }), n = log.items.size;
const make = { markov: () => markov(), itemKnn: () => itemKnn({ neighbours: 30 }), ease: () => ease({ l2: 50 }), easeDecayed: () => ease({ l2: 50, decay: 0.8 }), quick: () => quick({ l2: 50 }), quickSmall: () => quick({ l2: 50, dense: 60 }) };
const names = Object.keys(make) as (keyof typeof make)[];
const scoresOf = (model: Recommender, items: readonly number[]): Float32Array => {
  const out = new Float32Array(model.items.size);
  model.score([{ items: Int32Array.from(items), times: null }], out);
  return out;
};
/** Solves a x = b for a few columns by Gauss and Jordan, in 64 bits. */
function solve(a: number[][], b: number[][]): number[][] {
  const m = a.map((row, i) => [...row, ...(b[i] as number[])]), size = a.length;
  for (let c = 0; c < size; c++) {
    let p = c;
    for (let r = c + 1; r < size; r++) if (Math.abs(m[r]?.[c] ?? 0) > Math.abs(m[p]?.[c] ?? 0)) p = r;
    [m[c], m[p]] = [m[p] as number[], m[c] as number[]];
    const pivot = m[c] as number[], by = pivot[c] as number;
    for (let k = c; k < pivot.length; k++) pivot[k] = (pivot[k] as number) / by;
    m.forEach((row, r) => { const f = row[c] as number; if (r !== c && f !== 0) for (let k = c; k < row.length; k++) row[k] = (row[k] as number) - f * (pivot[k] as number); });
  }
  return m.map((row) => row.slice(size));
}
const square = (): number[][] => Array.from({ length: n }, () => new Array<number>(n).fill(0));
const near = (a: Float32Array, b: readonly number[], within: number): void => { a.forEach((x, i) => { if (!(Math.abs(x - (b[i] as number)) < within)) throw new Error(`score ${i} is ${x}, not ${b[i]}`); }); };
const past = [3, 17, 42, 5, 99];

describe('scores equal those of the definitions', () => {
  it('EASE', async () => {
    const model = ease({ l2: 50 }), g = square();
    await model.fit(log);
    for (let u = 0; u < log.users.size; u++) { const { items } = log.history(u); for (const i of items) for (const j of items) (g[i] as number[])[j] = ((g[i] as number[])[j] as number) + 1; }
    for (let i = 0; i < n; i++) (g[i] as number[])[i] = ((g[i] as number[])[i] as number) + 50;
    const p = solve(g, Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_unused, j) => (i === j ? 1 : 0))));
    near(scoresOf(model, past), Array.from({ length: n }, (_, j) => past.reduce((sum, i) => sum + (i === j ? 0 : -(p[i]?.[j] ?? 0) / (p[j]?.[j] ?? 1)), 0)), 1e-5);
  });
  it('ItemKNN', async () => {
    const model = itemKnn({ neighbours: 30 });
    await model.fit(log);
    const sets = Array.from({ length: n }, () => new Set<number>());
    for (let row = 0; row < log.rows; row++) sets[log.item[row] as number]?.add(log.user[row] as number);
    const cosine = (i: number, j: number): number => { const a = sets[i] as Set<number>, b = sets[j] as Set<number>; return i === j ? 0 : [...a].filter((u) => b.has(u)).length / Math.sqrt(a.size * b.size || 1); };
    const expected = new Array<number>(n).fill(0);
    for (const i of past) Array.from({ length: n }, (_, j) => ({ j, s: cosine(i, j) })).sort((a, b) => b.s - a.s || a.j - b.j).slice(0, 30).forEach(({ j, s }) => { expected[j] = (expected[j] as number) + s; });
    near(scoresOf(model, past), expected, 1e-5);
    const [first] = model.similar(log.items.id(3), 1);
    expect(first?.score).toBeCloseTo(Math.max(...Array.from({ length: n }, (_, j) => cosine(3, j))), 6);
  });
  it('Markov', async () => {
    const model = markov();
    await model.fit(log);
    const counts = new Array<number>(n).fill(0);
    for (let u = 0; u < log.users.size; u++) { const { items } = log.history(u); for (let i = 1; i < items.length; i++) if (items[i - 1] === 99) counts[items[i] as number] = (counts[items[i] as number] as number) + 1; }
    const total = counts.reduce((a, b) => a + b, 0);
    near(scoresOf(model, past), counts.map((c, j) => (c + 0.01 * ((log.counts[j] as number) / log.rows)) / (total + 0.01)), 1e-6);
  });
  it('the 30-second model: the least-squares weights of the next item, were histories endless', async () => {
    // Sums over a history that fades out after its end, as the formula has it.
    const decay = 0.5, l2 = 50, model = quick({ decay, l2, chain: 0 }), a = square(), c = square();
    await model.fit(log);
    for (let u = 0; u < log.users.size; u++) {
      const { items } = log.history(u), state = new Map<number, number>();
      for (let t = 0; t < items.length + 40; t++) {
        for (const [i, x] of state) {
          if (t < items.length) { const row = c[i] as number[], j = items[t] as number; row[j] = (row[j] as number) + x; }
          state.set(i, x * decay);
        }
        if (t < items.length) state.set(items[t] as number, 1 + (state.get(items[t] as number) ?? 0));
        for (const [i, x] of state) for (const [j, y] of state) (a[i] as number[])[j] = ((a[i] as number[])[j] as number) + x * y;
      }
    }
    for (let i = 0; i < n; i++) (a[i] as number[])[i] = ((a[i] as number[])[i] as number) + l2;
    const b = solve(a, c);
    near(scoresOf(model, past), Array.from({ length: n }, (_, j) => past.reduce((sum, i, at) => sum + decay ** (past.length - 1 - at) * (b[i]?.[j] ?? 0), 0)), 1e-3);
  });
});

describe('on a generated log', () => {
  it('who looks at the order beats who does not, and all beat popularity', async () => {
    const { train, test } = leaveLastOut(log), figures: Record<string, number> = {};
    for (const [name, model] of Object.entries({ popularity: popularity(), ...Object.fromEntries(names.map((key) => [key, make[key]()])) })) {
      await (model as Recommender).fit(train);
      figures[name] = (model as Recommender).evaluate(test).get('ndcg@10');
    }
    for (const name of names) expect(figures[name], JSON.stringify(figures)).toBeGreaterThan((figures['popularity'] as number) * (name === 'ease' || name === 'itemKnn' ? 0.9 : 1.2));
    expect(figures['quick']).toBeGreaterThan(figures['ease'] as number);
  });
  it.each(names)('%s: a reason is what the score loses', async (name) => {
    const model = make[name]();
    await model.fit(log);
    for (const items of [past, [past[0] as number], Array.from(log.history(7).items)]) {
      const history: History = { items: Int32Array.from(items), times: null }, whole = scoresOf(model, items);
      const item = model.recommend({ history: items.map((i) => log.items.id(i)), k: 1 })[0], j = log.items.index(item?.item ?? '');
      const parts = model.contributions(history, j);
      expect(parts).toHaveLength(items.length);
      if (items.length === 1) continue;
      for (const { index, weight } of parts) expect(weight, `event ${index}`).toBeCloseTo((whole[j] as number) - (scoresOf(model, Array.from(without(history, index).items))[j] as number), 4);
    }
    expect(model.recommend({ user: 'u8', k: 3, reasons: 2 }).every(({ reasons }) => (reasons?.length ?? 9) <= 2)).toBe(true);
  });
  it.each(names)('%s: saved and loaded it scores the same', async (name) => {
    const model = make[name]();
    await model.fit(log);
    const loaded = await loadRecommender(await model.toBytes());
    expect(loaded.kind).toBe(model.kind);
    expect(scoresOf(loaded, past)).toEqual(scoresOf(model, past));
    expect(loaded.recommend({ user: 'u5' })).toEqual(model.recommend({ user: 'u5' }));
  });
  it.each(names)('%s: update takes in new users and items, near to a new fit', async (name) => {
    const { train, test } = splitByTime(log, { share: 0.1, validation: false }), last = [...train.time].sort((a, b) => a - b)[Math.floor(train.rows * 0.98)] as number;
    const part = (take: (row: number) => boolean): Interactions => {
      const rows = Array.from({ length: train.rows }, (_, row) => row).filter(take);
      return Interactions.from({ user: rows.map((r) => train.users.id(train.user[r] as number)), item: rows.map((r) => train.items.id(train.item[r] as number)), time: rows.map((r) => train.time[r] as number) });
    };
    const early = part((row) => (train.time[row] as number) < last), late = part((row) => (train.time[row] as number) >= last);
    const extra = Interactions.from({ user: ['new', 'u1', 'u2'], item: [log.items.id(3), 'brand new', 'brand new'], time: [last + 1e6, last + 1e6, last + 1e6] });
    const updated = make[name](), fitted = make[name]();
    await updated.fit(early);
    await updated.update(late);
    await fitted.fit(early.concat(late));
    const [a, b] = [updated.evaluate(test).get('ndcg@10'), fitted.evaluate(test).get('ndcg@10')];
    expect(Math.abs(a - b) / b, `${a} ${b}`).toBeLessThan(0.05);
    const report = await updated.update(extra);
    expect([report.newUsers, report.newItems]).toEqual([1, 1]);
    expect(updated.recommend({ user: 'new', k: 3 })).toHaveLength(3);
    expect(updated.recommend({ history: ['brand new'], k: 3 })).toHaveLength(3);
    expect(updated.recommend({ history: [log.items.id(updated.items.index('brand new') < 0 ? 0 : 1)], k: 999 }).map(({ item }) => item)).toContain('brand new');
  });
  it('EASE: new items get the weights of a new fit, where nothing else is new', async () => {
    const rows = Array.from({ length: log.rows }, (_, row) => row), isNew = (row: number): boolean => (log.item[row] as number) >= n - 5;
    const part = (take: (row: number) => boolean): Interactions => { const own = rows.filter(take); return Interactions.from({ user: own.map((r) => log.users.id(log.user[r] as number)), item: own.map((r) => log.items.id(log.item[r] as number)), time: own.map((r) => log.time[r] as number) }); };
    const updated = ease({ l2: 50, refresh: 1 }), fitted = ease({ l2: 50 }), before = part((row) => !isNew(row)), after = part(isNew);
    await updated.fit(before);
    await updated.update(after);
    await fitted.fit(before.concat(after));
    near(scoresOf(updated, past), Array.from(scoresOf(fitted, past)), 1e-4);
  });
  it('refuses settings that cannot be', () => {
    expect(() => ease({ l2: 0 })).toThrow(/l2/);
    expect(() => ease({ decay: 0 })).toThrow(/decay/);
    expect(() => quick({ decay: 1 })).toThrow(/decay/);
    expect(() => quick({ l2: -1 })).toThrow(/l2/);
    expect(() => markov({ smoothing: 0 })).toThrow(/smoothing/);
    expect(() => itemKnn({ neighbours: 0 })).toThrow(/neighbours/);
  });
});
