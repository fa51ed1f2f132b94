/**
 * How far an attribution can be trusted: the score while units are hidden from the most important one on (deletion), and while they are shown in that
 * order (insertion), against random orders of the same units (Petsiuk et al. 2018, RISE). A faithful attribution makes the first curve fall and the
 * second rise sooner than chance.
 */
import { random, ValueError } from '@limelight/core';
import { hiddenScores, type Hiding } from './hidden.ts';
import type { Subject } from './subject.ts';
import type { Work } from './work.ts';

export interface FaithfulnessOptions {
  /** Points of each curve beside the first. Default 20. */
  readonly steps?: number;
  /** Random orders. Default 8. */
  readonly controls?: number;
  /** Of the random orders. Default 0. */
  readonly seed?: number;
}
/** Score against the part of units hidden or shown. */
export interface Curve {
  readonly scores: readonly number[];
  /** Area under the curve, in units of the score. */
  readonly area: number;
  /** Mean of the random orders. */
  readonly control: readonly number[];
  readonly controlArea: number;
}
export interface Faithfulness {
  /** Parts of units, 0 to 1: the places of the curves. */
  readonly fractions: readonly number[];
  readonly deletion: Curve;
  readonly insertion: Curve;
  /** (insertion area - deletion area) / spread of the scores. About 0 for a random order, at most 1. */
  readonly value: number;
  /** The same of random orders: mean and deviation. */
  readonly control: { readonly mean: number; readonly deviation: number; readonly orders: number };
  /** How many of the random orders it beats. */
  readonly beats: number;
}

/** Area under a curve over `places` from 0 to 1, by trapezoids. */
function area(places: readonly number[], scores: readonly number[]): number {
  let sum = 0;
  for (let i = 1; i < places.length; i++) sum += ((places[i] ?? 0) - (places[i - 1] ?? 0)) * ((scores[i] ?? 0) + (scores[i - 1] ?? 0)) * 0.5;
  return sum;
}

/** Curves of one order of units, against random ones. `importance`: one number per unit, the greatest first. */
export async function measureFaithfulness(subject: Subject, importance: ArrayLike<number>, hiding: Hiding, options: FaithfulnessOptions, work: Work, from = 0.5): Promise<Faithfulness> {
  const { count } = hiding.units, { steps = 20, controls = 8, seed = 0 } = options;
  if (!Number.isInteger(steps) || steps < 2 || !Number.isInteger(controls) || controls < 1) throw new ValueError(`faithfulness: steps ${steps} must be at least 2, controls ${controls} at least 1.`);
  const levels = [...new Set(Array.from({ length: steps + 1 }, (_, i) => Math.round((i * count) / steps)))], inner = levels.slice(1, -1);
  const own = Int32Array.from({ length: count }, (_, i) => i).sort((a, b) => (importance[b] ?? 0) - (importance[a] ?? 0) || a - b);
  const orders = [own, ...Array.from({ length: controls }, (_, i) => random.permutation(count, seed * 1009 + i).dataSync())];
  // rows: all shown, all hidden, then for each order the inner levels of deletion and of insertion
  const keep = new Uint8Array(count * (2 + orders.length * 2 * inner.length));
  keep.fill(1, 0, count);
  orders.forEach((order, o) => {
    inner.forEach((level, i) => {
      const deleted = (2 + o * 2 * inner.length + i) * count, inserted = deleted + inner.length * count;
      keep.fill(1, deleted, deleted + count);
      for (let k = 0; k < level; k++) { keep[deleted + (order[k] ?? 0)] = 0; keep[inserted + (order[k] ?? 0)] = 1; }
    });
  });
  const scores = await hiddenScores(subject, keep, hiding, work, from, 1), [shown = 0, hidden = 0] = scores, places = levels.map((level) => level / count);
  const curve = (order: number, insertion: boolean): number[] => {
    const start = 2 + (order * 2 + Number(insertion)) * inner.length, middle = [...scores.subarray(start, start + inner.length)];
    return insertion ? [hidden, ...middle, shown] : [shown, ...middle, hidden];
  };
  const range = Math.max(Math.abs(shown - hidden), spreadOf(scores), 1e-12);
  const values = orders.map((_, o) => (area(places, curve(o, true)) - area(places, curve(o, false))) / range), [value = 0, ...chance] = values;
  const mean = chance.reduce((s, v) => s + v, 0) / controls;
  const both = (insertion: boolean): Curve => {
    const ours = curve(0, insertion), others = chance.map((_, o) => curve(o + 1, insertion)), control = places.map((_, i) => others.reduce((s, c) => s + (c[i] ?? 0), 0) / controls);
    return { scores: ours, area: area(places, ours), control, controlArea: area(places, control) };
  };
  return {
    fractions: places, deletion: both(false), insertion: both(true), value,
    control: { mean, deviation: Math.sqrt(chance.reduce((s, v) => s + (v - mean) ** 2, 0) / Math.max(1, controls - 1)), orders: controls },
    beats: chance.filter((v) => v < value).length,
  };
}
function spreadOf(scores: Float64Array): number {
  let low = Infinity, high = -Infinity;
  for (const s of scores) { low = Math.min(low, s); high = Math.max(high, s); }
  return high - low;
}
