/**
 * What a step learns from: windows of histories, in batches of like length. Each event of a window is told what comes next, so a window of n + 1 events is n lessons. Lengths are rounded
 * up to few sizes, because each size is a compiled program of its own; windows of one size make a batch, so little of it is padding. Item i stands as i + 1; 0 is padding, at the end,
 * where causal attention never looks.
 */
import type { Random } from '../../base/random.ts';
import type { Interactions } from '../../log/interactions.ts';

export interface Batch { readonly rows: number; readonly length: number; /** rows x length */ readonly ids: Int32Array; /** what follows each; 0: nothing */ readonly next: Int32Array }

/** Lengths of windows: from 16, by halves and thirds, to `longest`. */
export function sizes(longest: number): number[] {
  const list: number[] = [];
  for (let n = 16; n < longest; n *= 2) { list.push(n); if (n >= 32 && 1.5 * n < longest) list.push(1.5 * n); }
  return [...list, longest];
}
export const sizeFor = (list: readonly number[], n: number): number => list.find((size) => n <= size) ?? (list.at(-1) as number);

/**
 * One epoch: a window of each of `users`, in random order. Of a history that is longer than a window, its end half of the time, else a random part: ends are what will be asked for, and
 * parts are what would be lost.
 */
export function epochOf(log: Interactions, users: ArrayLike<number>, options: { readonly length: number; readonly batchEvents: number; readonly random: Random; readonly ends?: boolean }): Batch[] {
  const { length, batchEvents, random, ends = false } = options, known = sizes(length), groups = new Map<number, (readonly [from: number, to: number])[]>(known.map((size) => [size, []]));
  for (let i = 0; i < users.length; i++) {
    const user = users[i] as number, from = log.starts[user] as number, to = log.starts[user + 1] as number, n = Math.min(length + 1, to - from);
    if (n < 2) continue;
    const start = to - from <= length + 1 || ends || random.uniform() < 0.5 ? to - n : from + random.below(to - from - n + 1);
    groups.get(sizeFor(known, n - 1))?.push([start, start + n]);
  }
  const batches: Batch[] = [];
  for (const [size, windows] of groups) {
    random.shuffle(windows);
    const rows = Math.max(1, Math.floor(batchEvents / size));
    for (let at = 0; at < windows.length; at += rows) batches.push(batchOf(log, windows.slice(at, at + rows), rows, size));
  }
  return random.shuffle(batches);
}

/** Always `rows` rows, the last ones empty where windows are missing: another number of rows would be another program. */
function batchOf(log: Interactions, windows: readonly (readonly [from: number, to: number])[], rows: number, length: number): Batch {
  const ids = new Int32Array(rows * length), next = new Int32Array(rows * length);
  windows.forEach(([from, to], row) => {
    for (let i = from; i + 1 < to; i++) {
      ids[row * length + i - from] = (log.item[i] as number) + 1;
      next[row * length + i - from] = (log.item[i + 1] as number) + 1;
    }
  });
  return { rows, length, ids, next };
}
