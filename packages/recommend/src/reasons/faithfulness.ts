/**
 * Whether reasons are the reasons: the event that is said to speak most for a recommended item is removed, and the item's score must fall. Beside it stands a control, the removal of an event drawn
 * at random: without it the figure says nothing.
 */
import { Random } from '../base/random.ts';
import type { History } from '../log/interactions.ts';
import { hide, scoreInto } from '../rank/score.ts';
import { topK } from '../rank/topK.ts';
import type { Recommender } from '../models/recommender.ts';
import { without } from './occlusion.ts';

export interface Faithfulness {
  /** share of cases where removing the top reason lowers the item's score */ readonly top: number;
  /** the same for an event drawn at random */ readonly random: number;
  /** by how much the score falls on average, as a share of its distance to the mean score */ readonly topDrop: number;
  readonly randomDrop: number;
  /** pairs of a history and a recommended item that have a reason */ readonly cases: number;
  /** pairs without any reason that speaks for the item */ readonly without: number;
}

/**
 * @param options k: recommended items looked at for each history, default 3; seed of the control, default 0. Histories of fewer than two events are left out: nothing would be left.
 */
export function faithfulness(model: Recommender, histories: readonly History[], options: { readonly k?: number; readonly seed?: number } = {}): Faithfulness {
  const { k = 3, seed = 0 } = options, random = new Random(seed), n = model.items.size, whole = new Float32Array(n), parts = new Float32Array(2 * n);
  let cases = 0, none = 0, top = 0, control = 0, topDrop = 0, randomDrop = 0;
  for (const history of histories) {
    if (history.items.length < 2) continue;
    scoreInto(model, [history], whole);
    const mean = whole.reduce((a, b) => a + b, 0) / n, visible = whole.slice();
    hide(visible, history.items);
    for (const item of topK(visible, k)) {
      const best = model.contributions(history, item).reduce((a, b) => (b.weight > a.weight ? b : a), { index: -1, weight: 0 });
      if (best.index < 0) { none++; continue; }
      scoreInto(model, [without(history, best.index), without(history, random.below(history.items.length))], parts);
      const score = whole[item] as number, [lost, other] = [score - (parts[item] as number), score - (parts[n + item] as number)], scale = Math.max(1e-12, score - mean);
      cases++;
      if (lost > 0) top++;
      if (other > 0) control++;
      topDrop += lost / scale;
      randomDrop += other / scale;
    }
  }
  return { top: top / cases, random: control / cases, topDrop: topDrop / cases, randomDrop: randomDrop / cases, cases, without: none };
}
