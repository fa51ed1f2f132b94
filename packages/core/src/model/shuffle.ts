/**
 * Permutations that derive from (seed, epoch) alone, so that a resumed run meets its samples in the same order as an uninterrupted one.
 * Fisher–Yates with an unbiased draw; the numbers come from sfc32 (Chris Doty-Humphrey's small fast counter generator, PractRand).
 */

/** Source of uniform u32 numbers, seeded by three words. */
export function randomWords(a: number, b: number, c: number): () => number {
  let x = a | 0, y = b | 0, z = c | 0, counter = 1;
  const next = (): number => {
    const t = (((x + y) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    x = y ^ (y >>> 9);
    y = (z + (z << 3)) | 0;
    z = (z << 21) | (z >>> 11);
    z = (z + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** A uniform integer 0..below-1 without modulo bias: words of the last, incomplete block are drawn again. */
export function randomBelow(next: () => number, below: number): number {
  const limit = 2 ** 32 - (2 ** 32 % below);
  for (;;) {
    const word = next();
    if (word < limit) return word % below;
  }
}

/** Fills `order` with 0..n-1, shuffled by (seed, epoch). */
export function shuffledOrder(order: Uint32Array, seed: number, epoch: number): Uint32Array {
  for (let i = 0; i < order.length; i++) order[i] = i;
  const next = randomWords(seed >>> 0, epoch >>> 0, 0x5b2f_91c3);
  for (let i = order.length - 1; i > 0; i--) {
    const j = randomBelow(next, i + 1), held = order[i] as number;
    order[i] = order[j] as number;
    order[j] = held;
  }
  return order;
}
