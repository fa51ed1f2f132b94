/** How often one item is watched right after another. */
import type { Interactions } from '../log/interactions.ts';
import { SparseRows } from './sparseRows.ts';

/** Row: the earlier item; column: the next one of the same user. */
export function transitionsOf(log: Interactions): SparseRows {
  const from = new Int32Array(log.rows), to = new Int32Array(log.rows);
  let pairs = 0;
  for (let row = 1; row < log.rows; row++) {
    if (log.user[row] !== log.user[row - 1]) continue;
    from[pairs] = log.item[row - 1] as number;
    to[pairs++] = log.item[row] as number;
  }
  return SparseRows.count(log.items.size, from.subarray(0, pairs), to.subarray(0, pairs));
}

/** Pairs of some histories. */
class Pairs {
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  /** Pairs of items from place `first` on. */
  add(items: Int32Array, first: number): void {
    for (let at = first; at + 1 < items.length; at++) { this.#from.push(items[at] as number); this.#to.push(items[at + 1] as number); }
  }
  count(rows: number): SparseRows { return SparseRows.count(rows, Int32Array.from(this.#from), Int32Array.from(this.#to)); }
  get isEmpty(): boolean { return this.#from.length === 0; }
}

/** The counts after an update, exact: where new events follow old ones their pairs are added; of a history that has changed in between, the old pairs are taken out and all the new ones put in. */
export function updatedTransitions(counts: SparseRows, before: Interactions, after: Interactions, touched: Int32Array): SparseRows {
  const more = new Pairs(), gone = new Pairs(), rows = after.items.size;
  for (const user of touched) {
    const now = after.history(user).items, old = user < before.users.size ? before.history(user).items : now.subarray(0, 0);
    if (old.every((item, at) => now[at] === item)) more.add(now, Math.max(0, old.length - 1));
    else { gone.add(old, 0); more.add(now, 0); }
  }
  const grown = counts.plus(more.count(rows));
  return gone.isEmpty ? grown : grown.plus(gone.count(rows), -1);
}
