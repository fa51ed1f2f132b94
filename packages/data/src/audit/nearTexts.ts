/**
 * Texts that are nearly equal: MinHash over runs of three words (Broder 1997), 25 bands of 5 (all but certain from a likeness of 0.8 on), then the true likeness of
 * the pairs found (Jaccard: shared runs over all runs).
 */
import type { Pair } from './types.ts';
import { hashText, wordsOf } from './vectors.ts';

const BANDS = 25, PER_BAND = 5, NEIGHBOURS = 24, RUN = 3;

/** Hashes of all runs of three words; of a shorter text its words as one run. */
export function shingles(text: string): Set<number> {
  const words = wordsOf(text), out = new Set<number>();
  if (words.length > 0 && words.length < RUN) out.add(hashText(words.join(' ')));
  for (let i = 0; i + RUN <= words.length; i++) out.add(hashText(words.slice(i, i + RUN).join(' ')));
  return out;
}

export function jaccard(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  let shared = 0;
  for (const x of a.size < b.size ? a : b) if ((a.size < b.size ? b : a).has(x)) shared++;
  return a.size + b.size - shared === 0 ? 0 : shared / (a.size + b.size - shared);
}

/** A permutation of 32-bit hashes for each position: multiply and mix. */
const mix = (x: number, salt: number): number => {
  let z = Math.imul(x ^ salt, 0x85eb_ca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2_ae35);
  return (z ^ (z >>> 16)) >>> 0;
};

export function nearTexts(texts: readonly (string | null)[], least: number): Pair[] {
  const sets = texts.map((text) => shingles(text ?? '')), buckets = Array.from({ length: BANDS }, () => new Map<string, number[]>());
  const salts = Array.from({ length: BANDS * PER_BAND }, (_, i) => Math.imul(i + 1, 0x9e37_79b1) | 1), pairs: Pair[] = [], least32 = new Uint32Array(BANDS * PER_BAND);
  sets.forEach((set, row) => {
    if (set.size === 0) return;
    least32.fill(0xffff_ffff);
    for (const x of set) for (let i = 0; i < least32.length; i++) { const h = mix(x, salts[i] ?? 0); if (h < (least32[i] ?? 0)) least32[i] = h; }
    const met = new Set<number>();
    buckets.forEach((own, band) => {
      const key = least32.subarray(band * PER_BAND, (band + 1) * PER_BAND).join(), bucket = own.get(key);
      if (bucket === undefined) { own.set(key, [row]); return; }
      for (const other of bucket.slice(-NEIGHBOURS)) met.add(other);
      bucket.push(row);
    });
    for (const other of met) {
      const likeness = jaccard(sets[other] ?? new Set(), set);
      if (likeness >= least) pairs.push({ a: other, b: row, likeness });
    }
  });
  return pairs.sort((p, q) => q.likeness - p.likeness || p.a - q.a || p.b - q.b);
}
