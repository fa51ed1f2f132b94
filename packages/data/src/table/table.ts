/**
 * A table in memory: typed columns with equally many rows. Nothing in it changes; operations give new tables that share the columns
 * they did not touch.
 */
import { DataError, NameError, ValueError, type ShapedArray } from '@limelight/core';
import { cellOf, isMissing, rowsOf, takeRows, type TableColumn } from './column.ts';
import { featureWriter, type FeatureOptions } from './features.ts';
import type { ReadProblem } from './problems.ts';
import type { Schema } from './schema.ts';
import { sortWords } from './schema.ts';

export type Fill = 'mean' | 'median' | 'mode' | number | string;
/** Inputs and targets as `fit` takes them. */
export interface TableArrays { readonly x: ShapedArray; readonly y: ShapedArray }

export class Table {
  readonly columns: readonly TableColumn[];
  readonly rows: number;
  /** what was wrong in the file, where it was read with { strict: false } */
  readonly problems: readonly ReadProblem[];
  readonly #byName: ReadonlyMap<string, TableColumn>;

  /** @throws DataError where names are doubled or columns differ in length */
  constructor(columns: readonly TableColumn[], problems: readonly ReadProblem[] = []) {
    this.columns = columns;
    this.problems = problems;
    this.#byName = new Map(columns.map((column) => [column.name, column]));
    const [first] = columns;
    this.rows = first === undefined ? 0 : rowsOf(first);
    if (this.#byName.size < columns.length) throw new DataError(`A table cannot have two columns of the same name (${columns.map((c) => c.name).join(', ')}).`);
    for (const column of columns) if (rowsOf(column) !== this.rows) throw new DataError(`Column '${column.name}' has ${rowsOf(column)} rows, but '${first?.name}' has ${this.rows}.`);
  }

  /**
   * A table from arrays in memory: numbers, truth values, dates, strings; null and undefined are missing. Strings become categories where words repeat.
   * `Table.from({ age: [31, null, 40], city: ['Oslo', 'Rome', 'Oslo'] })`
   */
  static from(columns: Readonly<Record<string, readonly (number | boolean | string | Date | null | undefined)[] | Float32Array | Float64Array | Int32Array | Uint8Array>>): Table {
    return new Table(Object.entries(columns).map(([name, values]): TableColumn => {
      const given = Array.from<number | boolean | string | Date | null | undefined>(values as readonly (number | string)[]), some = given.filter((v) => v !== null && v !== undefined);
      if (some.length > 0 && some.every((v) => typeof v === 'string')) {
        const words = sortWords(new Set(some)), places = new Map(words.map((word, id) => [word, id]));
        if (words.length > some.length / 2 && some.some((v) => /\s/.test(v))) return { name, type: 'text', texts: given.map((v) => (v as string | null | undefined) ?? null) };
        return { name, type: 'category', ids: Int32Array.from(given, (v) => places.get(v as string) ?? -1), categories: words };
      }
      const wrong = some.find((v) => typeof v === 'string');
      if (wrong !== undefined) throw new DataError(`Table.from: column '${name}' holds numbers and the text '${String(wrong)}'; a column has one type.`);
      const type = some.length > 0 && some.every((v) => typeof v === 'boolean') ? 'boolean' : some.length > 0 && some.every((v) => v instanceof Date) ? 'date' : some.length > 0 && some.every((v) => Number.isSafeInteger(v)) ? 'integer' : 'number';
      return { name, type, values: Float64Array.from(given, (v) => (v === null || v === undefined ? Number.NaN : Number(v))) };
    }));
  }

  get names(): string[] { return this.columns.map((column) => column.name); }
  /** Names and types; given to another file's `schema`, its categories get the same ids. */
  get schema(): Schema {
    return { columns: this.columns.map((c) => (c.type === 'category' ? { name: c.name, type: c.type, categories: c.categories } : { name: c.name, type: c.type })), rows: this.rows, complete: true };
  }

  /** @throws NameError that suggests the nearest name */
  column(name: string): TableColumn {
    const found = this.#byName.get(name);
    if (found === undefined) throw new NameError('column', name, this.names);
    return found;
  }
  has(name: string): boolean { return this.#byName.has(name); }

  /** Row `index` as a record; missing values are null, dates ISO texts. */
  row(index: number): Record<string, number | boolean | string | null> {
    if (!Number.isInteger(index) || index < 0 || index >= this.rows) throw new ValueError(`The table has rows 0 to ${this.rows - 1}, not ${index}.`);
    return Object.fromEntries(this.columns.map((column) => [column.name, cellOf(column, index)]));
  }
  /** The first rows as records; default 5. */
  head(count = 5): Record<string, number | boolean | string | null>[] { return Array.from({ length: Math.min(count, this.rows) }, (_, i) => this.row(i)); }

  /** These columns, in this order. */
  select(names: readonly string[]): Table { return new Table(names.map((name) => this.column(name)), this.problems); }
  dropColumns(names: readonly string[]): Table {
    const gone = new Set(names.map((name) => this.column(name).name));
    return new Table(this.columns.filter((column) => !gone.has(column.name)), this.problems);
  }
  /** These rows, in this order. */
  take(rows: ArrayLike<number>): Table { return new Table(this.columns.map((column) => takeRows(column, rows)), this.problems); }
  dropRows(rows: Iterable<number>): Table {
    const gone = new Set(rows);
    return this.take(Array.from({ length: this.rows }, (_, i) => i).filter((i) => !gone.has(i)));
  }
  filter(keep: (row: number, table: Table) => boolean): Table { return this.take(Array.from({ length: this.rows }, (_, i) => i).filter((i) => keep(i, this))); }
  /** Without the rows where one of these columns (default: any) is missing. */
  dropMissing(names: readonly string[] = this.names): Table {
    const columns = names.map((name) => this.column(name));
    return this.filter((row) => !columns.some((column) => isMissing(column, row)));
  }
  /** One column in place of another of its name, or added. */
  with(column: TableColumn): Table {
    return new Table(this.has(column.name) ? this.columns.map((c) => (c.name === column.name ? column : c)) : [...this.columns, column], this.problems);
  }

  /** Missing values of a column replaced: by a value, or by the mean, median (numbers) or the commonest value (`mode`) of the others. */
  fill(name: string, by: Fill): Table {
    const column = this.column(name);
    if (column.type === 'text') return this.with({ ...column, texts: column.texts.map((text) => text ?? String(by)) });
    if (column.type === 'category') {
      const word = by === 'mode' ? column.categories[commonest(column.ids)] : String(by);
      if (word === undefined) throw new DataError(`fill: column '${name}' has no value at all.`);
      const known = column.categories.indexOf(word), id = known < 0 ? column.categories.length : known;
      return this.with({ ...column, categories: known < 0 ? [...column.categories, word] : column.categories, ids: column.ids.map((own) => (own < 0 ? id : own)) });
    }
    const present = column.values.filter((v) => Number.isFinite(v));
    if (typeof by !== 'number' && present.length === 0) throw new DataError(`fill: column '${name}' has no value at all; give a number.`);
    const value = typeof by === 'number' ? by : by === 'mean' ? present.reduce((a, b) => a + b, 0) / present.length : by === 'median' ? median(present) : by === 'mode' ? commonest(present) : Number.NaN;
    if (Number.isNaN(value)) throw new ValueError(`fill: '${by}' is no number, but column '${name}' holds numbers. Use a number, 'mean', 'median' or 'mode'.`);
    return this.with({ ...column, values: column.values.map((v) => (Number.isNaN(v) ? value : v)) });
  }

  /** Two parts, shuffled by `seed`: the first has `share` of the rows. */
  split(share: number, seed = 0): [Table, Table] {
    if (!(share > 0 && share < 1)) throw new ValueError(`split: the share must be between 0 and 1, not ${share}.`);
    const order = Array.from({ length: this.rows }, (_, i) => i);
    let state = (seed ^ 0x9e37_79b9) >>> 0;
    for (let i = order.length - 1; i > 0; i--) {
      state = (Math.imul(state ^ (state >>> 15), 0x2c1b_3c6d) + 0x6d2b_79f5) >>> 0;
      const j = Math.floor((state / 2 ** 32) * (i + 1)), held = order[i] ?? 0;
      order[i] = order[j] ?? 0;
      order[j] = held;
    }
    const cut = Math.round(share * this.rows);
    return [this.take(order.slice(0, cut)), this.take(order.slice(cut))];
  }

  /**
   * Arrays for `fit`: x is f32 [rows, features], numbers as they are and categories one-hot (or as ids); y is i32 for categories, integers and
   * booleans, else f32.
   * @throws DataError where values are missing and `missing` does not say what to do
   */
  toArrays(options: FeatureOptions): TableArrays {
    const writer = featureWriter(this.schema, options);
    return writer.arrays(this);
  }

  /** Names of the elements of x that `toArrays` makes; for one-hot vectors column=word. */
  featureNames(options: FeatureOptions): readonly string[] { return featureWriter(this.schema, options).names; }

  toString(): string { return `Table of ${this.rows} rows: ${this.columns.map((c) => `${c.name} ${c.type}`).join(', ')}`; }
}

export function median(values: Float64Array): number {
  const sorted = values.slice().sort(), middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] ?? Number.NaN : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
function commonest(values: ArrayLike<number>): number {
  const counts = new Map<number, number>();
  let best = Number.NaN, most = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? -1;
    if (value === -1 && values instanceof Int32Array) continue;
    const count = (counts.get(value) ?? 0) + 1;
    counts.set(value, count);
    if (count > most) { most = count; best = value; }
  }
  return best;
}
