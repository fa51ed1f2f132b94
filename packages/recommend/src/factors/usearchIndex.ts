/**
 * An index of item vectors by usearch (HNSW graphs; Malkov and Yashunin 2018), for catalogues far beyond 100,000 items, where going through all of them takes too long. The package is an optional
 * peer: `npm install usearch` (prebuilt binaries; Node 22 or later). It finds most of the best items, not all: `recallOf` says how many.
 */
import { DataError, ValueError } from '@limelight/core';
import { topK } from '../rank/topK.ts';
import type { FactorRecommender } from './factorRecommender.ts';
import type { VectorIndex } from './vectorIndex.ts';
import { dotAll } from './vectors.ts';

export interface UsearchOptions {
  /** links of each item; default 16. More: better recall, more memory. */ readonly connectivity?: number;
  /** how widely is searched while the index is made; default 128 */ readonly expansionAdd?: number;
  /** how widely is searched for a query; default 256. More: better recall, slower. */ readonly expansionSearch?: number;
  /** 'f32' (default), 'f16' or 'i8': smaller, less exact */ readonly quantization?: 'f32' | 'f16' | 'i8';
}

/** What is used of the package. */
interface Native { add(keys: BigUint64Array, vectors: Float32Array, threads?: number): void; search(vectors: Float32Array, k: number, threads?: number): { readonly keys: BigUint64Array } }
type NativeIndex = new (config: Readonly<Record<string, string | number | boolean>>) => Native;
const PACKAGE = 'usearch';

/**
 * The item vectors of a fitted model in an index: `model.useIndex(await usearchIndex(model))`. It is a copy: make it again after `fit` or `update`.
 * @throws DataError where the package is not installed or does not run on this Node; ValueError for settings that are no whole numbers above 0
 */
export async function usearchIndex(model: FactorRecommender, options: UsearchOptions = {}): Promise<VectorIndex> {
  const { connectivity = 16, expansionAdd = 128, expansionSearch = 256, quantization = 'f32' } = options, { vectors, width } = model, size = model.items.size;
  for (const [name, value] of Object.entries({ connectivity, expansionAdd, expansionSearch })) if (!Number.isInteger(value) || value < 1) throw new ValueError(`usearchIndex: ${name} must be a whole number of at least 1, not ${value}.`);
  let found: { Index?: NativeIndex; default?: { Index?: NativeIndex } };
  try {
    found = await import(PACKAGE) as typeof found;
  } catch (error) {
    throw new DataError(`usearchIndex needs the package 'usearch': npm install usearch (Node 22 or later). Without it recommend goes through all items. (${(error as Error).message.split('\n')[0]})`);
  }
  const Index = found.Index ?? found.default?.Index;
  if (Index === undefined) throw new DataError(`usearchIndex: the installed 'usearch' has no Index. Install a version that package.json names.`);
  // Largest product = least angle once every item has one more number that brings all to one length (Bachrach et al. 2014, "Speeding up the Xbox recommender system"); HNSW is made for such distances.
  const lengths = Float64Array.from({ length: size }, (_, i) => { let sum = 0; for (let k = i * width; k < (i + 1) * width; k++) sum += (vectors[k] as number) ** 2; return sum; }), longest = lengths.reduce((a, b) => Math.max(a, b), 0);
  const wide = new Float32Array(size * (width + 1));
  for (let i = 0; i < size; i++) {
    wide.set(vectors.subarray(i * width, (i + 1) * width), i * (width + 1));
    wide[i * (width + 1) + width] = Math.sqrt(Math.max(0, longest - (lengths[i] as number)));
  }
  const index = new Index({ dimensions: width + 1, metric: 'cos', quantization, connectivity, expansion_add: expansionAdd, expansion_search: expansionSearch, multi: false });
  index.add(BigUint64Array.from({ length: size }, (_, i) => BigInt(i)), wide);
  const asked = new Float32Array(width + 1);
  return {
    size,
    search(query, k) {
      asked.set(query);
      return Int32Array.from(index.search(asked, k, 1).keys, Number).filter((item) => item >= 0 && item < size);
    },
  };
}

/** Share of the true k best items that the index finds, mean over queries (rows of the model's width, for example from `model.query`). */
export function recallOf(index: VectorIndex, model: FactorRecommender, queries: readonly ArrayLike<number>[], k = 10): number {
  const scores = new Float32Array(model.items.size);
  let found = 0, all = 0;
  for (const query of queries) {
    dotAll(query, model.vectors, model.width, scores);
    const best = new Set(topK(scores, k));
    for (const item of index.search(Float32Array.from(query), k)) if (best.has(item)) found++;
    all += best.size;
  }
  return all === 0 ? 1 : found / all;
}
