/** Figures of one user's ranking from the places of the targets in it (from 1; Infinity: not to be found). All lie between 0 and 1. */

/** 1 where any target is among the first k. */
export const hitRate = (ranks: Float64Array, k: number): number => (ranks.some((rank) => rank <= k) ? 1 : 0);
/** Share of the targets that are among the first k. */
export function recall(ranks: Float64Array, k: number): number {
  let found = 0;
  for (const rank of ranks) if (rank <= k) found++;
  return found / ranks.length;
}
/** Each target found counts 1 / log2(rank + 1); divided by what the best order gives, all targets on top (Järvelin and Kekäläinen 2002, gains of 0 and 1). */
export function ndcg(ranks: Float64Array, k: number): number {
  let gain = 0, best = 0;
  for (const rank of ranks) if (rank <= k) gain += 1 / Math.log2(rank + 1);
  for (let place = 1; place <= Math.min(k, ranks.length); place++) best += 1 / Math.log2(place + 1);
  return gain / best;
}
/** One over the place of the first target, over the whole ranking. */
export const reciprocalRank = (ranks: Float64Array): number => 1 / ranks.reduce((a, b) => Math.min(a, b), Infinity);
