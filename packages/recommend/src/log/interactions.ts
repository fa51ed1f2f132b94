/**
 * A log of who watched what, as columns. Rows are sorted by user and time; rows of equal time keep the order in which they were given. So one user's history is a slice, and
 * twenty million rows are a few typed arrays.
 */
import { DataError, ValueError } from '@limelight/core';
import { mergedOrder, sortByUserAndTime } from './sort.ts';
import { Vocabulary } from './vocabulary.ts';

/** One user's past, oldest first: item numbers of a model or a log. A user that no log has ever seen is a history as well. */
export interface History {
  readonly items: Int32Array;
  /** seconds since 1970, as long as `items`; null where times are not known */ readonly times: Float64Array | null;
  /** number of the user, where it is one of the log */ readonly user?: number;
}
/** Columns of equal length, in any order of rows. */
export interface LogColumns {
  readonly user: readonly (string | number)[];
  readonly item: readonly (string | number)[];
  /** seconds since 1970; default: the rows are in order of time */ readonly time?: ArrayLike<number>;
  /** rating, share watched, … */ readonly weight?: ArrayLike<number>;
  /** kind of event: 'view', 'like', … */ readonly event?: readonly string[];
  /** seconds watched */ readonly watched?: ArrayLike<number>;
}
/** The same with numbers in place of ids. */
export interface IndexedColumns {
  readonly users: Vocabulary;
  readonly items: Vocabulary;
  readonly user: Int32Array;
  readonly item: Int32Array;
  /** null: the rows are in order of time */ readonly time: Float64Array | null;
  readonly weight?: Float32Array | null;
  /** numbers into `events` */ readonly event?: Uint8Array | null;
  readonly events?: readonly string[];
  readonly watched?: Float32Array | null;
}

/** 2100-01-01: a later time is no time in seconds, most likely one in milliseconds. */
export const LATEST = 4_102_444_800;

export class Interactions {
  readonly users: Vocabulary;
  readonly items: Vocabulary;
  readonly user: Int32Array;
  readonly item: Int32Array;
  /** seconds since 1970, never NaN; where the log has no times (`timed` is false), the place of the row among the rows given */
  readonly time: Float64Array;
  readonly timed: boolean;
  readonly weight: Float32Array | null;
  readonly event: Uint8Array | null;
  /** names of the numbers in `event` */
  readonly events: readonly string[];
  /** seconds watched */
  readonly watched: Float32Array | null;
  /** user u's rows are `starts[u]` to `starts[u + 1]` - 1; length users + 1 */
  readonly starts: Int32Array;
  /** rows that were given after a later row of the same user; they stand in order now */
  readonly disorder: number;
  #counts: Int32Array | null = null;

  /**
   * Sorts and checks. The arrays given belong to the log afterwards.
   * @throws DataError where lengths differ, a number has no id, a time is negative, NaN or beyond the year 2100
   */
  constructor(columns: IndexedColumns) {
    const { users, items, user, item, time, weight = null, event = null, events = [], watched = null } = columns, rows = user.length;
    for (const [name, column] of Object.entries({ item, time, weight, event, watched })) {
      if (column !== null && column.length !== rows) throw new DataError(`The log's column '${name}' has ${column.length} rows, but 'user' has ${rows}.`);
    }
    checkNumbers('user', user, users.size);
    checkNumbers('item', item, items.size);
    if (time !== null) checkTimes(time);
    const { starts, order, disorder } = sortByUserAndTime(user, time, users.size);
    const take = <A extends Int32Array | Float64Array | Float32Array | Uint8Array>(from: A): A => {
      if (order === null) return from;
      const to = from.slice() as A;
      for (let row = 0; row < order.length; row++) to[row] = from[order[row] as number] as number;
      return to;
    };
    this.users = users;
    this.items = items;
    this.timed = time !== null;
    this.user = take(user);
    this.item = take(item);
    this.time = time !== null ? take(time) : order === null ? Float64Array.from({ length: rows }, (_, row) => row) : Float64Array.from(order);
    this.weight = weight === null ? null : take(weight);
    this.event = event === null ? null : take(event);
    this.events = events;
    this.watched = watched === null ? null : take(watched);
    this.starts = starts;
    this.disorder = disorder;
  }

  /**
   * A log from arrays of ids: `Interactions.from({ user: ['ann', 'bob'], item: ['m1', 'm1'], time: [1700000000, 1700000100] })`.
   * @throws DataError where columns differ in length, an id is empty, or a time is not usable
   */
  static from(columns: LogColumns): Interactions {
    const users = new Vocabulary(), items = new Vocabulary(), events = new Vocabulary();
    for (const [name, column] of Object.entries(columns) as [string, ArrayLike<unknown>][]) if (column.length !== columns.user.length) throw new DataError(`The log's column '${name}' has ${column.length} rows, but 'user' has ${columns.user.length}.`);
    const numbers = (name: string, ids: readonly (string | number)[], vocabulary: Vocabulary): Int32Array => Int32Array.from(ids, (id, row) => {
      if (id === '' || id === null || id === undefined || (typeof id === 'number' && !Number.isFinite(id))) throw new DataError(`Row ${row + 1} of the log has no ${name}. Leave such rows out.`);
      return vocabulary.add(id);
    });
    const event = columns.event === undefined ? null : Uint8Array.from(columns.event, (name) => {
      const known = events.add(name);
      if (known > 255) throw new DataError(`The column 'event' has more than 256 different words ('${name}' is one); it should hold kinds of events, such as 'view' and 'like'.`);
      return known;
    });
    return new Interactions({
      users, items, user: numbers('user', columns.user, users), item: numbers('item', columns.item, items),
      time: columns.time === undefined ? null : Float64Array.from(columns.time),
      weight: columns.weight === undefined ? null : Float32Array.from(columns.weight),
      event, events: events.ids,
      watched: columns.watched === undefined ? null : Float32Array.from(columns.watched),
    });
  }

  /**
   * A log from each user's items, oldest first; times are not known. Users are called '1', '2', … in the order of the lists.
   * @param options items: numbers as of another log; unknown ids are added. users: other names.
   */
  static fromSequences(lists: readonly (readonly (string | number)[])[], options: { readonly items?: Vocabulary; readonly users?: readonly string[] } = {}): Interactions {
    const { users: names } = options, items = options.items?.copy() ?? new Vocabulary();
    if (names !== undefined && names.length !== lists.length) throw new DataError(`There are ${lists.length} lists, but ${names.length} names of users.`);
    const rows = lists.reduce((sum, list) => sum + list.length, 0), user = new Int32Array(rows), item = new Int32Array(rows);
    let row = 0;
    lists.forEach((list, u) => {
      for (const id of list) { user[row] = u; item[row] = items.add(id); row++; }
    });
    return new Interactions({ users: Vocabulary.of(names ?? lists.map((_, u) => u + 1)), items, user, item, time: null });
  }

  get rows(): number { return this.user.length; }

  /** The past of the user with this number; views into the columns. */
  history(user: number): History {
    const from = this.starts[user], to = this.starts[user + 1];
    if (from === undefined || to === undefined) throw new ValueError(`The log has ${this.users.size} users, so their numbers are 0 to ${this.users.size - 1}, not ${user}.`);
    return { items: this.item.subarray(from, to), times: this.timed ? this.time.subarray(from, to) : null, user };
  }
  /** Events of each item. */
  get counts(): Int32Array {
    if (this.#counts !== null) return this.#counts;
    const counts = new Int32Array(this.items.size);
    for (const item of this.item) counts[item] = (counts[item] as number) + 1;
    return this.#counts = counts;
  }
  /** First and last time; null where there are no rows or no times. */
  get span(): readonly [first: number, last: number] | null {
    if (!this.timed || this.rows === 0) return null;
    let first = Infinity, last = -Infinity;
    for (const t of this.time) { if (t < first) first = t; if (t > last) last = t; }
    return [first, last];
  }

  /** The rows that `keep` accepts, with the same numbers for users and items. */
  filter(keep: (row: number) => boolean): Interactions {
    const rows: number[] = [];
    for (let row = 0; row < this.rows; row++) if (keep(row)) rows.push(row);
    return this.take(rows);
  }
  /** These rows, with the same numbers for users and items. */
  take(rows: ArrayLike<number>): Interactions {
    const pick = <A extends Int32Array | Float64Array | Float32Array | Uint8Array>(from: A, to: A): A => { for (let i = 0; i < rows.length; i++) to[i] = from[rows[i] as number] as number; return to; };
    const { users, items, weight, event, events, watched } = this, n = rows.length;
    return new Interactions({
      users, items, user: pick(this.user, new Int32Array(n)), item: pick(this.item, new Int32Array(n)), time: this.timed ? pick(this.time, new Float64Array(n)) : null,
      weight: weight === null ? null : pick(weight, new Float32Array(n)), event: event === null ? null : pick(event, new Uint8Array(n)), events, watched: watched === null ? null : pick(watched, new Float32Array(n)),
    });
  }

  /**
   * These rows and then those of `other`, matched by id: what this log knows keeps its number, new users and items get the next ones. A column that one of the two lacks is left out,
   * but times must be known in both or in neither.
   */
  concat(other: Interactions): Interactions {
    if (other.rows === 0 && other.users === this.users && other.items === this.items) return this;
    if (this.rows > 0 && other.rows > 0 && this.timed !== other.timed) throw new DataError(`One of the two logs has times and the other has none (${this.timed ? 'the second' : 'the first'}), so their rows have no common order.`);
    const users = this.users.joined(other.users), items = this.items.joined(other.items);
    const userOf = users === other.users ? null : users.mapping(other.users), itemOf = items === other.items ? null : items.mapping(other.items);
    const rows = this.rows + other.rows, at = this.rows, order = mergedOrder(this, other, userOf, users.size);
    const join = <A extends Int32Array | Float64Array | Float32Array | Uint8Array>(to: A, a: A, b: A, map: ArrayLike<number> | null = null): A => {
      for (let row = 0; row < rows; row++) {
        const from = order[row] as number;
        to[row] = from < at ? (a[from] as number) : map === null ? (b[from - at] as number) : (map[b[from - at] as number] as number);
      }
      return to;
    };
    const events = Vocabulary.of(this.events).joined(Vocabulary.of(other.events)), eventOf = other.events.map((name) => events.index(name));
    return new Interactions({
      users, items, user: join(new Int32Array(rows), this.user, other.user, userOf), item: join(new Int32Array(rows), this.item, other.item, itemOf),
      time: this.timed || (other.timed && at === 0) ? join(new Float64Array(rows), this.time, other.time) : null,
      weight: this.weight === null || other.weight === null ? null : join(new Float32Array(rows), this.weight, other.weight),
      event: this.event === null || other.event === null ? null : join(new Uint8Array(rows), this.event, other.event, eventOf), events: events.ids,
      watched: this.watched === null || other.watched === null ? null : join(new Float32Array(rows), this.watched, other.watched),
    });
  }
}

function checkNumbers(name: string, column: Int32Array, size: number): void {
  for (let row = 0; row < column.length; row++) {
    const n = column[row] as number;
    if (n < 0 || n >= size) throw new DataError(`Row ${row + 1} of the log has the ${name} number ${n}, but there are ${size} ids.`);
  }
}
function checkTimes(time: Float64Array): void {
  for (let row = 0; row < time.length; row++) {
    const t = time[row] as number;
    if (t >= 0 && t <= LATEST) continue;
    const what = Number.isNaN(t) ? 'no time' : t < 0 ? `a negative time (${t})` : `the time ${t}, after the year 2100`;
    throw new DataError(`Row ${row + 1} of the log has ${what}. Times are seconds since 1970${t > LATEST ? '; divide milliseconds by 1,000' : '; leave such rows out, or give no times at all where the rows are in order'}.`);
  }
}
