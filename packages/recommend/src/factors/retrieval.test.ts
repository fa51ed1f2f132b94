import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { Interactions } from '../log/interactions.ts';
import { Vocabulary } from '../log/vocabulary.ts';
import { als } from '../models/als.ts';
import { topK } from '../rank/topK.ts';
import { recallOf, usearchIndex } from './usearchIndex.ts';
import type { VectorIndex } from './vectorIndex.ts';
import { dotAll } from './vectors.ts';

const random = new Random(4);
/** A model of many items: fitted on a small log, so that most vectors are zero, then given vectors of its own by `initial` and one round. */
async function fitted(items: number): Promise<ReturnType<typeof als>> {
  const rows = items * 4, model = als({ factors: 12, iterations: 2 }), users = Math.ceil(items / 5);
  await model.fit(new Interactions({ users: Vocabulary.of(Array.from({ length: users }, (_, u) => u)), items: Vocabulary.of(Array.from({ length: items }, (_, i) => `i${i}`)), user: Int32Array.from({ length: rows }, () => random.below(users)), item: Int32Array.from({ length: rows }, (_, row) => row % items), time: null }));
  return model;
}
const installed = await import(String('usearch')).then(() => true, () => false);

describe('retrieval', () => {
  it('dotAll agrees with plain sums, for any width', () => {
    for (const width of [1, 3, 4, 7, 64]) {
      const vectors = Float32Array.from({ length: 9 * width }, () => random.normal()), query = Array.from({ length: width }, () => random.normal()), out = new Float32Array(9);
      dotAll(query, vectors, width, out);
      out.forEach((value, row) => { expect(value).toBeCloseTo(query.reduce((sum, q, k) => sum + q * (vectors[row * width + k] ?? 0), 0), 4); });
    }
  });
  it('an index gives candidates; what is seen or denied is left out, and requests that it cannot answer go through all items', async () => {
    const model = await fitted(300), scores = new Float32Array(300);
    let asked = 0;
    const exact: VectorIndex = { size: 300, search: (query, k) => { asked++; dotAll(query, model.vectors, model.width, scores); return topK(scores, k); } };
    const request = { history: ['i1', 'i5', 'i9'], k: 12 }, all = model.recommend(request), plain = model.recommend({ ...request, deny: [all[0]?.item ?? ''] });
    model.useIndex(exact);
    const same = (a: typeof all, b: typeof all): void => { expect(a.map(({ item }) => item)).toEqual(b.map(({ item }) => item)); };
    same(model.recommend(request), all);
    same(model.recommend({ ...request, deny: [all[0]?.item ?? ''] }), plain);
    expect(model.recommend({ ...request, reasons: 1 })[0]?.reasons).toHaveLength(1);
    expect(asked).toBe(3);
    expect(model.recommend({ ...request, allow: ['i7', 'i8'] })).toHaveLength(2);
    expect(model.recommend({ history: [] })).toHaveLength(10);
    expect(() => model.recommend({ ...request, k: 0 })).toThrow(/k must be/);
    expect(asked).toBe(3);
    await model.update(Interactions.from({ user: ['1'], item: ['i1'] }));
    expect(model.index).toBeNull(); // it holds old vectors
    expect(() => { model.useIndex({ ...exact, size: 3 }); }).toThrow(/holds 3 items, the model 300/);
  });
  it.skipIf(installed)('says what to install where usearch is missing', async () => {
    await expect(usearchIndex(await fitted(50))).rejects.toThrow(/npm install usearch/);
  });
  it.skipIf(!installed)('usearch finds nearly all of the best items', async () => {
    const model = await fitted(3000), index = await usearchIndex(model), queries = Array.from({ length: 50 }, () => Array.from({ length: model.width }, () => random.normal()));
    expect(index.size).toBe(3000);
    expect(recallOf(index, model, queries)).toBeGreaterThan(0.95);
    const exact = model.recommend({ history: ['i1', 'i2', 'i3'] });
    model.useIndex(index);
    const near = model.recommend({ history: ['i1', 'i2', 'i3'] });
    expect(near).toHaveLength(10);
    expect(near.filter(({ item }) => exact.some((one) => one.item === item)).length).toBeGreaterThanOrEqual(9);
    await expect(usearchIndex(model, { connectivity: 0 })).rejects.toThrow(/connectivity/);
  });
});
