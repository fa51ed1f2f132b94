/** Each user's items without doubles and without order, and how often two items have users in common. */
import type { Interactions } from '../log/interactions.ts';

/** Row r holds `items[starts[r]]` to `items[starts[r + 1] - 1]`. */
export interface Sets { readonly starts: Int32Array; readonly items: Int32Array }

/** @param isSorted true (default): each user's items ascend; false: they are in order of time */
export function userSets(log: Interactions, isSorted = true): Sets {
  const users = log.users.size, starts = new Int32Array(users + 1), items = new Int32Array(log.rows), last = new Int32Array(log.items.size).fill(-1);
  let at = 0;
  for (let u = 0; u < users; u++) {
    const from = at;
    for (let row = log.starts[u] as number; row < (log.starts[u + 1] as number); row++) {
      const item = log.item[row] as number;
      if (last[item] === u) continue;
      last[item] = u;
      items[at++] = item;
    }
    if (isSorted) items.subarray(from, at).sort();
    starts[u + 1] = at;
  }
  return { starts, items: items.subarray(0, at) };
}

/** Users in common of each two of `n` items, n x n; on the diagonal the users of the item. Exact up to 16 million users. */
export function gramOf({ starts, items }: Sets, n: number): Float32Array {
  const gram = new Float32Array(n * n);
  for (let u = 0; u + 1 < starts.length; u++) addSet(gram, n, items, starts[u] as number, starts[u + 1] as number);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) gram[i * n + j] = gram[j * n + i] as number;
  return gram;
}
// A function of its own, called once a user, so that it is compiled early.
function addSet(gram: Float32Array, n: number, items: Int32Array, from: number, to: number): void {
  for (let a = from; a < to; a++) {
    const row = (items[a] as number) * n;
    for (let b = a; b < to; b++) { const at = row + (items[b] as number); gram[at] = (gram[at] as number) + 1; }
  }
}
