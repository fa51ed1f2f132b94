import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { ranksOf, topK } from './topK.ts';

const sorted = (scores: Float32Array): number[] => Array.from(scores.keys()).filter((i) => (scores[i] ?? 0) > -Infinity).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);

describe('topK and ranksOf', () => {
  it('agree with sorting everything, ties by index', () => {
    const random = new Random(1);
    for (let round = 0; round < 300; round++) {
      const n = random.below(60), scores = Float32Array.from({ length: n }, () => (random.below(5) === 0 ? -Infinity : random.below(8))), all = sorted(scores);
      for (const k of [0, 1, 3, 10, 100]) expect([...topK(scores, k)]).toEqual(all.slice(0, k));
      expect([...ranksOf(scores, Int32Array.from(all))]).toEqual(all.map((_, i) => i + 1));
    }
  });
  it('never choose NaN, and an item that is hidden has no place', () => {
    expect([...topK(Float32Array.of(Number.NaN, 1, Number.NaN, 2), 4)]).toEqual([3, 1]);
    expect([...ranksOf(Float32Array.of(Number.NaN, 1, -Infinity), Int32Array.of(0, 1, 2, 5, -1))]).toEqual([Infinity, 1, Infinity, Infinity, Infinity]);
  });
});
