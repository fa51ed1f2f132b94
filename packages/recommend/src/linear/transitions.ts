/** How often one item is watched right after another. */
import type { Interactions } from '../log/interactions.ts';
import { SparseRows } from './sparseRows.ts';

/** Row: the earlier item; column: the next one of the same user. */
export function transitionsOf(log: Interactions, users?: Int32Array, rows = log.items.size): SparseRows {
  const count = users?.length ?? log.users.size, from: Int32Array[] = [], to: Int32Array[] = [];
  if (users === undefined) {
    const a = new Int32Array(log.rows), b = new Int32Array(log.rows);
    let pairs = 0;
    for (let row = 1; row < log.rows; row++) {
      if (log.user[row] !== log.user[row - 1]) continue;
      a[pairs] = log.item[row - 1] as number;
      b[pairs++] = log.item[row] as number;
    }
    return SparseRows.count(rows, a.subarray(0, pairs), b.subarray(0, pairs));
  }
  for (let u = 0; u < count; u++) {
    const { items } = log.history(users[u] as number);
    if (items.length < 2) continue;
    from.push(items.subarray(0, -1));
    to.push(items.subarray(1));
  }
  return SparseRows.count(rows, joined(from), joined(to));
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const out = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { out.set(part, at); at += part.length; }
  return out;
}

/** The counts after an update: pairs of the touched users' old histories are taken out, those of their new ones put in. Exact. */
export function updatedTransitions(counts: SparseRows, before: Interactions, after: Interactions, touched: Int32Array): SparseRows {
  const known = touched.filter((user) => user < before.users.size), rows = after.items.size;
  return counts.plus(transitionsOf(after, touched, rows).plus(transitionsOf(before, known, rows), -1));
}
