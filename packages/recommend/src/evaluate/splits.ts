/**
 * Parts of a log to train and to test on. The default of the kit is one point in time for all users: what lies before it trains, what lies after it tests, as in service.
 * Leave-last-out takes each user's last items, as papers do; there a model sees other users' future (Ji et al. 2023, "A critical study on data leakage in recommender system
 * offline evaluation"), so its figures are higher than a service will see.
 */
import { DataError, ValueError } from '@limelight/core';
import type { History, Interactions } from '../log/interactions.ts';
import type { EvaluationSet } from './set.ts';

export interface Split {
  readonly train: Interactions;
  /** null where none was asked for */ readonly validation: EvaluationSet | null;
  readonly test: EvaluationSet;
}
export interface TimeSplitOptions {
  /** seconds since 1970: what is earlier trains; default: after all but `share` of the rows */ readonly at?: number;
  /** share of the rows that tests, the latest ones; default 0.1 */ readonly share?: number;
  /** share of the rows just before, to choose settings by; default 0.1; false: none */ readonly validation?: number | false;
  /** true: each user's next item alone is the target; default false: all that followed */ readonly next?: boolean;
  /** true: items that the user had watched before may be targets; default false */ readonly repeats?: boolean;
}

/**
 * One point in time for all users. A user without a past before it has an empty history and stays in the test (cold users); an item without events before it stays among the targets.
 * @throws ValueError where the log has no times or the shares leave nothing; DataError where one of the parts is empty
 */
export function splitByTime(log: Interactions, options: TimeSplitOptions = {}): Split {
  const { share = 0.1, validation = 0.1, next = false, repeats = false } = options;
  if (!log.timed) throw new ValueError('splitByTime: the log has no times. Use leaveLastOut, or give the column of the times.');
  if (!(share > 0 && share < 1)) throw new ValueError(`splitByTime: share must lie between 0 and 1, not ${share}.`);
  if (validation !== false && !(validation > 0 && validation < 1 - (options.at === undefined ? share : 0))) throw new ValueError(`splitByTime: validation must be false or a share above 0 that leaves rows to train on, not ${validation}.`);
  const sorted = log.time.slice().sort(), n = sorted.length, quantile = (part: number): number => sorted[Math.min(n - 1, Math.max(0, Math.ceil(n * part)))] ?? 0;
  const at = options.at ?? quantile(1 - share);
  let before = 0;
  while (before < n && (sorted[before] as number) < at) before++;
  const start = validation === false ? at : (sorted[Math.max(0, before - Math.round(n * validation))] ?? at);
  const train = log.filter((row) => (log.time[row] as number) < start);
  if (train.rows === 0) throw new DataError(`splitByTime: no row is earlier than ${new Date(start * 1000).toISOString()}, so there is nothing to train on. Give a later { at } or smaller shares.`);
  const part = (from: number, to: number): EvaluationSet => {
    const histories: History[] = [], targets: Int32Array[] = [];
    for (let u = 0; u < log.users.size; u++) {
      const first = log.starts[u] as number, last = log.starts[u + 1] as number;
      let row = first;
      while (row < last && (log.time[row] as number) < from) row++;
      const past = new Set(repeats ? [] : log.item.subarray(first, row)), chosen = new Set<number>();
      for (let later = row; later < last && (log.time[later] as number) < to && !(next && chosen.size > 0); later++) {
        const item = log.item[later] as number;
        if (!past.has(item)) chosen.add(item);
      }
      if (chosen.size === 0) continue;
      histories.push({ items: log.item.subarray(first, row), times: log.time.subarray(first, row), user: u });
      targets.push(Int32Array.from(chosen));
    }
    if (histories.length === 0) throw new DataError(`splitByTime: nobody has a new item from ${new Date(from * 1000).toISOString()} on. Give an earlier { at } or a larger share.`);
    return { items: log.items, histories, targets, counts: train.counts };
  };
  return { train, validation: validation === false ? null : part(start, at), test: part(at, Infinity) };
}

/**
 * The last item of each user tests, the one before it validates, the rest trains. Users with fewer than three rows (two without validation) only train.
 * @param options validation: default true; false: only the last item is taken out
 * @throws DataError where no user is long enough
 */
export function leaveLastOut(log: Interactions, options: { readonly validation?: boolean } = {}): Split {
  const { validation = true } = options, out = validation ? 2 : 1, rows: number[] = [];
  const long: number[] = [];
  for (let u = 0; u < log.users.size; u++) {
    const from = log.starts[u] as number, to = log.starts[u + 1] as number, test = to - from > out;
    if (test) long.push(u);
    for (let row = from; row < (test ? to - out : to); row++) rows.push(row);
  }
  if (long.length === 0) throw new DataError(`leaveLastOut: no user has more than ${out} rows.`);
  const train = log.take(rows), part = (back: number): EvaluationSet => ({
    items: log.items, counts: train.counts,
    histories: long.map((u) => {
      const from = log.starts[u] as number, to = (log.starts[u + 1] as number) - back;
      return { items: log.item.subarray(from, to), times: log.timed ? log.time.subarray(from, to) : null, user: u };
    }),
    targets: long.map((u) => Int32Array.of(log.item[(log.starts[u + 1] as number) - back] as number)),
  });
  return { train, validation: validation ? part(2) : null, test: part(1) };
}
