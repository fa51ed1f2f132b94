/**
 * The k best of many scores, without sorting them all: a heap of k whose root is the worst kept; most scores are refused by one comparison with it.
 * The order is pinned: higher score first, of equal scores the lower index.
 */

/**
 * Indices of the k highest scores, best first; fewer where fewer are above -Infinity. NaN is never chosen.
 * @param scores one row; -Infinity means "not to be shown"
 */
export function topK(scores: Float32Array, k: number): Int32Array {
  const size = Math.max(0, Math.min(k, scores.length)), heap = new Int32Array(size);
  if (size === 0) return heap;
  // `after(a, b)`: a stands behind b in the list.
  const after = (a: number, b: number): boolean => {
    const sa = scores[a] as number, sb = scores[b] as number;
    return sa < sb || (sa === sb && a > b);
  };
  const sink = (from: number, length: number): void => {
    const moved = heap[from] as number;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && after(heap[child + 1] as number, heap[child] as number)) child++;
      if (!after(heap[child] as number, moved)) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = moved;
  };
  let filled = 0, i = 0;
  for (; i < scores.length && filled < size; i++) if ((scores[i] as number) > -Infinity) heap[filled++] = i;
  for (let at = (filled >> 1) - 1; at >= 0; at--) sink(at, filled);
  let worst = filled === 0 ? Infinity : (scores[heap[0] as number] as number);
  // An equal score with a higher index stands behind, so only a higher score enters.
  for (; i < scores.length; i++) {
    if (!((scores[i] as number) > worst)) continue;
    heap[0] = i;
    sink(0, filled);
    worst = scores[heap[0] as number] as number;
  }
  for (let length = filled - 1; length > 0; length--) {
    const last = heap[length] as number;
    heap[length] = heap[0] as number;
    heap[0] = last;
    sink(0, length);
  }
  return heap.subarray(0, filled);
}

/**
 * Places of some items in the full ranking, from 1: one more than the items with a higher score and those with the same score and a lower index. -Infinity is never counted;
 * an item whose own score is -Infinity or NaN has the place Infinity.
 */
export function ranksOf(scores: Float32Array, targets: Int32Array): Float64Array {
  return Float64Array.from(targets, (target) => {
    const own = scores[target];
    if (own === undefined || !(own > -Infinity)) return Infinity;
    let rank = 1;
    for (let i = 0; i < target; i++) if ((scores[i] as number) >= own) rank++;
    for (let i = target + 1; i < scores.length; i++) if ((scores[i] as number) > own) rank++;
    return rank;
  });
}
