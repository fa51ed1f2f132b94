/**
 * Threefry-2x32 with 20 rounds: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011), and the published
 * Random123 known-answer vectors. A counter-based generator: the same key and counter give the same two words everywhere.
 */

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const PARITY = 0x1bd11bda;

/** Two words (unsigned) for the key (k0, k1) and the counter (c0, c1). */
export function threefry2x32(k0: number, k1: number, c0: number, c1: number): [number, number] {
  const keys = [k0, k1, k0 ^ k1 ^ PARITY] as const;
  let x0 = (c0 + k0) | 0, x1 = (c1 + k1) | 0;
  for (let round = 0; round < 20; round++) {
    const r = ROTATIONS[round % 8] as number;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << r) | (x1 >>> (32 - r))) ^ x0;
    if (round % 4 === 3) {
      const block = (round + 1) / 4; // a key word is injected after every fourth round
      x0 = (x0 + (keys[block % 3] as number)) | 0;
      x1 = (x1 + (keys[(block + 1) % 3] as number) + block) | 0;
    }
  }
  return [x0 >>> 0, x1 >>> 0];
}
