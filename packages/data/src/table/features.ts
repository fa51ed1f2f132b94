/**
 * From columns to what a network takes: one f32 vector per row and a target. Numbers stay as they are (a Normalization layer scales them),
 * categories become one-hot vectors or ids, dates days since 1970.
 */
import { DataError, NameError, type ShapedArray } from '@limelight/core';
import { isMissing, isNumeric, type TableColumn } from './column.ts';
import type { Schema, SchemaColumn } from './schema.ts';
import type { Table } from './table.ts';

export interface FeatureOptions {
  /** the column that is to be predicted */
  readonly y: string;
  /** columns that it is predicted from; default: all others that are no text */
  readonly x?: readonly string[];
  /** categories as one-hot vectors (default) or as their ids */
  readonly categories?: 'oneHot' | 'ids';
  /** what a missing value in x does: 'error' (default), 'drop' leaves the row out, a number stands for it. A row without y is left out unless 'error'. */
  readonly missing?: 'error' | 'drop' | number;
}

const DAY = 86_400_000;

export interface FeatureWriter {
  /** elements of x */
  readonly width: number;
  /** name of each element of x; for one-hot vectors column=word */
  readonly names: readonly string[];
  readonly targetType: 'i32' | 'f32';
  /** The writer for the columns of one table: writes row `row` to `x` at `at` and gives y; null where the row is left out. */
  on(table: Table): (row: number, x: Float32Array, at: number) => number | null;
  arrays(table: Table): { readonly x: ShapedArray; readonly y: ShapedArray };
}

const find = (schema: Schema, name: string): SchemaColumn => {
  const found = schema.columns.find((column) => column.name === name);
  if (found === undefined) throw new NameError('column', name, schema.columns.map((c) => c.name));
  return found;
};

/** @throws NameError for unknown columns; DataError for texts, which need a vocabulary of their own (TextVectorization) */
export function featureWriter(schema: Schema, options: FeatureOptions): FeatureWriter {
  const target = find(schema, options.y), missing = options.missing ?? 'error', oneHot = (options.categories ?? 'oneHot') === 'oneHot';
  const inputs = options.x === undefined ? schema.columns.filter((c) => c.name !== target.name && c.type !== 'text') : options.x.map((name) => find(schema, name));
  for (const column of [...inputs, target]) if (column.type === 'text') throw new DataError(`Column '${column.name}' is text, which is no number. Turn it into ids first (TextVectorization), or leave it out of x.`);
  if (inputs.length === 0) throw new DataError(`There is no column to predict '${target.name}' from.`);
  const widths = inputs.map((c) => (c.type === 'category' && oneHot ? c.categories?.length ?? 0 : 1)), width = widths.reduce((a, b) => a + b, 0);
  const names = inputs.flatMap((c) => (c.type === 'category' && oneHot ? (c.categories ?? []).map((word) => `${c.name}=${word}`) : [c.name]));

  const refuse = (column: TableColumn, row: number): never => {
    throw new DataError(`Column '${column.name}' has no value in row ${row}. Give { missing: 'drop' } or { missing: 0 }, or fill it first: table.fill('${column.name}', ${isNumeric(column) ? "'median'" : "'mode'"}).`);
  };
  const on = (table: Table): ((row: number, x: Float32Array, at: number) => number | null) => {
    const columns = inputs.map((c) => table.column(c.name)), y = table.column(target.name);
    return (row, x, start) => {
      if (isMissing(y, row)) return missing === 'error' ? refuse(y, row) : null;
      let at = start;
      for (let i = 0; i < columns.length; i++) {
        const column = columns[i] as TableColumn, size = widths[i] ?? 1;
        if (column.type === 'text') return null; // refused above
        if (column.type === 'category' && oneHot) {
          const id = column.ids[row] ?? -1;
          // A missing category is a vector of zeros.
          for (let k = 0; k < size; k++) x[at + k] = k === id ? 1 : 0;
        } else if (isMissing(column, row)) {
          if (missing === 'drop') return null;
          x[at] = missing === 'error' ? refuse(column, row) : missing;
        } else {
          x[at] = column.type === 'category' ? column.ids[row] ?? 0 : (column.values[row] ?? 0) / (column.type === 'date' ? DAY : 1);
        }
        at += size;
      }
      return y.type === 'category' ? y.ids[row] ?? -1 : y.type === 'text' ? null : y.values[row] ?? Number.NaN;
    };
  };
  const targetType = target.type === 'number' || target.type === 'date' ? 'f32' : 'i32';
  const arrays = (table: Table): { x: ShapedArray; y: ShapedArray } => {
    const x = new Float32Array(table.rows * width), y = targetType === 'f32' ? new Float32Array(table.rows) : new Int32Array(table.rows), write = on(table);
    let rows = 0;
    for (let row = 0; row < table.rows; row++) {
      const value = write(row, x, rows * width);
      if (value !== null) y[rows++] = value;
    }
    if (rows === 0) throw new DataError('No row is left: each has a missing value. Fill the columns first, or give { missing: 0 }.');
    return { x: { data: x.subarray(0, rows * width), shape: [rows, width] }, y: { data: y.subarray(0, rows), shape: [rows] } };
  };
  return { width, names, targetType, on, arrays };
}
