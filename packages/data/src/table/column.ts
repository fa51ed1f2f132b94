/** The columns of a table: typed, in memory, one value per row. */
import type { HostArray } from '@limelight/core';

/** `integer`, `number`, `boolean` and `date` hold numbers; `category` few different words as ids; `text` anything. */
export type ColumnType = 'integer' | 'number' | 'boolean' | 'date' | 'category' | 'text';
export const COLUMN_TYPES: readonly ColumnType[] = ['integer', 'number', 'boolean', 'date', 'category', 'text'];

/** Numbers; a missing value is NaN. Booleans are 0 and 1, dates milliseconds since 1970 (UTC). */
export interface NumericColumn { readonly name: string; readonly type: 'integer' | 'number' | 'boolean' | 'date'; readonly values: Float64Array }
/** Words as ids into `categories`; a missing value is -1. */
export interface CategoryColumn { readonly name: string; readonly type: 'category'; readonly ids: Int32Array; readonly categories: readonly string[] }
/** Texts; a missing value is null. */
export interface TextColumn { readonly name: string; readonly type: 'text'; readonly texts: readonly (string | null)[] }
export type TableColumn = NumericColumn | CategoryColumn | TextColumn;

export const isNumeric = (column: TableColumn): column is NumericColumn => column.type !== 'category' && column.type !== 'text';
export const rowsOf = (column: TableColumn): number => (isNumeric(column) ? column.values.length : column.type === 'category' ? column.ids.length : column.texts.length);
export const isMissing = (column: TableColumn, row: number): boolean => (
  isNumeric(column) ? Number.isNaN(column.values[row]) : column.type === 'category' ? (column.ids[row] ?? -1) < 0 : column.texts[row] === null);

/** The value of a cell as a person would write it; null where it is missing. */
export function cellOf(column: TableColumn, row: number): number | boolean | string | null {
  if (isMissing(column, row)) return null;
  if (column.type === 'text') return column.texts[row] ?? null;
  if (column.type === 'category') return column.categories[column.ids[row] ?? -1] ?? null;
  const value = column.values[row] ?? Number.NaN;
  return column.type === 'boolean' ? value !== 0 : column.type === 'date' ? new Date(value).toISOString() : value;
}

const pick = <A extends HostArray>(from: A, to: A, rows: ArrayLike<number>): A => { for (let i = 0; i < rows.length; i++) to[i] = from[rows[i] ?? 0] ?? 0; return to; };

/** The rows named, in that order. */
export function takeRows(column: TableColumn, rows: ArrayLike<number>): TableColumn {
  if (column.type === 'text') return { ...column, texts: Array.from(rows, (row) => column.texts[row] ?? null) };
  if (column.type === 'category') return { ...column, ids: pick(column.ids, new Int32Array(rows.length), rows) };
  return { ...column, values: pick(column.values, new Float64Array(rows.length), rows) };
}
