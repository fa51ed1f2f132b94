import { describe, expect, it } from 'vitest';
import { randomBelow, randomWords, shuffledOrder } from './shuffle.ts';

const order = (n: number, seed: number, epoch: number) => [...shuffledOrder(new Uint32Array(n), seed, epoch)];

describe('shuffledOrder', () => {
  it('is a permutation that depends on seed and epoch only', () => {
    const a = order(1000, 7, 3);
    expect([...a].sort((x, y) => x - y)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(order(1000, 7, 3)).toEqual(a);
    expect(order(1000, 7, 4)).not.toEqual(a);
    expect(order(1000, 8, 3)).not.toEqual(a);
  });
  it('gives every permutation of four equally often', () => {
    const counts = new Map<string, number>(), runs = 24_000;
    for (let i = 0; i < runs; i++) {
      const key = order(4, 1, i).join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // chi squared with 23 degrees of freedom: 60 has a probability below 1e-4
    const expected = runs / 24;
    let chi = 0;
    for (const count of counts.values()) chi += (count - expected) ** 2 / expected;
    expect(chi).toBeLessThan(60);
  });
  it('draws every integer below its bound', () => {
    const next = randomWords(1, 2, 3), seen = new Set<number>();
    for (let i = 0; i < 200; i++) seen.add(randomBelow(next, 6));
    expect([...seen].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
