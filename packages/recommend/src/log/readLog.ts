/**
 * Logs in files: .inter (RecBole), .dat (MovieLens, `::`), .csv, .tsv, .ndjson, .parquet, each also with .gz where it is text. Rows come in blocks into typed arrays, so memory is that of the
 * columns. Lines of ids (one user a line, oldest first) are sequences.
 */
import { DataError, FormatError, ValueError } from '@limelight/core';
import type { ReadProblem, Table, TableOptions } from '@limelight/data';
import { readFileWhole } from '../base/files.ts';
import { findColumn, needColumn } from './columns.ts';
import { Interactions, LATEST } from './interactions.ts';
import { openFile, type FileFormat } from './openFile.ts';
import { Vocabulary } from './vocabulary.ts';

export interface ReadLogOptions {
  /** default: by the file's ending */ readonly format?: FileFormat;
  /** names of columns; default: guessed (user_id, userId, user, …) */ readonly user?: string;
  readonly item?: string;
  /** seconds or milliseconds since 1970, or dates; false: the rows are in order of time */ readonly time?: string | false;
  /** rating and the like */ readonly weight?: string;
  readonly event?: string;
  /** seconds watched */ readonly watched?: string;
  /** 'error' (default): a row without a user, an item or a time is an error that names the row; 'drop': such rows, and those with times before 1970, are left out and counted in `problems` */ readonly missing?: 'error' | 'drop';
  /** gets one line for each kind of thing that was put right or left out */ readonly problems?: string[];
  readonly signal?: AbortSignal;
}

const USER = ['userid', 'user', 'uid', 'customerid', 'profileid', 'accountid', 'visitorid'], ITEM = ['itemid', 'item', 'movieid', 'movie', 'iid', 'productid', 'contentid', 'titleid', 'trackid', 'showid', 'asin', 'parentasin'];
const TIME = ['timestamp', 'time', 'ts', 'date', 'datetime', 'watchedat', 'createdat', 'eventtime', 'unixtime'], WEIGHT = ['rating', 'weight', 'score', 'stars'], EVENT = ['event', 'eventtype', 'type', 'action'], WATCHED = ['watchseconds', 'watchedseconds', 'watched', 'secondswatched', 'playtime', 'duration'];
/** A later number is taken for milliseconds: in seconds it would be the year 5138. */
const MILLISECONDS = 1e11;

/** A typed array that grows. */
class Growing<A extends Int32Array | Float64Array | Float32Array | Uint8Array> {
  #data: A;
  #length = 0;
  readonly #make: (length: number) => A;
  constructor(make: (length: number) => A) { this.#make = make; this.#data = make(1 << 16); }
  push(value: number): void {
    if (this.#length === this.#data.length) {
      const larger = this.#make(this.#data.length * 2);
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data[this.#length++] = value;
  }
  done(): A { return this.#data.slice(0, this.#length) as A; }
}

/** Numbers of a column's words in a vocabulary, part by part: the words of earlier parts keep their places. */
function wordReader(vocabulary: Vocabulary): (table: Table, name: string) => (row: number) => number {
  const places: number[] = [];
  return (table, name) => {
    const column = table.column(name);
    if (column.type !== 'category') throw new FormatError(`The column '${name}' should hold ids.`);
    return (row) => {
      const id = column.ids[row] as number;
      return id < 0 ? -1 : (places[id] ??= vocabulary.add(column.categories[id] as string));
    };
  };
}
/** Numbers of a column; NaN where there is none. Dates are seconds. */
function numberReader(table: Table, name: string): (row: number) => number {
  const column = table.column(name);
  if (column.type === 'category' || column.type === 'text') throw new FormatError(`The column '${name}' should hold numbers or dates; it holds texts.`);
  const by = column.type === 'date' ? 1000 : 1;
  return (row) => (column.values[row] as number) / by;
}

/**
 * A log from a file.
 * @throws DataError where the file or a column is missing, or a row has no user, item or time (see `missing`); FormatError where a line is broken
 */
export async function readLog(path: string, options: ReadLogOptions = {}): Promise<Interactions> {
  const { missing = 'error', problems } = options;
  if (missing !== 'error' && missing !== 'drop') throw new ValueError(`readLog: missing is 'error' or 'drop', not '${String(missing)}'.`);
  const table = (more: TableOptions) => openFile(path, options.format, ['user', 'item', 'rating', 'timestamp'], { strict: missing === 'error', ...more });
  const schema = await table({}).schema(), names = schema.columns.map(({ name }) => name);
  const user = needColumn(path, 'user', options.user, names, USER), item = needColumn(path, 'item', options.item, names, ITEM);
  const time = options.time === false ? undefined : findColumn('time', options.time, names, TIME), weight = findColumn('weight', options.weight, names, WEIGHT);
  const event = findColumn('event', options.event, names, EVENT), watched = findColumn('watched', options.watched, names, WATCHED);
  if (time === undefined && options.time === undefined) problems?.push(`no column of times was found among ${names.join(', ')}: the rows are taken to be in order of time`);
  const kind = schema.columns.find(({ name }) => name === time)?.type;
  if (time !== undefined && (kind === 'text' || kind === 'category' || kind === 'boolean')) throw new DataError(`${path}: the column '${time}' holds no times (numbers of seconds since 1970, or dates as 2024-11-25T20:00:00Z). Name another one: { time: '…' }, or { time: false } where the rows are in order.`);
  const used = [user, item, time, weight, event, watched].filter((name) => name !== undefined), types: NonNullable<TableOptions['types']> = { [user]: 'category', [item]: 'category', ...(event === undefined ? {} : { [event]: 'category' }) };
  const source = table({ columns: [...new Set(used)], types });
  const users = new Vocabulary(), items = new Vocabulary(), events = new Vocabulary(), userWords = wordReader(users), itemWords = wordReader(items), eventWords = wordReader(events);
  const int = (n: number): Int32Array => new Int32Array(n), float = (n: number): Float32Array => new Float32Array(n);
  const out = { user: new Growing(int), item: new Growing(int), time: new Growing((n) => new Float64Array(n)), weight: new Growing(float), event: new Growing((n) => new Uint8Array(n)), watched: new Growing(float) };
  const dropped = new Map<string, number>();
  let row = 0, latest = 0;
  const readProblems: ReadProblem[] = [];
  for await (const part of source.parts(readProblems)) {
    options.signal?.throwIfAborted();
    const userAt = userWords(part, user), itemAt = itemWords(part, item), timeAt = time === undefined ? null : numberReader(part, time);
    const weightAt = weight === undefined ? null : numberReader(part, weight), eventAt = event === undefined ? null : eventWords(part, event), watchedAt = watched === undefined ? null : numberReader(part, watched);
    for (let r = 0; r < part.rows; r++) {
      row++;
      const u = userAt(r), i = itemAt(r), t = timeAt === null ? 0 : timeAt(r);
      const lacks = u < 0 ? 'user' : i < 0 ? 'item' : Number.isNaN(t) ? 'time' : t < 0 ? `usable time (it is ${t}, before 1970)` : null;
      if (lacks !== null) {
        if (missing === 'error') throw new DataError(`${path}: row ${row} has no ${lacks}. Mend the file, or leave such rows out: { missing: 'drop' }.`);
        const key = lacks.startsWith('usable') ? 'time after 1970' : lacks;
        dropped.set(key, (dropped.get(key) ?? 0) + 1);
        continue;
      }
      if (t > latest) latest = t;
      out.user.push(u);
      out.item.push(i);
      if (timeAt !== null) out.time.push(t);
      if (weightAt !== null) out.weight.push(weightAt(r));
      if (eventAt !== null) out.event.push(Math.max(0, eventAt(r)));
      if (watchedAt !== null) out.watched.push(watchedAt(r));
    }
  }
  for (const { kind: what, count, examples } of readProblems) problems?.push(`${count} x ${what}: ${examples[0] ?? ''}`);
  for (const [what, count] of dropped) problems?.push(`${count} rows without a ${what} were left out`);
  if (events.size > 256) throw new DataError(`${path}: the column '${event}' has ${events.size} different words; it should hold kinds of events, such as 'view' and 'like'. Name another one: { event: '…' }.`);
  const times = time === undefined ? null : out.time.done();
  if (times !== null && latest > MILLISECONDS) {
    for (let r = 0; r < times.length; r++) times[r] = (times[r] as number) / 1000;
    problems?.push(`the times of '${time}' are milliseconds; they were divided by 1,000`);
    latest /= 1000;
  }
  const now = Date.now() / 1000;
  if (latest > now + 86_400 && latest <= LATEST) problems?.push(`some times lie in the future (up to ${new Date(latest * 1000).toISOString()})`);
  return new Interactions({
    users, items, user: out.user.done(), item: out.item.done(), time: times, weight: weight === undefined ? null : out.weight.done(),
    event: event === undefined ? null : out.event.done(), events: events.ids, watched: watched === undefined ? null : out.watched.done(),
  });
}

/**
 * Lines of ids, separated by spaces, commas or tabs: one user a line, oldest first. An empty line is an empty history.
 * @throws DataError where the file is missing or empty
 */
export function readSequences(path: string): string[][] {
  const text = new TextDecoder().decode(readFileWhole(path));
  if (text.trim() === '') throw new DataError(`${path} is empty.`);
  return text.replace(/\r?\n$/, '').split('\n').map((line) => line.trim().split(/[\s,]+/).filter((id) => id !== ''));
}
