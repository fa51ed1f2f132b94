/**
 * Splits of samples into parts to train on and parts to test on. Not shuffled, they are scikit-learn's, index by index; shuffled, they have the same properties and follow from the
 * seed. Indices are in rising order.
 */
import { DataError, ValueError } from '@limelight/core';
import { Random } from '../random.ts';

export interface Fold { readonly train: Int32Array; readonly test: Int32Array }
export interface FoldOptions {
  /** default 5 */ readonly folds?: number;
  /** in random order first; default false */ readonly shuffle?: boolean;
  /** of the order; default 0 */ readonly seed?: number;
}
/** What samples are told apart by: class labels or groups. */
export type Keys = ArrayLike<number | string | bigint>;

function checkFolds(who: string, folds: number, samples: number, what = 'samples'): void {
  if (!Number.isInteger(folds) || folds < 2) throw new ValueError(`${who}: folds must be a whole number of at least 2, not ${folds}.`);
  if (folds > samples) throw new DataError(`${who}: ${folds} folds are more than the ${samples} ${what} that there are. Use at most ${samples} folds, or more data.`);
}
const order = (n: number, shuffle: boolean, ...seed: number[]): Int32Array => {
  const indices = Int32Array.from({ length: n }, (_, i) => i);
  return shuffle ? new Random(...seed, 0xf0).shuffle(indices) : indices;
};
/** Folds from the number of the fold in which each sample is tested. */
function byNumber(numbers: Int32Array, folds: number): Fold[] {
  return Array.from({ length: folds }, (_, f) => {
    const train: number[] = [], test: number[] = [];
    numbers.forEach((own, i) => { (own === f ? test : train).push(i); });
    return { train: Int32Array.from(train), test: Int32Array.from(test) };
  });
}
/** Numbers of the keys in the order in which they are first seen, or of their size. */
function encode(keys: Keys, by: 'appearance' | 'size'): { readonly codes: Int32Array; readonly count: number } {
  const known = new Map<number | string | bigint, number>();
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number | string | bigint;
    if (!known.has(key)) known.set(key, known.size);
  }
  if (by === 'size') [...known.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).forEach((key, i) => known.set(key, i));
  return { codes: Int32Array.from(keys as ArrayLike<unknown> as ArrayLike<number>, (key) => known.get(key as number) as number), count: known.size };
}

/** Each sample is tested once; folds differ in size by one at most. */
export function kFold(samples: number, options: FoldOptions = {}): Fold[] {
  const { folds = 5, shuffle = false, seed = 0 } = options;
  checkFolds('kFold', folds, samples);
  const numbers = new Int32Array(samples), indices = order(samples, shuffle, seed);
  for (let f = 0, at = 0; f < folds; f++) for (const end = at + Math.floor(samples / folds) + (f < samples % folds ? 1 : 0); at < end; at++) numbers[indices[at] as number] = f;
  return byNumber(numbers, folds);
}

/** Like `kFold`, with (nearly) the same share of each class in every fold. Throws DataError where every class has fewer samples than there are folds. */
export function stratifiedKFold(labels: Keys, options: FoldOptions = {}): Fold[] {
  const { folds = 5, shuffle = false, seed = 0 } = options, { codes, count } = encode(labels, 'appearance');
  checkFolds('stratifiedKFold', folds, labels.length);
  const sizes = new Int32Array(count);
  for (const c of codes) sizes[c] = (sizes[c] as number) + 1;
  if (sizes.every((n) => n < folds)) throw new DataError(`stratifiedKFold: ${folds} folds are more than any class has samples (${Math.max(...sizes)}). Use at most ${Math.max(...sizes)} folds; are the labels classes?`);
  // Dealt like cards to the folds, class after class.
  const sorted = Int32Array.from(codes).sort(), numbers = new Int32Array(labels.length);
  const share = Array.from({ length: folds }, (_, f) => { const own = new Int32Array(count); for (let i = f; i < sorted.length; i += folds) own[sorted[i] as number] = (own[sorted[i] as number] as number) + 1; return own; });
  for (let c = 0; c < count; c++) {
    const blocks = Int32Array.from(share.flatMap((own, f) => new Array<number>(own[c] as number).fill(f)));
    if (shuffle) new Random(seed, c, 0xf1).shuffle(blocks);
    let next = 0;
    codes.forEach((code, i) => { if (code === c) numbers[i] = blocks[next++] as number; });
  }
  return byNumber(numbers, folds);
}

/** Samples of one group are never both trained on and tested: patients, users, films. Folds have about equally many samples. */
export function groupKFold(groups: Keys, options: FoldOptions = {}): Fold[] {
  const { folds = 5, shuffle = false, seed = 0 } = options, { codes, count } = encode(groups, 'size');
  checkFolds('groupKFold', folds, count, 'groups');
  const foldOf = new Int32Array(count);
  if (shuffle) {
    const mixed = order(count, true, seed);
    for (let f = 0, at = 0; f < folds; f++) for (const end = at + Math.floor(count / folds) + (f < count % folds ? 1 : 0); at < end; at++) foldOf[mixed[at] as number] = f;
  } else {
    const sizes = new Int32Array(count), load = new Int32Array(folds);
    for (const c of codes) sizes[c] = (sizes[c] as number) + 1;
    // The largest group first, into the lightest fold; among equal groups the last by name first, as scikit-learn does.
    for (const g of [...sizes.keys()].sort((a, b) => (sizes[b] as number) - (sizes[a] as number) || b - a)) {
      const lightest = load.indexOf(Math.min(...load));
      load[lightest] = (load[lightest] as number) + (sizes[g] as number);
      foldOf[g] = lightest;
    }
  }
  return byNumber(codes.map((c) => foldOf[c] as number), folds);
}

/** `kFold` (with labels: `stratifiedKFold`) several times over, each time in another random order. */
export function repeatedKFold(samples: number, options: { readonly folds?: number; readonly repeats?: number; readonly seed?: number; readonly labels?: Keys } = {}): Fold[] {
  const { folds = 5, repeats = 10, seed = 0, labels } = options;
  if (!Number.isInteger(repeats) || repeats < 1) throw new ValueError(`repeatedKFold: repeats must be a whole number of at least 1, not ${repeats}.`);
  return Array.from({ length: repeats }, (_, r) => { const one = { folds, shuffle: true, seed: seed * 1_000_003 + r }; return labels === undefined ? kFold(samples, one) : stratifiedKFold(labels, one); }).flat();
}

export interface TimeSeriesOptions {
  /** default 5 */ readonly folds?: number;
  /** samples to test on; default samples / (folds + 1) */ readonly testSize?: number;
  /** samples left out between training and test, so that nothing leaks from neighbours; default 0 */ readonly gap?: number;
  /** train on the newest so many only; default: all before the test */ readonly maxTrainSize?: number;
}
/** Training always lies before the test in time, and grows from fold to fold. Samples must be in the order of time. */
export function timeSeriesSplit(samples: number, options: TimeSeriesOptions = {}): Fold[] {
  const { folds = 5, gap = 0, testSize = Math.floor(samples / (folds + 1)), maxTrainSize } = options;
  checkFolds('timeSeriesSplit', folds, samples - 1, 'samples after the first');
  for (const [name, n, least] of [['gap', gap, 0], ['testSize', testSize, 1], ['maxTrainSize', maxTrainSize ?? 1, 1]] as const) if (!Number.isInteger(n) || n < least) throw new ValueError(`timeSeriesSplit: ${name} must be a whole number of at least ${least}, not ${n}.`);
  if (samples - gap - testSize * folds <= 0) throw new DataError(`timeSeriesSplit: ${folds} folds of ${testSize} samples and a gap of ${gap} leave nothing of ${samples} samples to train on. Use fewer folds, or a smaller testSize or gap.`);
  const range = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, i) => from + i);
  return Array.from({ length: folds }, (_, f) => {
    const start = samples - (folds - f) * testSize, end = start - gap;
    return { train: range(maxTrainSize === undefined ? 0 : Math.max(0, end - maxTrainSize), end), test: range(start, start + testSize) };
  });
}
