/**
 * Checks of the user's data, done before any work. Each message names what was wrong, where, and what to do.
 */
import { isFloat } from '../base/dtype.ts';
import { DataError } from '../base/errors.ts';
import { at } from '../base/shape.ts';
import type { Column } from './columns.ts';

/** Refuses NaN and infinities; names the first position. Integers need no look. */
export function checkFinite(column: Column, who: string): void {
  if (!isFloat(column.dtype)) return;
  const { data } = column, n = data.length;
  // x - x is 0 for finite x and NaN for all others, so one sum per block tells whether a block is clean.
  const BLOCK = 4096;
  for (let start = 0; start < n; start += BLOCK) {
    const end = Math.min(start + BLOCK, n);
    let sum = 0;
    for (let i = start; i < end; i++) { const x = data[i] as number; sum += x - x; }
    if (sum === 0) continue;
    for (let i = start; i < end; i++) {
      const value = data[i] as number;
      if (Number.isFinite(value)) continue;
      throw new DataError(`${who} holds ${value} at sample ${Math.floor(i / column.size)}, element ${showPosition(i % column.size, column)}. Remove or replace such samples first.`);
    }
  }
}

/** Ids of an embedding: whole numbers 0..count-1. */
export function checkIds(column: Column, count: number, who: string): void {
  const { data } = column;
  for (let i = 0; i < data.length; i++) {
    const id = data[i] as number;
    if (id >= 0 && id < count && Number.isInteger(id)) continue;
    throw new DataError(`${who} holds id ${id} at sample ${Math.floor(i / column.size)}, element ${showPosition(i % column.size, column)}; the embedding it goes to has ids 0..${count - 1}. Correct the ids, or give the embedding a larger inputDim.`);
  }
}

/** Place within a sample, as [i, j, …]. */
export const showPosition = (flat: number, column: Column): string => {
  const index: number[] = [];
  let rest = flat;
  for (let d = column.shape.length - 1; d >= 0; d--) {
    index.unshift(rest % at(column.shape, d));
    rest = Math.floor(rest / at(column.shape, d));
  }
  return `[${index.join(', ')}]`;
};

/** All columns of one call have equally many rows, and at least one. */
export function checkRows(columns: readonly Column[], who: string): number {
  const first = at(columns, 0);
  for (const column of columns) {
    if (column.rows !== first.rows) {
      throw new DataError(`${who}: lengths do not match: '${first.name}' has ${first.rows} samples but '${column.name}' has ${column.rows}.`);
    }
  }
  if (first.rows === 0) throw new DataError(`${who}: the data are empty ('${first.name}' has 0 samples).`);
  return first.rows;
}
