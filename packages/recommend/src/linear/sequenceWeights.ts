/**
 * The linear model that predicts the next item from a decayed past, in closed form.
 *
 * Just before an event, a history is the vector s with decay^age at the item of each earlier event (age 0: the last one). Least squares with l2 for "next item ~ Bᵀ s" over all
 * events gives B = (A + l2 I)⁻¹ C, A = Σ s sᵀ, C = Σ s eᵀ with e the item that came. Because the past fades geometrically, both sums follow from one matrix of decayed pairs,
 * W[i, j] = Σ decay^(gap - 1) over pairs "i, and j `gap` events later": C = W, and A = (decay (W + Wᵀ) + N) / (1 - decay²) with N the items' counts; the end of a history is taken as if it
 * faded out. These are the normal equations of a linear filter (Wiener 1949) on streams of items. Near to it: SLIT of Choi et al. 2021, "Session-aware linear item-item models".
 */
import { invertSymmetric, product } from './inverse.ts';
import type { Interactions } from '../log/interactions.ts';

/** Events after which the past has faded to a thousandth. */
export const windowOf = (decay: number): number => (decay <= 0 ? 1 : Math.max(1, Math.ceil(Math.log(1e-3) / Math.log(decay))));

/**
 * @param place dense number of each item, -1 for those without one
 * @param n how many dense items there are
 * @returns B, n x n, row by row: row i is what an event of item i adds to the scores
 */
export function sequenceWeights(log: Interactions, place: Int32Array, n: number, decay: number, l2: number): Float32Array {
  const pairs = decayedPairs(log, place, n, decay), a = new Float32Array(n * n), scale = 1 / (1 - decay * decay), counts = log.counts;
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = scale * decay * ((pairs[i * n + j] as number) + (pairs[j * n + i] as number));
  place.forEach((i, item) => { if (i >= 0) a[i * n + i] = (a[i * n + i] as number) + scale * (counts[item] as number) + l2; });
  invertSymmetric(a, n);
  return product(a, pairs, n);
}

function decayedPairs(log: Interactions, place: Int32Array, n: number, decay: number): Float32Array {
  const pairs = new Float32Array(n * n), window = windowOf(decay), weights = Float32Array.from({ length: window }, (_, gap) => decay ** gap);
  const own = log.item.map((item) => place[item] as number);
  for (let u = 0; u < log.users.size; u++) addPairs(pairs, n, own, log.starts[u] as number, log.starts[u + 1] as number, weights);
  return pairs;
}
// A function of its own, called once a user, so that it is compiled early.
function addPairs(pairs: Float32Array, n: number, items: Int32Array, from: number, to: number, weights: Float32Array): void {
  for (let p = from; p < to; p++) {
    const i = items[p] as number;
    if (i < 0) continue;
    const row = i * n, last = Math.min(to - 1, p + weights.length);
    for (let q = p + 1; q <= last; q++) {
      const j = items[q] as number;
      if (j >= 0) pairs[row + j] = (pairs[row + j] as number) + (weights[q - p - 1] as number);
    }
  }
}
