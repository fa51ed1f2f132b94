/** Random numbers of the kit: SplitMix32 to spread the seed, xoshiro128** to draw (Blackman and Vigna 2018). One seed, one stream, the same on every machine. */

export class Random {
  readonly #s = new Uint32Array(4);
  #spare: number | null = null;
  constructor(seed: number, stream = 0) {
    let state = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b) ^ Math.floor(seed / 2 ** 32)) >>> 0;
    for (let i = 0; i < 4; i++) {
      state = (state + 0x9e3779b9) >>> 0;
      let z = state;
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      this.#s[i] = (z ^ (z >>> 15)) >>> 0;
    }
    if (this.#s.every((word) => word === 0)) this.#s[0] = 1;
  }
  /** 32 random bits */
  bits(): number {
    const s = this.#s, s1 = s[1] as number, five = Math.imul(s1, 5), result = Math.imul((five << 7) | (five >>> 25), 9) >>> 0, t = s1 << 9;
    s[2] = (s[2] as number) ^ (s[0] as number);
    s[3] = (s[3] as number) ^ s1;
    s[1] = s1 ^ (s[2] as number);
    s[0] = (s[0] as number) ^ (s[3] as number);
    s[2] = (s[2] as number) ^ t;
    const w = s[3] as number;
    s[3] = (w << 11) | (w >>> 21);
    return result;
  }
  /** uniform in [0, 1), 53 bits */
  uniform(): number { return ((this.bits() >>> 5) * 2 ** 26 + (this.bits() >>> 6)) / 2 ** 53; }
  /** a whole number in [0, n), n up to 2^32 */
  below(n: number): number { return Math.floor((this.bits() / 2 ** 32) * n); }
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
  shuffle<T extends { length: number; [i: number]: unknown }>(list: T): T {
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.below(i + 1), kept = list[i];
      list[i] = list[j];
      list[j] = kept;
    }
    return list;
  }
}
