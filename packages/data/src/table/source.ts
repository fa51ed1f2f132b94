/**
 * A table in a file (or a stream): read when it is asked for, piece by piece, with typed columns. Memory holds one piece, whatever the file's size.
 */
import { DataError, Dataset, NameError, ValueError, type ShapedArray } from '@limelight/core';
import { checkFile, nameOf, type Input } from '../read/text.ts';
import type { RowReader } from '../read/reader.ts';
import { columnBuilder, TYPE_WORDS, type ColumnBuilder } from './builder.ts';
import { MISSING_WORDS, type Cell } from './cell.ts';
import { COLUMN_TYPES, type ColumnType } from './column.ts';
import { featureWriter, type FeatureOptions } from './features.ts';
import { ProblemLog, type ReadProblem } from './problems.ts';
import { TypeGuess, type Schema, type SchemaColumn } from './schema.ts';
import { Table } from './table.ts';

export interface TableOptions {
  /** types of some columns; the others are found from the sample */
  readonly types?: Readonly<Record<string, ColumnType>>;
  /** names, types and categories of all columns, for example `train.schema` for the test file: then ids mean the same words */
  readonly schema?: Schema;
  /** read these columns only */
  readonly columns?: readonly string[];
  /** words that mean "no value" besides '', NA, N/A, NaN, null, None; for example ['?', '-999'] */
  readonly missing?: readonly string[];
  /**
   * true (default): a ragged row, a value that is not of its column's type or a broken line is an error that names the line.
   * false: such values are missing, such lines left out, and `problems` counts them
   */
  readonly strict?: boolean;
  /** rows from which types are found; default 10,000 */
  readonly sampleRows?: number;
}

export class TableSource {
  /** the file's name in messages */
  readonly name: string;
  readonly #reader: RowReader;
  readonly #options: TableOptions;
  #schema: Schema | null = null;

  /** Files: `openCsv`, `openTsv`, `openNdjson`, `openParquet`, `openTable`. */
  constructor(input: Input, reader: RowReader, options: TableOptions = {}) {
    this.name = nameOf(input);
    if (typeof input === 'string' || input instanceof URL) checkFile(input);
    this.#reader = reader;
    this.#options = options;
    for (const [name, type] of Object.entries(options.types ?? {})) if (!COLUMN_TYPES.includes(type)) throw new ValueError(`${this.name}: '${type}' (column '${name}') is no type of columns; there are ${COLUMN_TYPES.join(', ')}.`);
  }

  /**
   * Names and types, found from the first rows (default: `sampleRows`; Infinity reads the whole file) unless they were given.
   * @throws FormatError or DataError where the file cannot be read
   */
  async schema(rows?: number): Promise<Schema> {
    if (this.#options.schema !== undefined) return this.#options.schema;
    if (rows === undefined && this.#schema !== null) return this.#schema;
    const limit = rows ?? this.#options.sampleRows ?? 10_000, missing = this.#missing(), guesses: TypeGuess[] = [];
    let names: readonly string[] = [], count = 0, more = false;
    const sink = {
      header: (own: readonly string[]): void => { names = own; while (guesses.length < own.length) guesses.push(new TypeGuess()); },
      row: (cells: readonly Cell[]): void => {
        if (count >= limit) { more = true; return; }
        count++;
        for (let i = 0; i < guesses.length; i++) {
          const cell = cells[i];
          if (cell !== null && cell !== undefined && !(typeof cell === 'string' && missing(cell))) guesses[i]?.add(cell);
        }
      },
    };
    for await (const _piece of this.#reader(sink, new ProblemLog(this.name, this.#options.strict ?? true))) if (more) break;
    if (names.length === 0) throw new DataError(`${this.name} holds no rows.`);
    for (const name of [...Object.keys(this.#options.types ?? {}), ...(this.#options.columns ?? [])]) if (!names.includes(name)) throw new NameError(`column of ${this.name}`, name, names);
    const columns = names.map((name, i): SchemaColumn => {
      const guess = guesses[i] ?? new TypeGuess(), type = this.#options.types?.[name] ?? guess.type();
      return type === 'category' ? { name, type, categories: guess.categories() } : { name, type };
    }).filter((column) => this.#options.columns?.includes(column.name) ?? true);
    const schema: Schema = { columns, rows: count, complete: !more };
    return this.#schema = schema;
  }

  #missing(): (text: string) => boolean {
    const words = new Set([...MISSING_WORDS, ...(this.#options.missing ?? [])]), numbers = [...words].some((word) => /^\d/.test(word));
    return (text) => {
      if (text === '') return true;
      const first = text.charCodeAt(0);
      // Most cells are numbers: these need no look into the list.
      if (first >= 48 && first <= 57 && !numbers) return false;
      return words.has(text) || (first <= 32 && text.trim() === '');
    };
  }

  /** The rows as tables of about half a megabyte of the file each. `problems` collects what was wrong (not strict). */
  async *parts(problems?: ReadProblem[]): AsyncGenerator<Table> {
    const schema = await this.schema(), missing = this.#missing(), log = new ProblemLog(this.name, this.#options.strict ?? true);
    const given = this.#options.schema !== undefined;
    const builders = schema.columns.map((column) => columnBuilder(column, !given));
    let places: (ColumnBuilder | null)[] = [], order: readonly (SchemaColumn | null)[] = [], rows = 0;
    const header = (names: readonly string[]): void => {
      for (const column of schema.columns) if (names.length > 0 && !names.includes(column.name) && given && rows === 0) throw new DataError(`${this.name} has no column '${column.name}', which the given schema has; its columns are ${names.join(', ')}.`);
      const known = names.map((name) => schema.columns.findIndex((column) => column.name === name));
      places = known.map((i) => builders[i] ?? null);
      order = known.map((i) => schema.columns[i] ?? null);
      if (this.#options.columns === undefined && !given) {
        names.forEach((name, i) => { if (known[i] === -1) log.add('unknown column', rows + 1, `column '${name}' is not in the first ${schema.rows ?? 0} rows.`, 'Read them all for the types: { sampleRows: Infinity }, or choose columns with { columns: […] }.'); });
      }
    };
    const bad = (column: SchemaColumn, cell: Cell, line: number): void => {
      log.add('bad value', line, `column '${column.name}' has '${String(cell).slice(0, 40)}', which is not ${TYPE_WORDS[column.type]}.`,
        column.type === 'category'
          ? `The given schema knows ${column.categories?.length ?? 0} categories. Read both files for the schema, or give { strict: false } to count it as missing.`
          : `If it means that there is no value: { missing: ['${String(cell).slice(0, 40)}'] }; if the column is no number: { types: { '${column.name}': 'text' } }; to count it as missing: { strict: false }.`);
    };
    const row = (cells: readonly Cell[], line: number): void => {
      rows++;
      for (let i = 0; i < places.length; i++) {
        const builder = places[i];
        if (builder === null || builder === undefined) continue;
        let cell = cells[i];
        if (typeof cell === 'string' && missing(cell)) cell = null;
        if (!builder.push(cell)) bad(order[i] as SchemaColumn, cell, line);
      }
      if (places.length < builders.length) for (const builder of builders) if (!places.includes(builder)) builder.push(null);
    };
    let done = 0;
    for await (const _piece of this.#reader({ header, row }, log)) {
      if (rows === done) continue;
      done = rows;
      yield new Table(builders.map((builder) => builder.flush()));
    }
    problems?.push(...log.list());
    if (rows === 0) throw new DataError(`${this.name} has column names, but no rows.`);
  }

  /** The whole table in memory, or its first `limit` rows. */
  async read(options: { readonly limit?: number; readonly signal?: AbortSignal } = {}): Promise<Table> {
    const parts: Table[] = [], problems: ReadProblem[] = [];
    let rows = 0;
    for await (const part of this.parts(problems)) {
      options.signal?.throwIfAborted();
      parts.push(part);
      rows += part.rows;
      if (options.limit !== undefined && rows >= options.limit) break;
    }
    const whole = joinTables(parts, problems);
    return options.limit !== undefined && whole.rows > options.limit ? whole.take(Array.from({ length: options.limit }, (_, i) => i)) : whole;
  }

  /**
   * The rows as a Dataset of { x, y }, streamed from the file in each iteration: `source.dataset({ y: 'price' }).shuffle(10_000).batch(128).prefetch(2)`.
   * One-hot vectors need all words beforehand: where the sample did not reach the end of the file, other words are refused with the way out.
   */
  dataset(options: FeatureOptions): Dataset<{ x: Float32Array; y: ShapedArray }> {
    const rows = async function* rows(source: TableSource): AsyncGenerator<{ x: Float32Array; y: ShapedArray }> {
      const writer = featureWriter(await source.schema(), options);
      for await (const part of source.parts()) {
        const write = writer.on(part), schema = await source.schema();
        for (const column of schema.columns) {
          const own = part.column(column.name);
          if (own.type === 'category' && own.categories.length > (column.categories?.length ?? 0)) {
            throw new DataError(`${source.name}: column '${column.name}' has '${own.categories[column.categories?.length ?? 0]}', which is not in the first ${schema.rows ?? 0} rows. Look at more rows for the types: { sampleRows: Infinity }.`);
          }
        }
        for (let row = 0; row < part.rows; row++) {
          const x = new Float32Array(writer.width), y = write(row, x, 0);
          if (y !== null) yield { x, y: { data: writer.targetType === 'f32' ? Float32Array.of(y) : Int32Array.of(y), shape: [] } };
        }
      }
    };
    return Dataset.fromGenerator(() => rows(this));
  }
}

/** Tables one below the other; the last one's categories hold those of all before. */
export function joinTables(parts: readonly Table[], problems: readonly ReadProblem[] = []): Table {
  const last = parts.at(-1);
  if (last === undefined) throw new DataError('There are no rows.');
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  return new Table(last.columns.map((column, i) => {
    if (column.type === 'text') return { ...column, texts: parts.flatMap((part) => { const own = part.columns[i]; return own?.type === 'text' ? own.texts : []; }) };
    let at = 0;
    const values = column.type === 'category' ? new Int32Array(rows) : new Float64Array(rows);
    for (const part of parts) {
      const own = part.columns[i];
      if (own === undefined || own.type === 'text') continue;
      values.set(own.type === 'category' ? own.ids : own.values, at);
      at += part.rows;
    }
    return values instanceof Int32Array && column.type === 'category' ? { ...column, ids: values } : { ...column, values } as typeof column;
  }), problems);
}
