/** How much each event of a history gives to an item's score, for any model: the score minus the score without that event. */
import type { History } from '../log/interactions.ts';
import { scoreInto, type Scorer } from '../rank/score.ts';

export interface Contribution { /** place in the history */ readonly index: number; readonly weight: number }

/** The history without the event at a place. */
export const without = (history: History, index: number): History => ({
  items: history.items.filter((_, i) => i !== index), times: history.times === null ? null : history.times.filter((_, i) => i !== index),
});

/**
 * @param last only so many of the latest events are tried (older ones weigh 0); default 50
 */
export function occlusion(model: Scorer, history: History, item: number, last = 50): Contribution[] {
  const n = history.items.length, items = model.items.size;
  if (n === 0) return [];
  const tried = Array.from({ length: Math.min(n, last) }, (_, i) => n - Math.min(n, last) + i), whole = new Float32Array(items), batch = Math.max(1, Math.min(tried.length, Math.floor(4e6 / items)));
  scoreInto(model, [history], whole);
  const scores = new Float32Array(batch * items), weights = new Map<number, number>();
  for (let from = 0; from < tried.length; from += batch) {
    const part = tried.slice(from, from + batch);
    scoreInto(model, part.map((index) => without(history, index)), scores.subarray(0, part.length * items));
    part.forEach((index, row) => weights.set(index, (whole[item] as number) - (scores[row * items + item] as number)));
  }
  return Array.from({ length: n }, (_, index) => ({ index, weight: weights.get(index) ?? 0 }));
}
