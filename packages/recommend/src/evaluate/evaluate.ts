/**
 * Ranks every item for every user of a set (never a sample of items: Krichene and Rendle 2020, "On sampled metrics for item recommendation") and counts where the targets stand.
 * Rank = 1 + items with a higher score + items with the same score and a lower number. Items that the user has seen are removed before.
 */
import { ValueError } from '@limelight/core';
import type { Catalogue } from '../log/catalogue.ts';
import { hide, scoreInto, type Scorer } from '../rank/score.ts';
import { ranksOf, topK } from '../rank/topK.ts';
import { Debiased } from './debiased.ts';
import { diversityOf } from './diversity.ts';
import { Evaluation } from './evaluation.ts';
import { hitRate, ndcg, recall, reciprocalRank } from './metrics.ts';
import { checkSet, type EvaluationSet } from './set.ts';

export interface EvaluateOptions {
  /** lengths of the lists that are looked at; default [10] */ readonly ks?: readonly number[];
  /** true (default): items of the history are not recommended */ readonly filterSeen?: boolean;
  /** attributes for the diversity of lists; without it there is no such figure */ readonly catalogue?: Catalogue;
  /** items with fewer training events than this are cold; default 5 */ readonly coldItems?: number;
  /** users with fewer events in their history than this are cold; default 5 */ readonly coldUsers?: number;
  /** exponent of the popularity in the debiased figures; default 0.5 */ readonly debias?: number;
  /** users that are scored together; default: as many as 4 million scores hold, at most 256 */ readonly batchSize?: number;
}

/**
 * Figures, with the ks chosen:
 * - 'hr@k', 'ndcg@k', 'recall@k', 'mrr' (whole ranking): means over users.
 * - 'ndcg@k cold items', 'hr@k cold users' and so on: the same over users with a target of the kind (only those targets count), or over users of the kind; NaN where there are none.
 * - 'ndcg@k debiased', 'hr@k debiased': means over targets, each weighted by 1 / events^debias (self-normalized inverse propensity; Yang et al. 2018, "Unbiased offline recommender
 *   evaluation for missing-not-at-random implicit feedback"), so that what is watched anyway counts less.
 * - of the lists of the longest k: 'coverage' (share of the model's items in any list), 'novelty' (mean of -log2 of the item's share of the training events; Zhou et al. 2010) and 'diversity'
 *   (mean of 1 - Jaccard similarity of the attributes over pairs of the list; Ziegler et al. 2005).
 * @throws DataError for an empty set or a model that gives NaN; ValueError for a k below 1
 */
export function evaluate(model: Scorer, set: EvaluationSet, options: EvaluateOptions = {}): Evaluation {
  const { ks = [10], filterSeen = true, catalogue, coldItems = 5, coldUsers = 5 } = options, items = model.items.size, users = set.histories.length;
  checkSet(set);
  if (ks.length === 0 || ks.some((k) => !Number.isInteger(k) || k < 1)) throw new ValueError(`evaluate: ks must be whole numbers of at least 1, not ${ks.join(', ')}.`);
  const map = model.items === set.items ? null : model.items.mapping(set.items), longest = Math.max(...ks);
  const own = (numbers: Int32Array): Int32Array => (map === null ? numbers : numbers.map((item) => map[item] as number));
  const known = (numbers: Int32Array): Int32Array => (map === null ? numbers : own(numbers).filter((item) => item >= 0));
  const batchSize = options.batchSize ?? Math.max(1, Math.min(256, Math.floor(4e6 / items)));
  const perUser: Record<string, Float64Array> = {}, column = (name: string): Float64Array => (perUser[name] ??= new Float64Array(users).fill(Number.NaN));
  // Training events by number of the set, for targets that the model does not know, and by number of the model.
  const setCounts = set.counts ?? Int32Array.from(set.items.ids, (id) => { const item = model.items.index(id); return item < 0 ? 0 : (model.counts[item] as number); });
  const countOf = (target: number): number => setCounts[target] ?? 0, information = surprise(map === null ? setCounts : model.counts);
  const shown = new Uint8Array(items), scores = new Float32Array(batchSize * items), debiased = new Debiased(ks, options.debias ?? 0.5), diversity = catalogue === undefined ? null : diversityOf(catalogue, model.items);
  for (let from = 0; from < users; from += batchSize) {
    const batch = set.histories.slice(from, from + batchSize).map((history) => (map === null ? history : { ...history, items: known(history.items), times: history.times === null ? null : history.times.filter((_, i) => (map[history.items[i] as number] as number) >= 0) }));
    scoreInto(model, batch, scores.subarray(0, batch.length * items));
    batch.forEach((history, b) => {
      const row = scores.subarray(b * items, (b + 1) * items), user = from + b, targets = set.targets[user] as Int32Array;
      if (filterSeen) hide(row, history.items);
      hide(row, own(set.seen?.[user] ?? new Int32Array(0)));
      const ranks = ranksOf(row, own(targets)), list = topK(row, longest);
      const part = (kind: string, some: Float64Array): void => {
        if (some.length === 0) return;
        for (const k of ks) {
          column(`hr@${k}${kind}`)[user] = hitRate(some, k);
          column(`ndcg@${k}${kind}`)[user] = ndcg(some, k);
          if (kind === '') column(`recall@${k}`)[user] = recall(some, k);
        }
      };
      part('', ranks);
      part(' cold items', ranks.filter((_, i) => countOf(targets[i] as number) < coldItems));
      part(' warm items', ranks.filter((_, i) => countOf(targets[i] as number) >= coldItems));
      part(history.items.length < coldUsers ? ' cold users' : ' warm users', ranks);
      targets.forEach((target, i) => debiased.add(ranks[i] as number, countOf(target)));
      column('mrr')[user] = reciprocalRank(ranks);
      let sum = 0;
      for (const item of list) { shown[item] = 1; sum += information[item] as number; }
      if (list.length > 0) column('novelty')[user] = sum / list.length;
      if (diversity !== null && list.length > 1) column('diversity')[user] = diversity(list);
    });
  }
  const figures: Record<string, number> = {};
  for (const [name, values] of Object.entries(perUser)) figures[name] = meanOf(values);
  figures['coverage'] = shown.reduce((sum, flag) => sum + flag, 0) / items;
  return new Evaluation({ figures: { ...figures, ...debiased.figures() }, perUser, users });
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
