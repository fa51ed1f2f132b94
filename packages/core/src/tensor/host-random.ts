/**
 * A stream of random numbers on the host from a Threefry key: for initial weights, permutations and other things done once.
 */
import { threefry2x32 } from '../ir/table/threefry.ts';

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

/** The stream of a key: words of threefry(key, (0, 0)), (0, 1)…  */
export function hostRandom(key: readonly [number, number]): HostRandom {
  let counter = 0, spareWord: number | null = null, spareNormal: number | null = null;
  const word = (): number => {
    if (spareWord !== null) { const w = spareWord; spareWord = null; return w; }
    const [a, b] = threefry2x32(key[0] >>> 0, key[1] >>> 0, Math.floor(counter / 0x100000000) >>> 0, counter >>> 0);
    counter++;
    spareWord = b;
    return a;
  };
  const unit = (): number => word() / 0x100000000;
  return {
    word, unit,
    normal() {
      if (spareNormal !== null) { const z = spareNormal; spareNormal = null; return z; }
      const radius = Math.sqrt(-2 * Math.log(1 - unit())), angle = 2 * Math.PI * unit();
      spareNormal = radius * Math.sin(angle);
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
