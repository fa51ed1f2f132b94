/**
 * Gradients by rows. The gradient of a lookup in a table is a scatter of a few rows into zeros; it need never be written out. What is touched is found
 * in the graph, equal ids are summed, and the optimizer updates the rows of the table and of its slots where they lie.
 *
 * Ids are sorted (stably), so that the rows of one id are added in the order of the batch, whatever the number of threads.
 */
import { sizeOf } from '../../base/shape.ts';
import * as g from '../../ir/build.ts';
import { isOp, type Node } from '../../ir/types.ts';

/** Rows of a table by id: `ids` i32 [n], `rows` [n, …]. An id of -1 is no row; then the row is zero. */
export interface Rows { readonly ids: Node; readonly rows: Node }

/** The lookups that a gradient consists of, ids as often as they were looked up; null where something else than lookups is in it. */
function lookups(gradient: Node): Rows[] | null {
  if (isOp(gradient, 'add')) {
    const parts = gradient.inputs.map(lookups);
    return parts.some((p) => p === null) ? null : parts.flatMap((p) => p ?? []);
  }
  if (!isOp(gradient, 'scatter')) return null;
  const { kind, axis, batchDims } = gradient.attrs, [table, ids, rows] = gradient.inputs;
  if (kind !== 'add' || axis !== 0 || batchDims !== 0 || table === undefined || ids === undefined || rows === undefined) return null;
  if (!isOp(table, 'const') || table.attrs.data.length !== 1 || table.attrs.data[0] !== 0) return null;
  const n = sizeOf(ids.type.shape);
  return [{ ids: g.reshape(ids, [n]), rows: g.reshape(rows, [n, ...table.type.shape.slice(1)]) }];
}

/** The touched rows of a gradient, each id once and its rows summed; null where the gradient is not made of lookups alone. */
export function touchedRows(gradient: Node): Rows | null {
  const parts = lookups(gradient);
  if (parts === null || sizeOf(gradient.type.shape) === 0) return null;
  const ids = g.concat(parts.map((p) => p.ids), 0), rows = g.concat(parts.map((p) => p.rows), 0), n = sizeOf(ids.type.shape);
  if (n === 0) return null;
  const [sorted, order] = g.sort(ids, [g.iota({ shape: [n], dtype: 'i32' }, 0)], 0) as [Node, Node];
  const before = g.pad(g.slice(sorted, { starts: [0], sizes: [n - 1], strides: [1] }), { low: [1], high: [0], interior: [0], value: -1 });
  const first = g.cast(g.not(g.eq(sorted, before)), 'i32');
  // the number of the id among the different ones
  const group = g.sub(g.scan(first, { kind: 'sum', axis: 0, exclusive: false, reverse: false }), g.splatLike(1, first));
  return {
    ids: g.scatter('set', g.splat(-1, [n], 'i32'), group, sorted, 0),
    rows: g.scatter('add', g.splat(0, rows.type.shape, rows.type.dtype), group, g.gather(rows, order, 0), 0),
  };
}

/** The rows of a table that `ids` name (any row for -1). */
export const rowsAt = (table: Node, ids: Node): Node => g.gather(table, ids, 0);
/** The table with these rows in place of its own. */
export const withRows = (table: Node, ids: Node, rows: Node): Node => g.setRows(table, ids, rows);
