/** Mean, spread, confidence, and whether two series of runs differ. */
import { ValueError } from '@limelight/core';
import { studentCdf, studentQuantile } from './student.ts';

export const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
/** Of a sample (n - 1); NaN for one value. */
export function deviation(values: readonly number[]): number {
  const m = mean(values);
  return Math.sqrt(values.reduce((sum, v) => sum + (v - m) ** 2, 0) / (values.length - 1));
}
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b), half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}

export interface Summary {
  readonly mean: number;
  /** of the sample, n - 1 */ readonly deviation: number;
  /** bounds of the mean at the level of `confidence` (Student's t) */ readonly interval: readonly [low: number, high: number];
  readonly confidence: number;
  readonly values: readonly number[];
}
/**
 * @param confidence default 0.95
 * @param correction factor of the variance of the mean; 1 for independent values. Scores of folds are not independent, see `crossValidate`.
 */
export function summarize(values: readonly number[], confidence = 0.95, correction = 1): Summary {
  if (values.length === 0) throw new ValueError('summarize: there are no values.');
  if (!(confidence > 0 && confidence < 1)) throw new ValueError(`confidence must lie between 0 and 1, not ${confidence}.`);
  const m = mean(values), s = deviation(values), half = values.length < 2 ? Number.NaN : studentQuantile(0.5 + confidence / 2, values.length - 1) * s * Math.sqrt(correction / values.length);
  return { mean: m, deviation: s, interval: [m - half, m + half], confidence, values };
}

export interface PairedTest {
  /** mean of a - b */ readonly difference: number;
  readonly t: number;
  readonly freedom: number;
  /** two-sided: how likely so great a difference is where there is none */ readonly p: number;
  readonly interval: readonly [low: number, high: number];
}
/** Student's paired t-test: a[i] and b[i] come from the same seed or fold. Needs two pairs. */
export function pairedTest(a: readonly number[], b: readonly number[], confidence = 0.95): PairedTest {
  if (a.length !== b.length || a.length < 2) throw new ValueError(`pairedTest: needs two series of equal length and at least two pairs, not ${a.length} and ${b.length}.`);
  const { mean: difference, deviation: s, interval } = summarize(a.map((x, i) => x - (b[i] as number)), confidence), freedom = a.length - 1;
  const t = s === 0 ? (difference === 0 ? 0 : Math.sign(difference) * Infinity) : difference / (s / Math.sqrt(a.length));
  return { difference, t, freedom, p: s === 0 ? (difference === 0 ? 1 : 0) : Math.min(1, 2 * (1 - studentCdf(Math.abs(t), freedom))), interval };
}

/** p-values of several tests made together, raised so that the chance of any false alarm stays at the level (Holm 1979). */
export function holm(ps: readonly number[]): number[] {
  const order = [...ps.keys()].sort((i, j) => (ps[i] as number) - (ps[j] as number)), adjusted = new Array<number>(ps.length).fill(1);
  let most = 0;
  order.forEach((i, rank) => {
    most = Math.max(most, Math.min(1, (ps[i] as number) * (ps.length - rank)));
    adjusted[i] = most;
  });
  return adjusted;
}
