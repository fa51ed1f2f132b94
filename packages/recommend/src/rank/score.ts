/** Scores of histories with the cases that no model needs to know: empty histories and items that are not to be shown. */
import { DataError } from '@limelight/core';
import type { History } from '../log/interactions.ts';
import type { Vocabulary } from '../log/vocabulary.ts';

/** What ranking and evaluation need of a model. */
export interface Scorer {
  readonly kind: string;
  readonly items: Vocabulary;
  /** events of each item in the model's log */ readonly counts: Int32Array;
  /** scores for who has no history; default: `counts` */ readonly cold?: ArrayLike<number>;
  score(histories: readonly History[], out: Float32Array): void;
}

/**
 * Fills `out` (histories x items) through the model; an empty history gets `cold`, the items' popularity.
 * @throws DataError where the model gives NaN
 */
export function scoreInto(model: Scorer, histories: readonly History[], out: Float32Array): void {
  const items = model.items.size, empty = histories.some((history) => history.items.length === 0);
  if (!empty) model.score(histories, out);
  else {
    const some = histories.filter((history) => history.items.length > 0), scores = new Float32Array(some.length * items);
    if (some.length > 0) model.score(some, scores);
    let at = 0;
    histories.forEach((history, row) => { out.set(history.items.length === 0 ? (model.cold ?? model.counts) : scores.subarray(items * at, items * ++at), row * items); });
  }
  for (let row = 0; row < histories.length; row++) {
    const first = out[row * items];
    if (first !== undefined && Number.isNaN(first)) throw new DataError(`The ${model.kind} model gives NaN as scores. Was its training stopped by a loss that grew beyond all bounds?`);
  }
}
/** Sets the scores of these items to -Infinity: they are never shown. */
export function hide(scores: Float32Array, items: Iterable<number>): void {
  for (const item of items) if (item >= 0 && item < scores.length) scores[item] = -Infinity;
}
