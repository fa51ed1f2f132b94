/**
 * Calibration: are things that the model gives 80 % right in 80 of 100 cases? The reliability curve as scikit-learn's `calibration_curve`, the expected
 * and the largest error (Naeini et al. 2015), and the error that chance alone would give.
 */
import { DataError, random, Tensor, ValueError } from '@limelight/core';
import { labelsOf } from '../global/data.ts';

export interface CalibrationOptions {
  /** Default 10. */
  readonly bins?: number;
  /** 'uniform': bins of equal width (default); 'quantile': of equally many samples. */
  readonly strategy?: 'uniform' | 'quantile';
  /** Random draws for the error that a perfectly calibrated model would show. Default 100. */
  readonly controls?: number;
  /** Default 0. */
  readonly seed?: number;
}
export interface CalibrationBin { readonly count: number; /** mean probability */ readonly confidence: number; /** part that was right */ readonly accuracy: number }
export interface Calibration {
  readonly method: 'calibration';
  /** Bins that hold samples, from low to high probability. */
  readonly bins: readonly CalibrationBin[];
  readonly samples: number;
  /** Mean distance of probability and accuracy, weighed by samples (ECE). */
  readonly expectedError: number;
  /** The largest distance of a bin (MCE). */
  readonly largestError: number;
  /** Mean squared error of the probabilities. */
  readonly brier: number;
  /** Expected error of labels drawn from the probabilities themselves: what is left where calibration is perfect. */
  readonly control: { readonly mean: number; readonly deviation: number };
}

/** Rows of probabilities as numbers. */
export function numbersOf(values: unknown, who: string): { readonly data: Float64Array; readonly shape: readonly number[] } {
  if (values instanceof Tensor) return { data: Float64Array.from(values.dataSync()), shape: values.shape };
  if (ArrayBuffer.isView(values)) { const list = values as Float32Array; return { data: Float64Array.from(list), shape: [list.length] }; }
  if (Array.isArray(values)) {
    const rows = values as readonly (number | readonly number[])[], [first] = rows;
    return { data: Float64Array.from(rows.flat()), shape: Array.isArray(first) ? [rows.length, (first as readonly number[]).length] : [rows.length] };
  }
  throw new DataError(`${who}: expected probabilities as arrays or a tensor.`);
}
/** Refuses what cannot be probabilities. */
export function checkProbabilities(data: ArrayLike<number>, classes: number, who: string): void {
  for (let row = 0; row < data.length / classes; row++) {
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const p = data[row * classes + c] ?? 0;
      if (!(p >= -1e-6 && p <= 1 + 1e-6)) throw new DataError(`${who}: sample ${row} has ${p}, which is no probability. The model must end in softmax or sigmoid; logits become probabilities with ops.softmax.`);
      sum += p;
    }
    if (classes > 1 && Math.abs(sum - 1) > 1e-3) throw new DataError(`${who}: the probabilities of sample ${row} add up to ${sum.toFixed(4)}, not 1. The model's output is no distribution over classes.`);
  }
}

/**
 * @param probabilities [samples] of class 1, or [samples, classes]; then the likeliest class of each is judged
 * @param labels [samples], class numbers (0 and 1 for the first form), or one-hot rows
 */
export function calibrationCurve(probabilities: unknown, labels: unknown, options: CalibrationOptions = {}): Calibration {
  const { bins = 10, strategy = 'uniform', controls = 100, seed = 0 } = options, who = 'calibrationCurve';
  if (!Number.isInteger(bins) || bins < 1) throw new ValueError(`${who}: bins ${bins} must be a whole number of at least 1.`);
  if (strategy !== 'uniform' && strategy !== 'quantile') throw new ValueError(`${who}: strategy '${String(strategy)}' must be 'uniform' or 'quantile'.`);
  const { data, shape } = numbersOf(probabilities, who), rows = shape[0] ?? 0, classes = data.length / rows;
  if (rows === 0) throw new DataError(`${who}: there are no samples.`);
  checkProbabilities(data, classes, who);
  const given = labelsOf(labels, rows, who), sure = new Float64Array(rows), right = new Uint8Array(rows);
  for (let r = 0; r < rows; r++) {
    const label = given[r] ?? -1, most = Math.max(classes, 2);
    if (!Number.isInteger(label) || label < 0 || label >= most) throw new DataError(`${who}: label ${label} of sample ${r} is no class; classes are 0 to ${most - 1}.`);
    if (classes === 1) { sure[r] = data[r] ?? 0; right[r] = label; continue; }
    let best = 0;
    for (let c = 1; c < classes; c++) if ((data[r * classes + c] ?? 0) > (data[r * classes + best] ?? 0)) best = c;
    sure[r] = data[r * classes + best] ?? 0;
    right[r] = Number(best === label);
  }
  const edges = edgesOf(sure, bins, strategy), place = Int32Array.from(sure, (p) => edges.findIndex((edge) => p <= edge)).map((b) => (b < 0 ? edges.length : b));
  const list = binsOf(sure, right, place, bins), errors: number[] = [], draws = random.uniform([controls, rows], seed).dataSync();
  for (let c = 0; c < controls; c++) errors.push(errorOf(binsOf(sure, Uint8Array.from(sure, (p, r) => Number((draws[c * rows + r] ?? 0) < p)), place, bins), rows));
  const mean = errors.reduce((s, v) => s + v, 0) / Math.max(1, controls);
  let brier = 0;
  for (let r = 0; r < rows; r++) {
    if (classes === 1) brier += ((data[r] ?? 0) - (given[r] ?? 0)) ** 2 / rows;
    else for (let c = 0; c < classes; c++) brier += ((data[r * classes + c] ?? 0) - Number(c === given[r])) ** 2 / rows;
  }
  return {
    method: 'calibration', bins: list, samples: rows, expectedError: errorOf(list, rows), largestError: Math.max(...list.map((b) => Math.abs(b.accuracy - b.confidence))), brier,
    control: { mean, deviation: Math.sqrt(errors.reduce((s, v) => s + (v - mean) ** 2, 0) / Math.max(1, controls - 1)) },
  };
}
/** The inner edges of the bins; a probability on an edge belongs to the bin below it. */
function edgesOf(sure: Float64Array, bins: number, strategy: 'uniform' | 'quantile'): number[] {
  const inner = Array.from({ length: bins - 1 }, (_, i) => (i + 1) / bins);
  if (strategy === 'uniform') return inner;
  const sorted = sure.toSorted(), n = sorted.length;
  return inner.map((p) => { const at = p * (n - 1), low = Math.floor(at); return (sorted[low] ?? 0) + ((sorted[Math.min(n - 1, low + 1)] ?? 0) - (sorted[low] ?? 0)) * (at - low); });
}
function binsOf(sure: Float64Array, right: Uint8Array, place: Int32Array, bins: number): CalibrationBin[] {
  const count = new Float64Array(bins), confidence = new Float64Array(bins), accuracy = new Float64Array(bins);
  place.forEach((b, r) => { count[b] = (count[b] ?? 0) + 1; confidence[b] = (confidence[b] ?? 0) + (sure[r] ?? 0); accuracy[b] = (accuracy[b] ?? 0) + (right[r] ?? 0); });
  return Array.from(count, (n, b) => ({ count: n, confidence: (confidence[b] ?? 0) / n, accuracy: (accuracy[b] ?? 0) / n })).filter((b) => b.count > 0);
}
const errorOf = (bins: readonly CalibrationBin[], rows: number): number => bins.reduce((s, b) => s + (b.count / rows) * Math.abs(b.accuracy - b.confidence), 0);
