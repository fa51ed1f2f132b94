/**
 * Matrix factorization for Bayesian personalized ranking (Rendle et al. 2009, "BPR: Bayesian personalized ranking from implicit feedback"): what a user watched should score higher than what he or she did not, pair
 * by pair, with negatives drawn uniformly. Plain stochastic gradient descent over typed arrays, one pair at a time.
 *
 * A history is folded in from its items: with the item vectors fixed, the user's part of the objective is convex, and the same descent is run on the history alone, from the mean of all users, with negatives of one
 * fixed seed; the mean of the second half of its steps is the query. So one history always gives one list, whether the log knew the user or not.
 */
import { DataError, ValueError, type JsonValue } from '@limelight/core';
import { Random } from '../base/random.ts';
import { Epochs } from '../factors/epochs.ts';
import { FactorRecommender } from '../factors/factorRecommender.ts';
import { newRowsOf } from '../factors/pairs.ts';
import { grown } from '../factors/vectors.ts';
import type { History, Interactions } from '../log/interactions.ts';
import type { Contribution } from '../reasons/occlusion.ts';
import type { Report } from './recommender.ts';
import type { Change, FitOptions, ModelState } from './types.ts';

export interface BprOptions {
  /** width of the vectors; default 64 */ readonly factors?: number;
  /** size of a step; default 0.05 */ readonly learningRate?: number;
  /** how much a step draws the vectors and biases that it touches to zero; default 0.01 */ readonly regularization?: number;
  /** passes over the log; default 60 */ readonly epochs?: number;
  /** steps by which a history is folded in; default 2,000 */ readonly foldInSteps?: number;
}

const SPREAD = 0.1;

export class Bpr extends FactorRecommender {
  readonly kind = 'bpr';
  readonly options: Required<BprOptions>;
  /** items x (factors + 1): the last number of a row is the item's bias */
  #items: Float32Array = new Float32Array(0);
  /** users x factors; null after loading: made again from the histories when `update` needs them */
  #users: Float32Array | null = null;
  /** mean of the user vectors */
  #mean: Float32Array = new Float32Array(0);

  constructor(options: BprOptions = {}) {
    super();
    const { factors = 64, learningRate = 0.05, regularization = 0.01, epochs = 60, foldInSteps = 2000 } = options;
    for (const [name, value] of Object.entries({ factors, epochs, foldInSteps })) if (!Number.isInteger(value) || value < 1) throw new ValueError(`bpr: ${name} must be a whole number of at least 1, not ${value}.`);
    if (!(learningRate > 0)) throw new ValueError(`bpr: learningRate must be a number above 0, not ${learningRate}.`);
    if (!(regularization >= 0)) throw new ValueError(`bpr: regularization must be a number of at least 0, not ${regularization}.`);
    this.options = { factors, learningRate, regularization, epochs, foldInSteps };
  }
  get width(): number { return this.options.factors + 1; }
  override get similarityWidth(): number { return this.options.factors; }
  get vectors(): Float32Array { return this.#items; }

  protected async train(log: Interactions, options: FitOptions): Promise<Report> {
    const { factors, epochs: passes } = this.options, random = new Random(options.seed ?? 0), epochs = new Epochs(this, options), n = log.items.size;
    const rows = positives(log), seen = sortedSets(log);
    if (rows.length === 0) throw new DataError('bpr: no row of the log has a weight above 0.');
    if (n < 2) throw new DataError('bpr: the log has one item only, so there is nothing to compare it with.');
    const x = Float32Array.from({ length: log.users.size * factors }, () => SPREAD * random.normal()), y = grown(new Float32Array(0), n * this.width, () => SPREAD * random.normal());
    for (let item = 0; item < n; item++) y[item * this.width + factors] = 0;
    for (let pass = 0; pass < passes; pass++) {
      random.shuffle(rows);
      let loss = 0;
      // A breath now and then keeps a server that learns in the background answering.
      for (let from = 0; from < rows.length; from += BREATH) {
        loss += this.#steps(x, y, log, rows.subarray(from, from + BREATH), seen, random);
        await epochs.breathe();
      }
      this.#put(y, x);
      await epochs.done(loss / rows.length);
    }
    return { epochs: epochs.reports };
  }
  #put(items: Float32Array, users: Float32Array): void {
    const { factors } = this.options, sums = new Float64Array(factors), count = users.length / factors;
    for (let at = 0; at < users.length; at++) sums[at % factors] = (sums[at % factors] as number) + (users[at] as number);
    this.#items = items;
    this.#users = users;
    this.#mean = Float32Array.from(sums, (sum) => sum / count);
  }

  /** One step for each of these rows of the log; sum of the losses. */
  #steps(x: Float32Array, y: Float32Array, log: Interactions, rows: Int32Array, seen: Int32Array[], random: Random): number {
    const { factors, learningRate: rate, regularization: reg } = this.options, { width } = this, n = y.length / width;
    let loss = 0;
    for (const row of rows) {
      const user = log.user[row] as number, other = unseen(seen[user] as Int32Array, n, random);
      if (other < 0) continue;
      const u = user * factors, i = (log.item[row] as number) * width, j = other * width;
      let d = (y[i + factors] as number) - (y[j + factors] as number);
      for (let k = 0; k < factors; k++) d += (x[u + k] as number) * ((y[i + k] as number) - (y[j + k] as number));
      const g = 1 / (1 + Math.exp(d));
      loss += d > -30 ? Math.log1p(Math.exp(-d)) : -d;
      for (let k = 0; k < factors; k++) {
        const a = x[u + k] as number, b = y[i + k] as number, c = y[j + k] as number;
        x[u + k] = a + rate * (g * (b - c) - reg * a);
        y[i + k] = b + rate * (g * a - reg * b);
        y[j + k] = c + rate * (-g * a - reg * c);
      }
      y[i + factors] = (y[i + factors] as number) + rate * (g - reg * (y[i + factors] as number));
      y[j + factors] = (y[j + factors] as number) + rate * (-g - reg * (y[j + factors] as number));
    }
    return loss;
  }

  /**
   * The descent for one history. `watch` sees each step: the place of the event, the negative, what of the old vector is left, how far the step goes, and whether the new vector counts for the mean.
   */
  #foldIn(items: Int32Array, watch?: (place: number, negative: number, left: number, step: number, counts: boolean) => void): Float64Array {
    const { factors, learningRate: rate, regularization: reg, foldInSteps } = this.options, { width } = this, y = this.#items, n = y.length / width, x = Float64Array.from(this.#mean), mean = new Float64Array(factors), random = new Random(1), set = Int32Array.from(new Set(items)).sort();
    const whole = Math.ceil(foldInSteps / items.length) * items.length, half = whole >> 1, left = 1 - rate * reg;
    for (let step = 0; step < whole; step++) {
      const place = step % items.length, other = unseen(set, n, random);
      if (other < 0) break;
      const i = (items[place] as number) * width, j = other * width;
      let d = (y[i + factors] as number) - (y[j + factors] as number);
      for (let k = 0; k < factors; k++) d += (x[k] as number) * ((y[i + k] as number) - (y[j + k] as number));
      const go = rate / (1 + Math.exp(d));
      for (let k = 0; k < factors; k++) x[k] = left * (x[k] as number) + go * ((y[i + k] as number) - (y[j + k] as number));
      if (step >= half) for (let k = 0; k < factors; k++) mean[k] = (mean[k] as number) + (x[k] as number) / (whole - half);
      watch?.(place, other, left, go, step >= half);
    }
    return mean;
  }
  query({ items }: History): ArrayLike<number> {
    const query = new Float64Array(this.width);
    query.set(this.#foldIn(items));
    query[this.options.factors] = 1;
    return query;
  }

  /** Exact: the query is the mean user plus the steps that each event made; an event's weight is what its steps add to the item's score. */
  override contributions({ items }: History, item: number): Contribution[] {
    const { factors } = this.options, { width } = this, y = this.#items, now = new Float64Array(items.length), sums = new Float64Array(items.length), products = new Float64Array(y.length / width).fill(Number.NaN);
    const product = (other: number): number => {
      const known = products[other] as number;
      if (!Number.isNaN(known)) return known;
      let sum = 0;
      for (let k = 0; k < factors; k++) sum += (y[other * width + k] as number) * (y[item * width + k] as number);
      return products[other] = sum;
    };
    let counted = 0;
    this.#foldIn(items, (place, negative, left, step, counts) => {
      for (let e = 0; e < now.length; e++) now[e] = left * (now[e] as number);
      now[place] = (now[place] as number) + step * (product(items[place] as number) - product(negative));
      if (!counts) return;
      counted++;
      for (let e = 0; e < now.length; e++) sums[e] = (sums[e] as number) + (now[e] as number);
    });
    return Array.from(sums, (sum, index) => ({ index, weight: counted === 0 ? 0 : sum / counted }));
  }

  /** New users are folded in, new items start small; then the new rows are learnt in as many passes as in `fit`, with as many old rows between them, so that nothing is forgotten. */
  protected async learn(change: Change): Promise<Report> {
    const { factors, epochs: passes } = this.options, { before, after, touched } = change, random = new Random(after.rows, 1), n = after.items.size, { width } = this;
    const y = grown(this.#items, n * width, () => SPREAD * random.normal()), x = grown(this.#users ?? new Float32Array(0), after.users.size * factors, () => 0);
    for (let item = before.items.size; item < n; item++) y[item * width + factors] = lowest(this.#items, width);
    const fold = (user: number): void => { const { items } = after.history(user), old = items.filter((item) => item < before.items.size); x.set(old.length === 0 ? this.#mean : this.#foldIn(old), user * factors); };
    for (let user = this.#users === null ? 0 : before.users.size; user < after.users.size; user++) fold(user);
    const wanted = newRowsOf(change), fresh = rowsOf(after, touched, wanted), seen = sortedSets(after, touched), mixed = new Int32Array(fresh.length * 2);
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < fresh.length; i++) { mixed[i] = fresh[i] as number; mixed[fresh.length + i] = random.below(after.rows); }
      for (const row of mixed) { const user = after.user[row] as number; seen[user] ??= setOf(after, user); }
      random.shuffle(mixed);
      this.#steps(x, y, after, mixed, seen, random);
    }
    this.#put(y, x);
    return { notes: { rowsLearnt: fresh.length } };
  }

  protected state(): ModelState { return { settings: { ...this.options }, arrays: { items: this.#items, mean: this.#mean } }; }
  protected restore({ arrays }: ModelState): void {
    this.#items = arrays['items'] as Float32Array;
    this.#mean = arrays['mean'] as Float32Array;
    this.#users = null;
  }
}

const BREATH = 100_000;
/** Rows with a weight above 0. */
function positives({ rows, weight }: Interactions): Int32Array {
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  return weight === null ? all : all.filter((row) => (weight[row] as number) > 0);
}
const setOf = (log: Interactions, user: number): Int32Array => Int32Array.from(new Set(log.item.subarray(log.starts[user], log.starts[user + 1]))).sort();
/** Each user's items in order, by the user's number; only these users where they are given. */
function sortedSets(log: Interactions, users?: Int32Array): Int32Array[] {
  const sets = new Array<Int32Array>(log.users.size);
  if (users === undefined) for (let u = 0; u < log.users.size; u++) sets[u] = setOf(log, u);
  else for (const u of users) sets[u] = setOf(log, u);
  return sets;
}
/** A random item that is not in the sorted list; -1 where the list is everything. */
function unseen(sorted: Int32Array, n: number, random: Random): number {
  if (sorted.length >= n) return -1;
  for (;;) {
    const item = random.below(n);
    let low = 0, high = sorted.length;
    while (low < high) { const middle = (low + high) >> 1; if ((sorted[middle] as number) < item) low = middle + 1; else high = middle; }
    if (sorted[low] !== item) return item;
  }
}
/** The rows of the touched users that hold their new items. */
function rowsOf(log: Interactions, touched: Int32Array, { user, item }: { readonly user: readonly number[]; readonly item: readonly number[] }): Int32Array {
  const rows: number[] = [];
  let at = 0;
  for (const u of touched) {
    const left = new Map<number, number>();
    for (; at < user.length && user[at] === u; at++) left.set(item[at] as number, (left.get(item[at] as number) ?? 0) + 1);
    for (let row = (log.starts[u + 1] as number) - 1; row >= (log.starts[u] as number); row--) {
      const i = log.item[row] as number, count = left.get(i) ?? 0;
      if (count === 0) continue;
      left.set(i, count - 1);
      if (log.weight === null || (log.weight[row] as number) > 0) rows.push(row);
    }
  }
  return Int32Array.from(rows);
}
/** Lowest bias of the known items: a new item is not popular yet. */
function lowest(items: Float32Array, width: number): number {
  let least = 0;
  for (let at = width - 1; at < items.length; at += width) least = Math.min(least, items[at] as number);
  return least;
}

/** Matrix factorization with the BPR objective. */
export const bpr = (options: BprOptions = {}): Bpr => new Bpr(options);
/** @internal */
export const bprFrom = (settings: JsonValue): Bpr => new Bpr(settings as BprOptions);
