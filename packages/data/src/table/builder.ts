/** Builders of columns: they take cells one by one and give typed columns, as often as wanted (the words of categories stay). */
import { parseBoolean, parseDate, parseNumber, type Cell } from './cell.ts';
import type { ColumnType, TableColumn } from './column.ts';
import type { SchemaColumn } from './schema.ts';

export interface ColumnBuilder {
  /** False where the cell is not of the column's type: then a missing value stands there. */
  push(cell: Cell): boolean;
  /** The column so far; the builder begins anew, with the same words of categories. */
  flush(): TableColumn;
}

const FIRST = 1024;

class NumberBuilder implements ColumnBuilder {
  readonly #name: string;
  readonly #type: 'integer' | 'number' | 'boolean' | 'date';
  readonly #parse: (text: string) => number | boolean | undefined;
  #values = new Float64Array(FIRST);
  #length = 0;
  constructor(name: string, type: 'integer' | 'number' | 'boolean' | 'date') {
    this.#name = name;
    this.#type = type;
    this.#parse = type === 'boolean' ? (text) => parseBoolean(text) ?? parseNumber(text) : type === 'date' ? parseDate : parseNumber;
  }
  push(cell: Cell): boolean {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(2 * this.#length);
      larger.set(this.#values);
      this.#values = larger;
    }
    const value = cell === null || cell === undefined ? null : typeof cell === 'string' ? this.#parse(cell) : cell instanceof Date ? cell.getTime() : Number(cell);
    this.#values[this.#length++] = value === null || value === undefined ? Number.NaN : Number(value);
    return value !== undefined;
  }
  flush(): TableColumn {
    const values = this.#values.slice(0, this.#length);
    this.#length = 0;
    return { name: this.#name, type: this.#type, values };
  }
}

const textOf = (cell: Exclude<Cell, null | undefined>): string => (typeof cell === 'string' ? cell : cell instanceof Date ? cell.toISOString() : String(cell));
/** A copy that does not keep the piece of the file alive from which it was cut. */
const ownCopy = (text: string): string => (text.length < 13 ? text : Buffer.from(text, 'utf8').toString('utf8'));

class CategoryBuilder implements ColumnBuilder {
  readonly #name: string;
  readonly #open: boolean;
  readonly #ids = new Map<string, number>();
  readonly #words: string[] = [];
  #values = new Int32Array(FIRST);
  #length = 0;
  constructor(name: string, words: readonly string[], open: boolean) {
    this.#name = name;
    this.#open = open;
    for (const word of words) this.#idOf(word);
  }
  #idOf(word: string): number {
    const id = this.#words.length, own = ownCopy(word);
    this.#ids.set(own, id);
    this.#words.push(own);
    return id;
  }
  push(cell: Cell): boolean {
    if (this.#length === this.#values.length) {
      const larger = new Int32Array(2 * this.#length);
      larger.set(this.#values);
      this.#values = larger;
    }
    const missing = cell === null || cell === undefined;
    let id = -1;
    if (!missing) {
      const word = textOf(cell);
      id = this.#ids.get(word) ?? (this.#open ? this.#idOf(word) : -1);
    }
    this.#values[this.#length++] = id;
    return missing || id >= 0;
  }
  flush(): TableColumn {
    const ids = this.#values.slice(0, this.#length);
    this.#length = 0;
    return { name: this.#name, type: 'category', ids, categories: [...this.#words] };
  }
}

class TextBuilder implements ColumnBuilder {
  readonly #name: string;
  #texts: (string | null)[] = [];
  constructor(name: string) { this.#name = name; }
  push(cell: Cell): boolean {
    this.#texts.push(cell === null || cell === undefined ? null : textOf(cell));
    return true;
  }
  flush(): TableColumn {
    const texts = this.#texts;
    this.#texts = [];
    return { name: this.#name, type: 'text', texts };
  }
}

/** `open`: words that the schema does not know become new categories; else they are refused. */
export function columnBuilder(column: SchemaColumn, open: boolean): ColumnBuilder {
  if (column.type === 'category') return new CategoryBuilder(column.name, column.categories ?? [], open || column.categories === undefined);
  return column.type === 'text' ? new TextBuilder(column.name) : new NumberBuilder(column.name, column.type);
}

/** What a type is called in messages. */
export const TYPE_WORDS = {
  integer: 'a number', number: 'a number', boolean: 'true or false', date: 'a date (YYYY-MM-DD)', category: 'a known category', text: 'a text',
} as const satisfies Record<ColumnType, string>;
