/** How sure a mean over users is: the percentile bootstrap (Efron 1979). Users are drawn with replacement, 1,000 times, from one seed, so the same figures give the same interval. */
import { ValueError } from '@limelight/core';
import { Random } from '../base/random.ts';

export interface BootstrapOptions {
  /** default 0.95 */ readonly confidence?: number;
  /** default 1,000 */ readonly draws?: number;
  /** default 0 */ readonly seed?: number;
}

/** Means of `draws` samples of the users, sorted. NaN (a user for whom the figure does not exist) is left out. */
export function bootstrapMeans(values: ArrayLike<number>, options: BootstrapOptions = {}): Float64Array {
  const { draws = 1000, seed = 0 } = options, random = new Random(seed), usable = Float64Array.from(Array.from(values).filter((value) => !Number.isNaN(value))), n = usable.length;
  if (!Number.isInteger(draws) || draws < 1) throw new ValueError(`bootstrap: draws must be a whole number of at least 1, not ${draws}.`);
  if (n === 0) throw new ValueError('bootstrap: there are no values.');
  return Float64Array.from({ length: draws }, () => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += usable[random.below(n)] as number;
    return sum / n;
  }).sort();
}

/** Bounds between which the mean lies with the given confidence. */
export function bootstrapInterval(values: ArrayLike<number>, options: BootstrapOptions = {}): readonly [low: number, high: number] {
  const { confidence = 0.95 } = options;
  if (!(confidence > 0 && confidence < 1)) throw new ValueError(`bootstrap: confidence must lie between 0 and 1, not ${confidence}.`);
  const means = bootstrapMeans(values, options), tail = (1 - confidence) / 2, last = means.length - 1;
  return [means[Math.floor(tail * last)] as number, means[Math.ceil((1 - tail) * last)] as number];
}
