/** Who has which item, once each: rows of a log merged into pairs with a weight, by user and by item. */
import { transpose } from '../linear/transpose.ts';
import type { Interactions } from '../log/interactions.ts';

/** Row r's pairs are `starts[r]` to `starts[r + 1]` - 1: the numbers on the other side and the weights. */
export interface Pairs { readonly starts: Int32Array; readonly other: Int32Array; readonly weight: Float32Array }

/** The pairs by user. The weight is the sum over the user's rows with the item (each 1 where the log has no weights); rows with a weight of 0 or less are left out: they speak for nothing. */
export function userPairs(log: Interactions): Pairs {
  const users = log.users.size, starts = new Int32Array(users + 1), other = new Int32Array(log.rows), weight = new Float32Array(log.rows), place = new Int32Array(log.items.size).fill(-1);
  let filled = 0;
  for (let u = 0; u < users; u++) {
    const first = filled;
    for (let row = log.starts[u] as number; row < (log.starts[u + 1] as number); row++) {
      const item = log.item[row] as number, given = log.weight === null ? 1 : (log.weight[row] as number), known = place[item] as number;
      if (!(given > 0)) continue;
      if (known >= first) weight[known] = (weight[known] as number) + given;
      else { place[item] = filled; other[filled] = item; weight[filled++] = given; }
    }
    starts[u + 1] = filled;
  }
  return { starts, other: other.subarray(0, filled), weight: weight.subarray(0, filled) };
}

/** The same pairs from the other side. @param rows how many there are on that side */
export function transposed({ starts, other, weight }: Pairs, rows: number): Pairs {
  const weights = new Float32Array(other.length), back = transpose(starts, other, rows, (place, from) => { weights[place] = weight[from] as number; });
  return { starts: back.starts, other: back.rows, weight: weights };
}

/** Items that a user has more often in the new log than in the old one, for all touched users: the items of new rows. */
export function newRowsOf(change: { readonly before: Interactions; readonly after: Interactions; readonly touched: Int32Array }): { readonly user: number[]; readonly item: number[] } {
  const { before, after, touched } = change, user: number[] = [], item: number[] = [], had = new Int32Array(after.items.size);
  for (const u of touched) {
    const old = u < before.users.size ? before.item.subarray(before.starts[u], before.starts[u + 1]) : new Int32Array(0);
    for (const i of old) had[i] = (had[i] as number) + 1;
    for (const i of after.item.subarray(after.starts[u], after.starts[u + 1])) {
      if ((had[i] as number) > 0) had[i] = (had[i] as number) - 1;
      else { user.push(u); item.push(i); }
    }
    for (const i of old) had[i] = 0;
  }
  return { user, item };
}
