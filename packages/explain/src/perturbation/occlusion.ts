/** Occlusion (Zeiler, Fergus 2014): how much the score falls when a window of the input is covered. Needs no gradients. */
import { ValueError, type Model } from '@limelight/core';
import { finish } from '../attribution.ts';
import { hiddenScores } from '../hidden.ts';
import { Subject } from '../subject.ts';
import type { Attribution, AttributionOptions } from '../types.ts';
import { finest } from '../units.ts';
import { Work } from '../work.ts';

export interface OcclusionOptions extends AttributionOptions {
  /** Extents of the window along the axes of places. Default: about a seventh of an image; one column, step (with all its features) or token. */
  readonly window?: number | readonly number[];
  /** Steps between windows. Default: half of the window, at least 1. */
  readonly stride?: number | readonly number[];
}
/** Starts of windows of `extent` along an axis of `length`; the last one ends at its end. */
function starts(length: number, extent: number, stride: number): number[] {
  const all: number[] = [];
  for (let i = 0; i + extent < length; i += stride) all.push(i);
  all.push(Math.max(0, length - extent));
  return all;
}
/**
 * For each place the mean fall of the score over all windows that cover it. A linear model with windows of one place: weight · (input - baseline).
 */
export async function occlusion(model: Model, x: unknown, options: OcclusionOptions = {}): Promise<Attribution> {
  const work = new Work(options), subject = await Subject.of(model, x, options, 'occlusion'), units = finest(subject.kind, subject.shape), { grid } = units;
  const perAxis = (value: number | readonly number[] | undefined, what: string, fallback: (extent: number, axis: number) => number): number[] => {
    const list = value === undefined ? grid.map(fallback) : typeof value === 'number' ? grid.map(() => value) : [...value];
    if (list.length !== grid.length || list.some((n) => !Number.isInteger(n) || n < 1)) throw new ValueError(`occlusion: ${what} ${JSON.stringify(value)} must be a whole number of at least 1, or ${grid.length} of them.`);
    return list;
  };
  const window = perAxis(options.window, 'window', (extent, axis) => (subject.kind === 'image' ? Math.max(1, Math.round(extent / 7)) : subject.kind === 'sequence' && axis === 1 ? extent : 1)).map((n, axis) => Math.min(n, grid[axis] ?? n));
  const stride = perAxis(options.stride, 'stride', (_, axis) => Math.max(1, Math.floor((window[axis] ?? 1) / 2)));
  // windows as lists of units, axis by axis
  let windows: { place: number; members: number[] }[] = [{ place: 0, members: [0] }];
  grid.forEach((extent, axis) => {
    const size = window[axis] ?? 1;
    windows = windows.flatMap(({ members }) => starts(extent, size, stride[axis] ?? 1).map((from) => ({ place: from, members: members.flatMap((m) => Array.from({ length: size }, (_, k) => m * extent + from + k)) })));
  });
  const fillings = subject.baseline(options.baseline, subject.x), keep = new Uint8Array((windows.length + 1) * units.count).fill(1);
  windows.forEach(({ members }, row) => { for (const m of members) keep[(row + 1) * units.count + m] = 0; });
  const scores = await hiddenScores(subject, keep, { units, fillings }, work, 0, 0.5), sums = new Float64Array(units.count), counts = new Float64Array(units.count), whole = scores[0] ?? 0;
  windows.forEach(({ members }, row) => { for (const m of members) { sums[m] = (sums[m] ?? 0) + whole - (scores[row + 1] ?? 0); counts[m] = (counts[m] ?? 0) + 1; } });
  const each = subject.x.size / units.count, values = Float32Array.from(units.of, (u) => (sums[u] ?? 0) / Math.max(1, counts[u] ?? 1) / each);
  return finish(subject, { method: 'occlusion', values, signed: true, details: { window: window.join(' × '), windows: windows.length } }, options, work);
}
