import { describe, expect, it } from 'vitest';
import { generateLog } from './generate.ts';

describe('generateLog', () => {
  const { log, catalogue, genres, tastes } = generateLog({ users: 300, items: 200, events: 30, seed: 4 });
  it('gives the same log for the same seed', () => {
    const again = generateLog({ users: 300, items: 200, events: 30, seed: 4 });
    expect(again.log.item).toEqual(log.item);
    expect(again.log.time).toEqual(log.time);
    expect(generateLog({ users: 300, items: 200, events: 30, seed: 5 }).log.item).not.toEqual(log.item);
  });
  it('has sessions, series, skew and tastes', () => {
    expect(log.rows / 300).toBeGreaterThan(22);
    expect(log.rows / 300).toBeLessThan(40);
    let series = 0, soon = 0, unreleased = 0, doubles = 0;
    const agreement: number[] = [];
    for (let u = 0; u < 300; u++) {
      const { items, times } = log.history(u);
      if (new Set(items).size < items.length) doubles++;
      for (let i = 0; i < items.length; i++) {
        const item = catalogue.get(log.items.id(items[i] as number)), before = i === 0 ? undefined : catalogue.get(log.items.id(items[i - 1] as number));
        if ((item?.from ?? 0) > ((times as Float64Array)[i] as number)) unreleased++;
        if (before?.franchise !== undefined && before.franchise === item?.franchise) series++;
        if (i > 0 && ((times as Float64Array)[i] as number) - ((times as Float64Array)[i - 1] as number) < 3 * 3600) soon++;
      }
      const favourite = Array.from(tastes.subarray(u * genres.length, (u + 1) * genres.length)).reduce((best, share, g, all) => (share > (all[best] as number) ? g : best), 0);
      agreement.push(Array.from(items).filter((i) => catalogue.get(log.items.id(i))?.attributes?.['genre']?.includes(genres[favourite] ?? '') === true).length / items.length);
    }
    expect([unreleased, doubles]).toEqual([0, 0]);
    expect(series / log.rows).toBeGreaterThan(0.02);
    expect(soon / log.rows).toBeGreaterThan(0.5);
    expect(agreement.reduce((a, b) => a + b, 0) / 300).toBeGreaterThan(0.22); // one genre of twelve, some films with two: 0.12 by chance
    const counts = [...log.counts].sort((a, b) => b - a);
    expect(counts.slice(0, 20).reduce((a, b) => a + b, 0) / log.rows).toBeGreaterThan(0.2);
    expect(catalogue.get('m1')?.text).toMatch(/ film by Director /);
  });
  it('refuses sizes below one', () => { expect(() => generateLog({ users: 0 })).toThrow(/users must be at least 1/); });
});
