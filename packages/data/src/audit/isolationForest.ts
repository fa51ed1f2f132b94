/**
 * Isolation forest (Liu, Ting and Zhou 2008): trees that split at random values of random features. What is alone is cut off early, so its mean depth is small.
 * 100 trees of 256 samples each, as in the paper. Score 2^(−depth / c(256)): about 0.5 for the usual, towards 1 for what stands alone.
 */
import { random } from './statistics.ts';

const TREES = 100, SAMPLE = 256;

/** Mean depth of an unsuccessful search in a binary search tree of n keys. */
export const meanDepth = (n: number): number => (n <= 1 ? 0 : n === 2 ? 1 : 2 * (Math.log(n - 1) + 0.577_215_664_901_532_9) - (2 * (n - 1)) / n);

/** Nodes in arrays: a leaf has feature -1 and the depth that its samples count. */
interface Tree { readonly feature: Int16Array; readonly value: Float64Array; readonly right: Int32Array }

/** @param points [rows, width] without NaN */
export function isolationForest(points: Float32Array, rows: number, width: number, seed: number): Float64Array {
  const next = random(seed), size = Math.min(SAMPLE, rows), deepest = Math.ceil(Math.log2(Math.max(2, size))), depths = new Float64Array(rows);
  for (let t = 0; t < TREES; t++) {
    const chosen = Array.from({ length: size }, () => Math.floor(next() * rows)), tree = grow(points, width, chosen, deepest, next);
    for (let row = 0; row < rows; row++) {
      let node = 0;
      while ((tree.feature[node] ?? -1) >= 0) node = (points[row * width + (tree.feature[node] ?? 0)] ?? 0) < (tree.value[node] ?? 0) ? node + 1 : tree.right[node] ?? 0;
      depths[row] = (depths[row] ?? 0) + (tree.value[node] ?? 0);
    }
  }
  const usual = meanDepth(size);
  return depths.map((sum) => 2 ** (-sum / TREES / (usual || 1)));
}

function grow(points: Float32Array, width: number, chosen: number[], deepest: number, next: () => number): Tree {
  const feature = new Int16Array(4 * chosen.length), value = new Float64Array(4 * chosen.length), right = new Int32Array(4 * chosen.length);
  let count = 0;
  const make = (rows: number[], depth: number): number => {
    const node = count++;
    // Only features in which these samples differ can split them.
    const split = depth >= deepest || rows.length <= 1 ? null : choose(points, width, rows, next);
    if (split === null) {
      feature[node] = -1;
      value[node] = depth + meanDepth(rows.length);
      return node;
    }
    feature[node] = split.feature;
    value[node] = split.at;
    make(rows.filter((row) => (points[row * width + split.feature] ?? 0) < split.at), depth + 1);
    right[node] = make(rows.filter((row) => !((points[row * width + split.feature] ?? 0) < split.at)), depth + 1);
    return node;
  };
  make(chosen, 0);
  return { feature, value, right };
}

function choose(points: Float32Array, width: number, rows: readonly number[], next: () => number): { readonly feature: number; readonly at: number } | null {
  const start = Math.floor(next() * width);
  for (let k = 0; k < width; k++) {
    const feature = (start + k) % width;
    let low = Infinity, high = -Infinity;
    for (const row of rows) { const v = points[row * width + feature] ?? 0; low = Math.min(low, v); high = Math.max(high, v); }
    if (low < high) return { feature, at: low + (high - low) * (1 - next()) };
  }
  return null;
}
