/** A matrix of which most is zero: for each row the columns that have a value, ascending. It does not change; `plus` gives a new one. */

export class SparseRows {
  /** row i stands at `starts[i]` to `starts[i + 1]` - 1 */
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float32Array;
  constructor(starts: Int32Array, columns: Int32Array, values: Float32Array) {
    this.starts = starts;
    this.columns = columns;
    this.values = values;
  }
  get rows(): number { return this.starts.length - 1; }
  get(row: number, column: number): number {
    let low = this.starts[row] ?? 0, high = (this.starts[row + 1] ?? 0) - 1;
    while (low <= high) {
      const middle = (low + high) >> 1, found = this.columns[middle] as number;
      if (found === column) return this.values[middle] as number;
      if (found < column) low = middle + 1;
      else high = middle - 1;
    }
    return 0;
  }
  rowSum(row: number): number {
    let sum = 0;
    for (let at = this.starts[row] ?? 0; at < (this.starts[row + 1] ?? 0); at++) sum += this.values[at] as number;
    return sum;
  }

  /** Adds 1 for each pair; `rows` grows to the size given. */
  static count(size: number, from: Int32Array, to: Int32Array): SparseRows {
    const ends = new Int32Array(size + 1);
    for (const row of from) ends[row + 1] = (ends[row + 1] as number) + 1;
    for (let i = 0; i < size; i++) ends[i + 1] = (ends[i + 1] as number) + (ends[i] as number);
    const next = ends.slice(0, size), targets = new Int32Array(from.length);
    for (let p = 0; p < from.length; p++) { const row = from[p] as number, at = next[row] as number; targets[at] = to[p] as number; next[row] = at + 1; }
    const starts = new Int32Array(size + 1), columns = new Int32Array(from.length), values = new Float32Array(from.length);
    let out = 0;
    for (let row = 0; row < size; row++) {
      const part = targets.subarray(ends[row] as number, ends[row + 1] as number).sort();
      for (let p = 0; p < part.length; p++) {
        if (p > 0 && part[p] === part[p - 1]) values[out - 1] = (values[out - 1] as number) + 1;
        else { columns[out] = part[p] as number; values[out++] = 1; }
      }
      starts[row + 1] = out;
    }
    return new SparseRows(starts, columns.slice(0, out), values.slice(0, out));
  }

  /** This and another one, which may have more rows, times a factor. Values that come to zero are left out. */
  plus(other: SparseRows, factor = 1): SparseRows {
    const size = Math.max(this.rows, other.rows), starts = new Int32Array(size + 1), columns = new Int32Array(this.columns.length + other.columns.length), values = new Float32Array(columns.length);
    let out = 0;
    for (let row = 0; row < size; row++) {
      let a = row < this.rows ? (this.starts[row] as number) : 0, b = row < other.rows ? (other.starts[row] as number) : 0;
      if (b === (row < other.rows ? other.starts[row + 1] : 0)) { // nothing new in most rows
        const end = row < this.rows ? (this.starts[row + 1] as number) : 0;
        columns.set(this.columns.subarray(a, end), out);
        values.set(this.values.subarray(a, end), out);
        starts[row + 1] = out += end - a;
        continue;
      }
      const lastA = row < this.rows ? (this.starts[row + 1] as number) : 0, lastB = row < other.rows ? (other.starts[row + 1] as number) : 0;
      while (a < lastA || b < lastB) {
        const ca = a < lastA ? (this.columns[a] as number) : Infinity, cb = b < lastB ? (other.columns[b] as number) : Infinity;
        const value = (ca <= cb ? (this.values[a++] as number) : 0) + (cb <= ca ? factor * (other.values[b++] as number) : 0);
        if (value === 0) continue;
        columns[out] = Math.min(ca, cb);
        values[out++] = value;
      }
      starts[row + 1] = out;
    }
    return new SparseRows(starts, columns.slice(0, out), values.slice(0, out));
  }
}
