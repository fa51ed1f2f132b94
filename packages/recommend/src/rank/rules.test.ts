import { describe, expect, it } from 'vitest';
import { Catalogue } from '../log/catalogue.ts';
import { Interactions } from '../log/interactions.ts';
import { popularity } from '../models/popularity.ts';
import { select, type Rules } from './rules.ts';

const ids = ['a1', 'a2', 'a3', 'b', 'c', 'd', 'e', 'f'];
const catalogue = new Catalogue([
  { id: 'a1', franchise: 'A', attributes: { genre: ['x'] } }, { id: 'a2', franchise: 'A', attributes: { genre: ['x'] } }, { id: 'a3', franchise: 'A', attributes: { genre: ['x'] } },
  { id: 'b', age: 18, attributes: { genre: ['x', 'y'] } }, { id: 'c', from: 1000, attributes: { genre: ['y'] } }, { id: 'd', until: 500, attributes: { genre: ['z'] } }, { id: 'e', attributes: { genre: ['z'] } },
]);
const log = Interactions.from({ user: ids.flatMap((_, i) => Array.from({ length: 8 - i }, (_unused, u) => `u${u}`)), item: ids.flatMap((id, i) => Array.from({ length: 8 - i }, () => id)) });

describe('rules', () => {
  const list = async (rules: Rules, k = 8): Promise<string> => { const model = popularity(); await model.fit(log); return model.recommend({ k, rules }).map(({ item, explored }) => (explored === true ? `${item}?` : item)).join(' '); };
  it('licences and ages', async () => {
    expect(await list({})).toBe('a1 a2 a3 b c d e f');
    expect(await list({ catalogue, now: 400 })).toBe('a1 a2 a3 b d e f');
    expect(await list({ catalogue, now: 1000 })).toBe('a1 a2 a3 b c e f');
    expect(await list({ catalogue })).toBe('a1 a2 a3 b c e f'); // now is after 1970
    expect(await list({ catalogue, now: false, age: 17 })).toBe('a1 a2 a3 c d e f');
  });
  it('series, variety, exploration', async () => {
    expect(await list({ catalogue, now: false, maxPerFranchise: 1 }, 3)).toBe('a1 b c');
    expect(await list({ catalogue, now: false, diversity: 0.6 }, 4)).toMatch(/^a1 (c|d|f) /);
    expect(await list({ catalogue, now: false, diversity: 0 }, 4)).toBe('a1 a2 a3 b');
    const explored = await list({ exploration: 0.5, seed: 1 }, 4);
    expect(explored).toMatch(/^a1 a2 \w+\? \w+\?$/);
    expect(await list({ exploration: 0.5, seed: 1 }, 4)).toBe(explored);
    const several = await Promise.all(Array.from({ length: 8 }, (_, seed) => list({ exploration: 0.5, seed }, 4)));
    expect(new Set(several).size).toBeGreaterThan(2);
  });
  it('finds enough behind a long series', () => {
    const n = 2000, many = new Catalogue(Array.from({ length: n }, (_, i) => (i < 1500 ? { id: `${i}`, franchise: 'one' } : { id: `${i}` }))), own = Interactions.from({ user: Array.from({ length: n }, () => 'u'), item: Array.from({ length: n }, (_, i) => i) });
    const { items } = select(Float32Array.from({ length: n }, (_, i) => -i), 10, { catalogue: many, now: false, maxPerFranchise: 2 }, own.items, own.counts);
    expect([...items]).toEqual([0, 1, 1500, 1501, 1502, 1503, 1504, 1505, 1506, 1507]);
  });
  it('refuses what cannot be', async () => {
    await expect(list({ diversity: 2 })).rejects.toThrow(/diversity must lie/);
    await expect(list({ age: 12 })).rejects.toThrow(/'age' needs a catalogue/);
    await expect(list({ catalogue, maxPerFranchise: 0 })).rejects.toThrow(/maxPerFranchise/);
  });
});
