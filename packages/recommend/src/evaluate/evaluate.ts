/**
 * Ranks every item for every user of a set (never a sample of items: Krichene and Rendle 2020, "On sampled metrics for item recommendation") and counts where the targets stand.
 * Rank = 1 + items with a higher score + items with the same score and a lower number. Items that the user has seen are removed before.
 */
import { ValueError } from '@limelight/core';
import { hide, scoreInto, type Scorer } from '../rank/score.ts';
import { ranksOf, topK } from '../rank/topK.ts';
import { Evaluation } from './evaluation.ts';
import { hitRate, ndcg, recall, reciprocalRank } from './metrics.ts';
import { checkSet, type EvaluationSet } from './set.ts';

export interface EvaluateOptions {
  /** lengths of the lists that are looked at; default [10] */ readonly ks?: readonly number[];
  /** true (default): items of the history are not recommended */ readonly filterSeen?: boolean;
  /** users that are scored together; default: as many as 4 million scores hold, at most 256 */ readonly batchSize?: number;
}

/**
 * Figures: 'hr@k', 'ndcg@k', 'recall@k' for each k, 'mrr' (whole ranking), and of the lists of the longest k: 'coverage' (share of the model's items that are in any list) and
 * 'novelty' (mean of -log2 of the share of training events that the recommended item has; Zhou et al. 2010).
 * @throws DataError for an empty set or a model that gives NaN; ValueError for a k below 1
 */
export function evaluate(model: Scorer, set: EvaluationSet, options: EvaluateOptions = {}): Evaluation {
  const { ks = [10], filterSeen = true } = options, items = model.items.size, users = set.histories.length;
  checkSet(set);
  if (ks.length === 0 || ks.some((k) => !Number.isInteger(k) || k < 1)) throw new ValueError(`evaluate: ks must be whole numbers of at least 1, not ${ks.join(', ')}.`);
  const map = model.items === set.items ? null : model.items.mapping(set.items), longest = Math.max(...ks);
  const own = (numbers: Int32Array): Int32Array => (map === null ? numbers : numbers.map((item) => map[item] as number));
  const known = (numbers: Int32Array): Int32Array => (map === null ? numbers : own(numbers).filter((item) => item >= 0));
  const batchSize = options.batchSize ?? Math.max(1, Math.min(256, Math.floor(4e6 / items)));
  const perUser: Record<string, Float64Array> = {}, column = (name: string): Float64Array => (perUser[name] ??= new Float64Array(users));
  const information = surprise(map === null && set.counts !== undefined ? set.counts : model.counts), shown = new Uint8Array(items), scores = new Float32Array(batchSize * items);
  for (let from = 0; from < users; from += batchSize) {
    const batch = set.histories.slice(from, from + batchSize).map((history) => (map === null ? history : { ...history, items: known(history.items), times: history.times === null ? null : history.times.filter((_, i) => (map[history.items[i] as number] as number) >= 0) }));
    scoreInto(model, batch, scores.subarray(0, batch.length * items));
    batch.forEach((history, b) => {
      const row = scores.subarray(b * items, (b + 1) * items), user = from + b;
      if (filterSeen) hide(row, history.items);
      hide(row, own(set.seen?.[user] ?? new Int32Array(0)));
      const ranks = ranksOf(row, own(set.targets[user] as Int32Array)), list = topK(row, longest);
      for (const k of ks) {
        column(`hr@${k}`)[user] = hitRate(ranks, k);
        column(`ndcg@${k}`)[user] = ndcg(ranks, k);
        column(`recall@${k}`)[user] = recall(ranks, k);
      }
      column('mrr')[user] = reciprocalRank(ranks);
      let sum = 0;
      for (const item of list) { shown[item] = 1; sum += information[item] as number; }
      column('novelty')[user] = list.length === 0 ? Number.NaN : sum / list.length;
    });
  }
  const figures: Record<string, number> = {};
  for (const [name, values] of Object.entries(perUser)) figures[name] = meanOf(values);
  figures['coverage'] = shown.reduce((sum, flag) => sum + flag, 0) / items;
  return new Evaluation({ figures, perUser, users });
}

/** Mean of what is not NaN. */
export function meanOf(values: Float64Array): number {
  let sum = 0, n = 0;
  for (const value of values) if (!Number.isNaN(value)) { sum += value; n++; }
  return sum / n;
}
/** Bits that an item's appearance tells: -log2 of its share of the events; an item without events counts as one with one. */
function surprise(counts: Int32Array): Float64Array {
  const total = Math.max(1, counts.reduce((a, b) => a + b, 0));
  return Float64Array.from(counts, (n) => -Math.log2(Math.max(1, n) / total));
}
