/**
 * Implicit ALS (Hu, Koren and Volinsky 2008, "Collaborative filtering for implicit feedback datasets"): vectors of users and items whose product is near 1 for what was watched and near 0 for the rest,
 * where what was watched counts 1 + alpha · weight. Users and items are solved for in turns, each exactly. A history is folded in by one such solve, so an unseen user is treated as in training.
 */
import { DataError, ValueError, type JsonValue } from '@limelight/core';
import { Random } from '../base/random.ts';
import { Epochs } from '../factors/epochs.ts';
import { FactorRecommender } from '../factors/factorRecommender.ts';
import { newRowsOf, transposed, userPairs, type Pairs } from '../factors/pairs.ts';
import { Solver } from '../factors/solver.ts';
import { grown } from '../factors/vectors.ts';
import type { History, Interactions } from '../log/interactions.ts';
import type { Contribution } from '../reasons/occlusion.ts';
import type { Report } from './recommender.ts';
import type { Change, FitOptions, FitReport, ModelState } from './types.ts';

export interface AlsOptions {
  /** width of the vectors; default 64 */ readonly factors?: number;
  /** how much more an event of weight 1 counts than its absence; default 10 */ readonly alpha?: number;
  /** λ, draws vectors to zero; default 10 */ readonly regularization?: number;
  /** rounds over users and items; default 15 */ readonly iterations?: number;
}
/** Options of `als().fit`. */
export interface AlsFitOptions extends FitOptions {
  /** items x factors: the first item vectors, to repeat what another program did; default: normal numbers of deviation 0.1 from the seed */ readonly initial?: Float32Array;
}

export class Als extends FactorRecommender {
  readonly kind = 'als';
  readonly options: Required<AlsOptions>;
  #items: Float32Array = new Float32Array(0);
  /** users x width, as of the last round; null after loading: made again from the histories when `update` needs them */
  #users: Float32Array | null = null;
  /** mean weight of the log's events: what an event of a history counts */
  #unit = 1;
  #solver: Solver;

  constructor(options: AlsOptions = {}) {
    super();
    const { factors = 64, alpha = 10, regularization = 10, iterations = 15 } = options;
    if (!Number.isInteger(factors) || factors < 1) throw new ValueError(`als: factors must be a whole number of at least 1, not ${factors}.`);
    if (!(alpha > 0)) throw new ValueError(`als: alpha must be a number above 0, not ${alpha}.`);
    if (!(regularization > 0)) throw new ValueError(`als: regularization must be a number above 0, not ${regularization}.`);
    if (!Number.isInteger(iterations) || iterations < 1) throw new ValueError(`als: iterations must be a whole number of at least 1, not ${iterations}.`);
    this.options = { factors, alpha, regularization, iterations };
    this.#solver = this.#newSolver();
  }
  #newSolver(): Solver { return new Solver(this.options.factors, this.options.alpha, this.options.regularization); }
  get width(): number { return this.options.factors; }
  get vectors(): Float32Array { return this.#items; }

  /** As every model's `fit`, with the first item vectors besides. */
  override fit(log: Interactions, options: AlsFitOptions = {}): Promise<FitReport> { return super.fit(log, options); }
  protected async train(log: Interactions, options: AlsFitOptions): Promise<Report> {
    const { factors, iterations } = this.options, users = log.users.size, items = log.items.size, byUser = userPairs(log), byItem = transposed(byUser, items), random = new Random(options.seed ?? 0);
    if (byUser.other.length === 0) throw new DataError('als: no row of the log has a weight above 0.');
    if (options.initial !== undefined && options.initial.length !== items * factors) throw new ValueError(`als: initial should hold ${items} x ${factors} numbers, not ${options.initial.length}.`);
    const x = new Float32Array(users * factors), y = options.initial?.slice() ?? Float32Array.from({ length: items * factors }, () => 0.1 * random.normal()), epochs = new Epochs(this, options), work = this.#newSolver();
    this.#unit = unitOf(log);
    for (let round = 0; round < iterations; round++) {
      work.prepare(y);
      solveRows(work, y, byUser, x);
      await epochs.breathe();
      work.prepare(x);
      solveRows(work, x, byItem, y);
      this.#put(y, x);
      await epochs.done(lossOf(this.options, byUser, x, y));
    }
    return { epochs: epochs.reports };
  }
  #put(items: Float32Array, users: Float32Array | null): void {
    this.#items = items;
    this.#users = users;
    this.#solver = this.#newSolver();
    this.#solver.prepare(items);
  }

  /** Different items of a history with their weights: the log's mean weight for each event. */
  #pairsOf({ items }: History): Map<number, number> {
    const pairs = new Map<number, number>();
    for (const item of items) pairs.set(item, (pairs.get(item) ?? 0) + this.#unit);
    return pairs;
  }
  query(history: History): ArrayLike<number> {
    const pairs = this.#pairsOf(history);
    return this.#solver.solve(this.#items, [...pairs.keys()], [...pairs.values()]);
  }

  /** Exact (section 5 of the paper): the score is the sum over the history of c · yᵀ W y', with W the inverse of this history's matrix. Several events of one item share its term. */
  override contributions(history: History, item: number): Contribution[] {
    const { width } = this, y = this.#items, pairs = this.#pairsOf(history), direction = Float64Array.from(y.subarray(item * width, (item + 1) * width));
    this.#solver.factor(y, [...pairs.keys()], [...pairs.values()]);
    this.#solver.apply(direction);
    return Array.from(history.items, (event, index) => {
      const weight = pairs.get(event) ?? 0;
      let sum = 0;
      for (let k = 0; k < width; k++) sum += (direction[k] as number) * (y[event * width + k] as number);
      return { index, weight: (sum * (1 + this.options.alpha * weight) * this.#unit) / weight };
    });
  }

  /** Solves for the users with new rows, then for the items of those rows, then for these users again; the rest stays. */
  protected learn(change: Change): Report {
    const { factors } = this.options, { after, touched } = change, byUser = userPairs(after), byItem = transposed(byUser, after.items.size), changed = Int32Array.from(new Set(newRowsOf(change).item)), work = this.#newSolver();
    const y = grown(this.#items, after.items.size * factors, () => 0), x = grown(this.#users ?? new Float32Array(0), after.users.size * factors, () => 0);
    this.#unit = unitOf(after);
    work.prepare(y);
    solveRows(work, y, byUser, x, this.#users === null ? undefined : touched);
    work.prepare(x);
    solveRows(work, x, byItem, y, changed);
    work.prepare(y);
    solveRows(work, y, byUser, x, touched);
    this.#put(y, x);
    return { notes: { usersSolved: touched.length, itemsSolved: changed.length } };
  }

  protected state(): ModelState { return { settings: { ...this.options, unit: this.#unit }, arrays: { items: this.#items } }; }
  protected restore({ settings, arrays }: ModelState): void {
    this.#unit = (settings as { unit: number }).unit;
    this.#put(arrays['items'] as Float32Array, null);
  }
}

/** Mean of the weights above 0. */
function unitOf({ weight }: Interactions): number {
  if (weight === null) return 1;
  let sum = 0, n = 0;
  for (const w of weight) if (w > 0) { sum += w; n++; }
  return n === 0 ? 1 : sum / n;
}
/** Solves for these rows of `out` (all by default); `work` is prepared with `vectors`. A row without pairs becomes zero. */
function solveRows(work: Solver, vectors: Float32Array, { starts, other, weight }: Pairs, out: Float32Array, rows?: Int32Array): void {
  const solve = (row: number): void => {
    const from = starts[row] as number, to = starts[row + 1] as number;
    if (from === to) out.fill(0, row * work.width, (row + 1) * work.width);
    else out.set(work.solve(vectors, other.subarray(from, to), weight.subarray(from, to)), row * work.width);
  };
  if (rows === undefined) for (let row = 0; row + 1 < starts.length; row++) solve(row);
  else for (const row of rows) solve(row);
}
/** The paper's objective for each pair of the log: Σ over all users and items c (p - x·y)² + λ (Σ|x|² + Σ|y|²). The sum over what was not watched comes from XᵀX and YᵀY. */
function lossOf({ factors, alpha, regularization }: Required<AlsOptions>, { starts, other, weight }: Pairs, x: Float32Array, y: Float32Array): number {
  const products = (v: Float32Array): Float64Array => {
    const sums = new Float64Array(factors * factors);
    for (let at = 0; at < v.length; at += factors) for (let i = 0; i < factors; i++) { const a = v[at + i] as number; for (let j = 0; j < factors; j++) sums[i * factors + j] = (sums[i * factors + j] as number) + a * (v[at + j] as number); }
    return sums;
  };
  const xx = products(x), yy = products(y);
  let sum = 0;
  for (let i = 0; i < xx.length; i++) sum += (xx[i] as number) * (yy[i] as number);
  for (let i = 0; i < factors; i++) sum += regularization * ((xx[i * factors + i] as number) + (yy[i * factors + i] as number));
  for (let u = 0; u + 1 < starts.length; u++) {
    for (let at = starts[u] as number; at < (starts[u + 1] as number); at++) {
      const item = other[at] as number;
      let score = 0;
      for (let k = 0; k < factors; k++) score += (x[u * factors + k] as number) * (y[item * factors + k] as number);
      sum += (1 + alpha * (weight[at] as number)) * (1 - score) ** 2 - score * score;
    }
  }
  return sum / other.length;
}

/** Implicit ALS. */
export const als = (options: AlsOptions = {}): Als => new Als(options);
/** @internal */
export const alsFrom = (settings: JsonValue): Als => new Als(settings as AlsOptions);
