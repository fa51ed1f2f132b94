/** Batches of the two towers: pairs of a history and the item that came next, with every item of the batch named once, so that each passes its tower once. */
import type { Random } from '../../base/random.ts';
import type { Interactions } from '../../log/interactions.ts';

export interface Batch {
  /** [places] item numbers; places that are left over hold item 0 and have no weight anywhere */ readonly ids: Int32Array;
  /** [batch, places] shares of each place in the mean of the history, and in the mean in which older events fade */ readonly mean: Float32Array;
  readonly recent: Float32Array;
  /** [batch] place of the item that came next, and its number */ readonly next: Int32Array;
  readonly item: Int32Array;
}
export interface BatchOptions { readonly batch: number; /** different items of a batch at most */ readonly places: number; /** latest events that are looked at */ readonly length: number; /** what is left of an event's weight after each later one */ readonly decay: number }

/** Rows that something came before, in the same user's history. */
export function examplesOf(log: Interactions, users?: ArrayLike<number>): Int32Array {
  const rows: number[] = [], add = (user: number): void => { for (let row = (log.starts[user] as number) + 1; row < (log.starts[user + 1] as number); row++) rows.push(row); };
  if (users === undefined) for (let user = 0; user < log.users.size; user++) add(user);
  else for (let i = 0; i < users.length; i++) add(users[i] as number);
  return Int32Array.from(rows);
}

/** A batch of these rows of the log; where there are fewer than `batch`, the first ones again. */
export function batchOf(log: Interactions, rows: Int32Array, { batch, places, length, decay }: BatchOptions, place: Int32Array): Batch {
  const ids = new Int32Array(places), mean = new Float32Array(batch * places), recent = new Float32Array(batch * places), next = new Int32Array(batch), item = new Int32Array(batch);
  let filled = 0;
  const put = (id: number): number => {
    const known = place[id] as number;
    if (known >= 0) return known;
    if (filled === places) return -1;
    ids[filled] = id;
    place[id] = filled;
    return filled++;
  };
  // What came next must be there; then the histories, the latest events first, as far as there is room.
  for (let b = 0; b < batch; b++) { item[b] = log.item[rows[b % rows.length] as number] as number; next[b] = put(item[b] as number); }
  for (let b = 0; b < batch; b++) {
    const row = rows[b % rows.length] as number, first = Math.max(log.starts[log.user[row] as number] as number, row - length);
    let count = 0, total = 0;
    for (let at = row - 1, weight = 1; at >= first; at--, weight *= decay) {
      const p = put(log.item[at] as number);
      if (p < 0) continue;
      mean[b * places + p] = (mean[b * places + p] as number) + 1;
      recent[b * places + p] = (recent[b * places + p] as number) + weight;
      count++;
      total += weight;
    }
    if (count === 0) continue;
    for (let p = b * places; p < b * places + filled; p++) { mean[p] = (mean[p] as number) / count; recent[p] = (recent[p] as number) / total; }
  }
  for (let p = 0; p < filled; p++) place[ids[p] as number] = -1;
  return { ids, mean, recent, next, item };
}

/** Batches of one pass, in random order. */
export function* pass(log: Interactions, examples: Int32Array, options: BatchOptions, random: Random): Generator<Batch> {
  const place = new Int32Array(log.items.size).fill(-1);
  random.shuffle(examples);
  for (let from = 0; from < examples.length; from += options.batch) yield batchOf(log, examples.subarray(from, from + options.batch), options, place);
}
