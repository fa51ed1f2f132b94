/**
 * An inverse that grows by new items without being made anew. With P the inverse for the old items, U the users in common of old and new items, D those of the new ones (with l2):
 * S = (D - Uᵀ P U)⁻¹ is the new corner, -P U S the new side, and P + P U S Uᵀ P the old part (inverse by bordering).
 */
import type { Interactions } from '../log/interactions.ts';
import { invertSymmetric } from './inverse.ts';
import { userSets } from './sets.ts';

/**
 * @param inverse old x old; what old items have in common is taken to be as it was
 * @param log the new log, whose items are the old ones and the new ones after them
 */
export function bordered(inverse: Float32Array, log: Interactions, l2: number): Float32Array<ArrayBuffer> {
  const size = log.items.size, old = Math.round(Math.sqrt(inverse.length)), more = size - old, common = new Float64Array(more * size), { starts, items } = userSets(log);
  for (let u = 0; u + 1 < starts.length; u++) {
    const from = starts[u] as number, to = starts[u + 1] as number;
    for (let a = to - 1; a >= from && (items[a] as number) >= old; a--) {
      const row = ((items[a] as number) - old) * size;
      for (let b = from; b < to; b++) common[row + (items[b] as number)] = (common[row + (items[b] as number)] as number) + 1;
    }
  }
  // rows of P U, one for each new item
  const side = Array.from({ length: more }, (_, a) => {
    const sum = new Float64Array(old);
    for (let i = 0; i < old; i++) {
      const factor = common[a * size + i] as number;
      if (factor !== 0) for (let j = 0; j < old; j++) sum[j] = (sum[j] as number) + factor * (inverse[i * old + j] as number);
    }
    return sum;
  });
  const corner = new Float32Array(more * more);
  side.forEach((row, a) => {
    for (let b = 0; b < more; b++) {
      let sum = (common[a * size + old + b] as number) + (a === b ? l2 : 0);
      for (let j = 0; j < old; j++) sum -= (row[j] as number) * (common[b * size + j] as number);
      corner[a * more + b] = sum;
    }
  });
  invertSymmetric(corner, more);
  const out = new Float32Array(size * size);
  const scaled = side.map((_, a) => { // rows of (P U S)ᵀ
    const sum = new Float64Array(old);
    side.forEach((row, b) => { const factor = corner[a * more + b] as number; for (let j = 0; j < old; j++) sum[j] = (sum[j] as number) + factor * (row[j] as number); });
    return sum;
  });
  for (let i = 0; i < old; i++) out.set(inverse.subarray(i * old, (i + 1) * old), i * size);
  scaled.forEach((s, a) => {
    const row = side[a] as Float64Array;
    for (let i = 0; i < old; i++) {
      const factor = row[i] as number, at = i * size;
      if (factor !== 0) for (let j = 0; j < old; j++) out[at + j] = (out[at + j] as number) + factor * (s[j] as number);
      out[at + old + a] = out[(old + a) * size + i] = -(s[i] as number);
    }
    out.set(corner.subarray(a * more, (a + 1) * more), (old + a) * size + old);
  });
  return out;
}
