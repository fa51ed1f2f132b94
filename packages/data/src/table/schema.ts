/**
 * The schema of a table: name and type of each column, and the words of its categories. Found from a sample of rows, or given.
 *
 * A column is what nine of ten of its values are: a few words among numbers are errors of the file (or words for missing values) and are reported
 * as such; they do not turn the column into text.
 */
import { hasLeadingZero, parseBoolean, parseDate, parseNumber, type Cell } from './cell.ts';
import type { ColumnType } from './column.ts';

export interface SchemaColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** words of a category, sorted; ids are places in this list */
  readonly categories?: readonly string[];
}
export interface Schema {
  readonly columns: readonly SchemaColumn[];
  /** rows it was found from; null where it was given */
  readonly rows: number | null;
  /** true where those were all rows, so that no other category can follow */
  readonly complete: boolean;
}

/** At most so many different words make a category. */
const MOST_CATEGORIES = 1000;
const MOST = 0.9;

const compare = new Intl.Collator('en', { numeric: true });
export const sortWords = (words: Iterable<string>): string[] => [...words].sort((a, b) => compare.compare(a, b) || (a < b ? -1 : 1));

/** Looks at cells of one column and says what it is. */
export class TypeGuess {
  #seen = 0;
  #numbers = 0;
  #integers = 0;
  #booleans = 0;
  #dates = 0;
  #padded = 0;
  #length = 0;
  #spaced = 0;
  #tooMany = false;
  readonly #words = new Set<string>();

  add(cell: Exclude<Cell, null | undefined>): void {
    this.#seen++;
    if (typeof cell === 'number' || typeof cell === 'bigint') {
      this.#numbers++;
      if (Number.isSafeInteger(Number(cell))) this.#integers++;
    } else if (typeof cell === 'boolean') {
      this.#booleans++;
    } else if (cell instanceof Date) {
      this.#dates++;
    } else {
      this.#addText(cell);
    }
    if (!this.#tooMany) this.#words.add(typeof cell === 'string' ? cell : cell instanceof Date ? cell.toISOString() : String(cell));
    if (this.#words.size > MOST_CATEGORIES) this.#tooMany = true;
  }
  #addText(text: string): void {
    this.#length += text.length;
    if (/\s/.test(text.trim())) this.#spaced++;
    const number = parseNumber(text);
    if (number !== undefined) {
      this.#numbers++;
      if (Number.isSafeInteger(number) && !/[.eE]/.test(text)) this.#integers++;
      if (hasLeadingZero(text)) this.#padded++;
    } else if (parseBoolean(text) !== undefined) {
      this.#booleans++;
    } else if (parseDate(text) !== undefined) {
      this.#dates++;
    }
  }

  /** The type; a column without a single value counts as numbers. */
  type(): ColumnType {
    const { seen, most } = { seen: this.#seen, most: Math.max(1, Math.ceil(MOST * this.#seen)) };
    if (seen === 0) return 'number';
    if (this.#padded === 0 && this.#numbers >= most) return this.#integers === this.#numbers ? 'integer' : 'number';
    if (this.#booleans >= most) return 'boolean';
    if (this.#dates >= most) return 'date';
    if (this.#tooMany || this.#length / seen > 64) return 'text';
    // In a short sample everything is rare: single words are categories there.
    if (seen < 20) return this.#spaced === 0 ? 'category' : this.#words.size <= seen / 2 ? 'category' : 'text';
    return this.#words.size <= seen / 2 ? 'category' : 'text';
  }
  categories(): string[] { return sortWords(this.#words); }
}
