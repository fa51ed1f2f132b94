import { describe, expect, it } from 'vitest';
import { DataError, ShapeError, ValueError } from '../base/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Dataset } from './dataset.ts';

const range = (n: number) => Dataset.fromGenerator(function* () { for (let i = 0; i < n; i++) yield i; }, { size: n });
const slow = (n: number) => Dataset.fromGenerator(async function* () { for (let i = 0; i < n; i++) { await Promise.resolve(); yield i; } });

describe('Dataset', () => {
  it('gives one element per row of its arrays', async () => {
    const all = await Dataset.fromArrays({ x: { data: new Uint8Array([1, 2, 3, 4]), shape: [2, 2] }, y: [5, 6] }).toArray();
    expect(all.map((e) => [e.x.array(), e.y.item()])).toEqual([[[1, 2], 5], [[3, 4], 6]]);
    expect(all[0]?.x.dtype).toBe('u8');
  });
  it('rows of arrays: every chain gives the same elements as if they were made one by one', async () => {
    const arrays = { x: { data: Float32Array.from({ length: 46 }, (_, i) => i), shape: [23, 2] }, y: Uint8Array.from({ length: 23 }, (_, i) => i) };
    const rows = Dataset.fromArrays(arrays), single = rows.map((e) => e);
    const chains: ((d: typeof rows) => Dataset<unknown>)[] = [
      (d) => d.batch(4), (d) => d.batch(4, { dropRemainder: true }), (d) => d.shuffle(23, { seed: 1 }).batch(5), (d) => d.shuffle(4, { seed: 2 }).take(9).batch(2),
      (d) => d.skip(20).batch(2), (d) => d.cache().shuffle(9, { seed: 3, reshuffleEachIteration: false }).repeat(2).batch(7).prefetch(2), (d) => d.shuffle(5, { seed: 4 }), (d) => d.shuffle(23, { seed: 5 }).cache().batch(6),
    ];
    for (const chain of chains) {
      const a = chain(rows), b = chain(single);
      expect([a.size, a.samples, a.batchSize]).toEqual([b.size, b.samples, b.batchSize]);
      for (let iteration = 0; iteration < 2; iteration++) {
        const show = (list: unknown[]) => (list as { x: Tensor; y: Tensor }[]).map((e) => [e.x.array(), e.y.array(), e.y.dtype]);
        expect(show(await a.toArray())).toEqual(show(await b.toArray()));
      }
    }
  });
  it('refuses arrays of different lengths', () => {
    expect(() => Dataset.fromArrays({ x: [1, 2, 3], y: [1, 2] })).toThrow(/'y' has 2 rows but 'x' has 3/);
  });
  for (const [name, make] of [['synchronous', range], ['asynchronous', slow]] as const) {
    it(`maps, filters, takes, skips, repeats (${name})`, async () => {
      expect(await make(6).map((x) => x * 2).toArray()).toEqual([0, 2, 4, 6, 8, 10]);
      expect(await make(6).map(async (x, i) => x * 10 + i).toArray()).toEqual([0, 11, 22, 33, 44, 55]);
      expect(await make(6).filter((x) => x % 2 === 1).toArray()).toEqual([1, 3, 5]);
      expect(await make(6).filter(async (x) => x > 3).toArray()).toEqual([4, 5]);
      expect(await make(6).take(2).toArray()).toEqual([0, 1]);
      expect(await make(6).skip(4).toArray()).toEqual([4, 5]);
      expect(await make(2).skip(5).toArray()).toEqual([]);
      expect(await make(2).repeat(3).toArray()).toEqual([0, 1, 0, 1, 0, 1]);
      expect(await make(2).repeat().take(5).toArray()).toEqual([0, 1, 0, 1, 0]);
      expect(await make(0).repeat().take(5).toArray()).toEqual([]);
      expect(await make(5).prefetch(2).toArray()).toEqual([0, 1, 2, 3, 4]);
    });
    it(`batches (${name})`, async () => {
      const sizes = async (d: Dataset<Tensor>) => (await d.toArray()).map((t) => t.array());
      expect(await sizes(make(5).batch(2))).toEqual([[0, 1], [2, 3], [4]]);
      expect(await sizes(make(5).batch(2, { dropRemainder: true }))).toEqual([[0, 1], [2, 3]]);
    });
    it(`shuffles by seed and iteration (${name})`, async () => {
      const whole = make(50).shuffle(50, { seed: 3 });
      const a = await whole.toArray(), b = await whole.toArray();
      expect([...a].sort((x, y) => x - y)).toEqual(Array.from({ length: 50 }, (_, i) => i));
      expect(a).not.toEqual(b);
      const again = make(50).shuffle(50, { seed: 3 });
      expect(await again.toArray()).toEqual(a);
      const pass: number[] = [];
      for await (const e of again.iterate(1)) pass.push(e);
      expect(pass).toEqual(b);
      const fixed = make(50).shuffle(50, { seed: 3, reshuffleEachIteration: false });
      expect(await fixed.toArray()).toEqual(await fixed.toArray());
    });
    it(`a small buffer moves elements only near (${name})`, async () => {
      const order = await make(100).shuffle(5, { seed: 1 }).toArray();
      expect([...order].sort((x, y) => x - y)).toEqual(Array.from({ length: 100 }, (_, i) => i));
      order.forEach((e, position) => { expect(e).toBeLessThanOrEqual(position + 4); });
    });
  }
  it('knows its size', () => {
    const d = range(10);
    expect([d.size, d.batch(3).size, d.batch(3, { dropRemainder: true }).size, d.take(4).size, d.skip(4).size, d.repeat(2).size, d.repeat().size, d.filter(Boolean).size]).toEqual([10, 4, 3, 4, 6, 20, Infinity, null]);
    expect([d.batch(3).samples, d.batch(3, { dropRemainder: true }).samples, d.batch(3).batchSize]).toEqual([10, 9, 3]);
  });
  it('caches after the first complete iteration', async () => {
    let made = 0;
    const d = Dataset.fromGenerator(function* () { for (let i = 0; i < 3; i++) { made++; yield i; } }).cache();
    expect(await d.toArray()).toEqual([0, 1, 2]);
    expect(await d.toArray()).toEqual([0, 1, 2]);
    expect(made).toBe(3);
  });
  it('prefetches ahead of its consumer', async () => {
    let made = 0;
    const d = Dataset.fromGenerator(async function* () { for (let i = 0; i < 10; i++) { made++; yield i; } }).prefetch(3);
    const it = d.iterate(0);
    await it.next();
    await new Promise((resolve) => { setTimeout(resolve, 5); });
    expect(made).toBeGreaterThanOrEqual(3);
    expect(made).toBeLessThan(10);
    await it.return?.();
  });
  it('stacks records and tuples leaf by leaf, keeping dtypes', async () => {
    const d = Dataset.fromGenerator(function* () { for (let i = 0; i < 2; i++) yield [{ image: new Uint8Array([i, i + 1]), size: [i, 2] }, i] as const; });
    const [batch] = await d.batch(2).toArray() as unknown as [[{ image: Tensor; size: Tensor }, Tensor]];
    expect(batch[0].image.dtype).toBe('u8');
    expect(batch[0].image.array()).toEqual([[0, 1], [1, 2]]);
    expect(batch[0].size.array()).toEqual([[0, 2], [1, 2]]);
    expect(batch[1].array()).toEqual([0, 1]);
  });
  it('closes generators that are left early', async () => {
    let closed = false;
    const d = Dataset.fromGenerator(function* () { try { for (let i = 0; ; i++) yield i; } finally { closed = true; } });
    for await (const e of d.map((x) => x)) if (e === 3) break;
    expect(closed).toBe(true);
  });
  it('hands errors of the generator on', async () => {
    const d = Dataset.fromGenerator(function* () { yield 1; throw new Error('disk gone'); });
    await expect(d.shuffle(5).batch(2).prefetch(2).toArray()).rejects.toThrow('disk gone');
  });
  it('refuses bad arguments and ragged batches', async () => {
    expect(() => range(3).batch(0)).toThrow(ValueError);
    expect(() => range(3).batch(1.5)).toThrow(/at least 1, not 1.5/);
    expect(() => range(3).shuffle(0)).toThrow(ValueError);
    expect(() => range(3).take(-1)).toThrow(ValueError);
    await expect(range(3).map((i) => new Float32Array(i + 1)).batch(3).toArray()).rejects.toThrow(ShapeError);
    await expect(range(3).map(() => 'word').batch(3).toArray()).rejects.toThrow(DataError);
  });
});
