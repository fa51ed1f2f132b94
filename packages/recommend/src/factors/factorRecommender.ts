/**
 * Models whose score is the product of a query vector (made of the history) and an item's vector: they rank all items by one pass over the vectors, find similar items by the angle,
 * and can be asked through an index where the catalogue is very large.
 */
import { StateError, ValueError } from '@limelight/core';
import type { History } from '../log/interactions.ts';
import { Recommender } from '../models/recommender.ts';
import type { Recommendation, Request } from '../models/types.ts';
import { hide } from '../rank/score.ts';
import { topK } from '../rank/topK.ts';
import type { VectorIndex } from './vectorIndex.ts';
import { cosinesTo, dotAll } from './vectors.ts';

export abstract class FactorRecommender extends Recommender {
  #index: { readonly index: VectorIndex; readonly vectors: Float32Array } | null = null;

  /** numbers of a vector */
  abstract get width(): number;
  /** items x width, in the order of the items' numbers. A model that learns puts a new array here. */
  abstract get vectors(): Float32Array;
  /** how many of them tell what an item is like; the rest (a bias) says how often it is watched */
  get similarityWidth(): number { return this.width; }
  /** The query vector of a history that is not empty. */
  abstract query(history: History): ArrayLike<number>;

  score(histories: readonly History[], out: Float32Array): void {
    const n = this.items.size;
    histories.forEach((history, row) => { dotAll(this.query(history), this.vectors, this.width, out.subarray(row * n, (row + 1) * n)); });
  }

  /** Items whose vectors point the same way; the score is the cosine. @throws ValueError for an unknown id */
  override similar(id: string, k = 10): Recommendation[] {
    const item = this.items.index(id), scores = new Float32Array(this.items.size);
    if (item < 0) throw new ValueError(`similar: the model does not know the item '${id}'.`);
    cosinesTo(item, this.vectors, this.width, this.similarityWidth, scores);
    hide(scores, [item]);
    return Array.from(topK(scores, k), (other) => ({ item: this.items.id(other), score: scores[other] as number }));
  }

  /**
   * From now on `recommend` asks this index for its candidates in place of all items; null: all items again. The index holds `vectors` as they are now (see `usearchIndex`): after `fit` or `update` it
   * is out of date, and is dropped. Requests with `allow` go through all items still, since an index finds few of a short list.
   */
  useIndex(index: VectorIndex | null): void {
    if (index !== null && index.size !== this.items.size) throw new StateError(`useIndex: the index holds ${index.size} items, the model ${this.items.size}. Make it again from this model.`);
    this.#index = index === null ? null : { index, vectors: this.vectors };
  }
  /** The index in use; null: none. */
  get index(): VectorIndex | null { return this.#index !== null && this.#index.vectors === this.vectors ? this.#index.index : null; }

  override recommend(request: Request = {}): Recommendation[] {
    const { index } = this, { k = 10, filterSeen = true, deny, reasons = false } = request, history = index === null ? null : this.historyOf(request);
    const plain = Object.keys(request).every((name) => PLAIN.has(name));
    if (index === null || history === null || history.items.length === 0 || !plain || !Number.isInteger(k) || k < 1) return super.recommend(request);
    const hidden = new Set<number>(filterSeen ? history.items : []);
    for (const id of deny ?? []) hidden.add(this.items.index(id));
    const query = Float32Array.from(this.query(history)), found = index.search(query, Math.min(index.size, k + hidden.size)), { vectors, width } = this;
    const own = Float32Array.from(found, (item) => {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += (query[i] as number) * (vectors[item * width + i] as number);
      return hidden.has(item) ? -Infinity : sum;
    }), count = reasons === true ? 3 : reasons === false ? 0 : reasons;
    return Array.from(topK(own, k), (place) => {
      const item = found[place] as number, made = { item: this.items.id(item), score: own[place] as number };
      return count > 0 ? { ...made, reasons: this.reasons(history, item, count) } : made;
    });
  }
}

/** What an index can answer; anything else in a request is for all items. */
const PLAIN: ReadonlySet<string> = new Set(['history', 'times', 'user', 'k', 'filterSeen', 'deny', 'reasons']);
