/**
 * A stream of random numbers on the host from a Threefry key: for initial weights, permutations and other things done once. The words are those of
 * threefry(key, (0, 0)), (0, 1)…, made in blocks by an unrolled loop; the test holds it against the table's plain one.
 */

/** A deterministic stream. */
export interface HostRandom {
  /** 32 random bits. */
  word(): number;
  /** [0, 1) with 32 bits. */
  unit(): number;
  /** Standard normal (Box–Muller; both results of a pair are used). */
  normal(): number;
  /** A whole number in 0..n-1. */
  below(n: number): number;
}

/** Pairs made at a time. */
const BLOCK = 256;
const PARITY = 0x1bd11bda;

/** Writes the words of counters (high, low), (high, low + 1)… of Threefry-2x32-20. The low word must not wrap within the block. */
function fill(out: Uint32Array, k0: number, k1: number, high: number, low: number): void {
  const k2 = k0 ^ k1 ^ PARITY;
  for (let i = 0; i < BLOCK; i++) {
    let x = (high + k0) | 0, y = (low + i + k1) | 0;
    for (let group = 0; group < 5; group++) {
      // rotations 13 15 26 6 and 17 29 16 24 in turn, then one word of the key schedule
      if ((group & 1) === 0) {
        x = (x + y) | 0; y = ((y << 13) | (y >>> 19)) ^ x;
        x = (x + y) | 0; y = ((y << 15) | (y >>> 17)) ^ x;
        x = (x + y) | 0; y = ((y << 26) | (y >>> 6)) ^ x;
        x = (x + y) | 0; y = ((y << 6) | (y >>> 26)) ^ x;
      } else {
        x = (x + y) | 0; y = ((y << 17) | (y >>> 15)) ^ x;
        x = (x + y) | 0; y = ((y << 29) | (y >>> 3)) ^ x;
        x = (x + y) | 0; y = ((y << 16) | (y >>> 16)) ^ x;
        x = (x + y) | 0; y = ((y << 24) | (y >>> 8)) ^ x;
      }
      const turn = group % 3;
      x = (x + (turn === 0 ? k1 : turn === 1 ? k2 : k0)) | 0;
      y = (y + (turn === 0 ? k2 : turn === 1 ? k0 : k1) + group + 1) | 0;
    }
    out[2 * i] = x;
    out[2 * i + 1] = y;
  }
}

/** The stream of a key. */
export function hostRandom(key: readonly [number, number]): HostRandom {
  const words = new Uint32Array(2 * BLOCK), k0 = key[0] | 0, k1 = key[1] | 0;
  let counter = 0, next = words.length, spare: number | null = null;
  const word = (): number => {
    if (next === words.length) {
      fill(words, k0, k1, Math.floor(counter / 0x100000000) | 0, counter | 0);
      counter += BLOCK;
      next = 0;
    }
    return words[next++] as number;
  };
  const unit = (): number => word() / 0x100000000;
  return {
    word, unit,
    normal() {
      if (spare !== null) { const z = spare; spare = null; return z; }
      const radius = Math.sqrt(-2 * Math.log(1 - unit())), angle = 2 * Math.PI * unit();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    below(n) {
      // reject the tail that would favour small results
      const limit = 0x100000000 - (0x100000000 % n);
      let w = word();
      while (w >= limit) w = word();
      return w % n;
    },
  };
}
