/** Rows of numbers from the other side (a counting sort): `items[starts[r]]` to `items[starts[r + 1] - 1]` are row r's. */

/**
 * For each of `count` numbers the rows that hold it, ascending.
 * @param put told where the element at `from` goes, to take along what belongs to it
 */
export function transpose(starts: Int32Array, items: Int32Array, count: number, put?: (place: number, from: number) => void): { readonly starts: Int32Array; readonly rows: Int32Array } {
  const own = new Int32Array(count + 1), rows = new Int32Array(items.length);
  for (const item of items) own[item + 1] = (own[item + 1] as number) + 1;
  for (let i = 0; i < count; i++) own[i + 1] = (own[i + 1] as number) + (own[i] as number);
  const next = own.slice(0, count);
  for (let row = 0; row + 1 < starts.length; row++) {
    for (let at = starts[row] as number; at < (starts[row + 1] as number); at++) {
      const item = items[at] as number, place = next[item] as number;
      rows[place] = row;
      put?.(place, at);
      next[item] = place + 1;
    }
  }
  return { starts: own, rows };
}
