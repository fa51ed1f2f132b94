/**
 * Random numbers of the tuners: SplitMix64 to make seeds, xoshiro128** to draw (Blackman and Vigna 2018). A stream is named by whole numbers (a study's seed, a trial's
 * number), so what a trial draws does not depend on which worker asks first, and a resumed study draws what the killed one would have drawn.
 */

/** Mixes 32-bit words into one; the finalizer of MurmurHash3. */
function mix(h: number, k: number): number {
  let x = Math.imul(k ^ (k >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  x ^= x >>> 16;
  return (Math.imul(h ^ x, 0x9e3779b1) + 0x7f4a7c15) >>> 0;
}

/** A 32-bit seed that follows from the words. */
export function seedOf(...words: readonly number[]): number {
  let h = 0x243f6a88;
  for (const word of words) h = mix(mix(h, word >>> 0), Math.floor(word / 2 ** 32) >>> 0);
  return mix(h, words.length);
}

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  #spare: number | null = null;
  constructor(...seed: readonly number[]) {
    this.#a = seedOf(...seed, 1);
    this.#b = seedOf(...seed, 2);
    this.#c = seedOf(...seed, 3);
    this.#d = seedOf(...seed, 4) | 1;
  }
  /** 32 random bits */
  bits(): number {
    const five = Math.imul(this.#b, 5), result = Math.imul((five << 7) | (five >>> 25), 9) >>> 0, t = this.#b << 9;
    this.#c ^= this.#a; this.#d ^= this.#b; this.#b ^= this.#c; this.#a ^= this.#d; this.#c ^= t;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }
  /** uniform in [0, 1), 53 bits */
  uniform(): number { return ((this.bits() >>> 5) * 2 ** 26 + (this.bits() >>> 6)) / 2 ** 53; }
  /** a whole number in [0, n) */
  below(n: number): number { return Math.min(n - 1, Math.floor(this.uniform() * n)); }
  /** standard normal (polar method) */
  normal(): number {
    if (this.#spare !== null) { const spare = this.#spare; this.#spare = null; return spare; }
    for (;;) {
      const u = 2 * this.uniform() - 1, v = 2 * this.uniform() - 1, s = u * u + v * v;
      if (s === 0 || s >= 1) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      this.#spare = v * factor;
      return u * factor;
    }
  }
  /** Puts the elements into random order, in place (Fisher and Yates). */
  shuffle<T extends { length: number; [i: number]: number }>(list: T): T {
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.below(i + 1), kept = list[i] as number;
      list[i] = list[j] as number;
      list[j] = kept;
    }
    return list;
  }
}
