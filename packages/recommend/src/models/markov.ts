/**
 * First-order Markov: what was watched right after the last item, by whom it may be. P(next = j | last = i) = (n_ij + smoothing * popularity_j) / (n_i + smoothing), so where nothing is known of
 * an item, what is popular comes first.
 */
import { ValueError, type JsonValue } from '@limelight/core';
import { SparseRows } from '../linear/sparseRows.ts';
import { transitionsOf, updatedTransitions } from '../linear/transitions.ts';
import type { History, Interactions } from '../log/interactions.ts';
import type { Contribution } from '../reasons/occlusion.ts';
import { Recommender, type Report } from './recommender.ts';
import type { Change, ModelState } from './types.ts';

export interface MarkovOptions {
  /** events that the popularity counts for; default 0.01: popularity only orders what is equal otherwise */ readonly smoothing?: number;
}

export class Markov extends Recommender {
  readonly kind = 'markov';
  readonly smoothing: number;
  #chain: Chain | null = null;

  constructor(options: MarkovOptions = {}) {
    super();
    const { smoothing = 0.01 } = options;
    if (!(smoothing > 0)) throw new ValueError(`markov: smoothing must be a number above 0, not ${smoothing}.`);
    this.smoothing = smoothing;
  }
  protected train(log: Interactions): Report {
    this.#chain = new Chain(transitionsOf(log), log.counts, this.smoothing);
    return {};
  }
  get #fitted(): Chain { void this.log; return this.#chain as Chain; }

  score(histories: readonly History[], out: Float32Array): void {
    const chain = this.#fitted, n = this.items.size;
    histories.forEach(({ items }, row) => chain.add(items.at(-1) as number, 1, out.subarray(row * n, (row + 1) * n).fill(0)));
  }
  /** Only the last event counts: by how much the item is likelier after it than after the one before it. */
  override contributions({ items }: History, item: number): Contribution[] {
    const chain = this.#fitted, n = items.length;
    return Array.from(items, (last, index) => ({ index, weight: index < n - 1 ? 0 : chain.get(last, item) - (n > 1 ? chain.get(items[n - 2] as number, item) : chain.share(item)) }));
  }
  protected learn({ before, after, touched }: Change): Report {
    this.#chain = new Chain(updatedTransitions(this.#fitted.counts, before, after, touched), after.counts, this.smoothing);
    return {};
  }
  protected state(): ModelState { return { settings: { smoothing: this.smoothing }, arrays: this.#fitted.arrays() }; }
  protected restore({ arrays }: ModelState): void { this.#chain = Chain.of(arrays, this.counts, this.smoothing); }
}

/** Probabilities of the next item. */
export class Chain {
  readonly counts: SparseRows;
  readonly smoothing: number;
  /** share of all events that each item has */
  readonly #shares: Float32Array;
  readonly #sums: Float64Array;
  constructor(counts: SparseRows, popularity: Int32Array, smoothing: number) {
    const total = Math.max(1, popularity.reduce((a, b) => a + b, 0));
    this.counts = counts;
    this.smoothing = smoothing;
    this.#shares = Float32Array.from(popularity, (n) => n / total);
    this.#sums = Float64Array.from({ length: counts.rows }, (_, row) => counts.rowSum(row));
  }
  share(item: number): number { return this.#shares[item] as number; }
  get(last: number, item: number): number { return (this.counts.get(last, item) + this.smoothing * this.share(item)) / ((this.#sums[last] as number) + this.smoothing); }
  /** Adds factor * P(· | last) to `out`. */
  add(last: number, factor: number, out: Float32Array): void {
    const scale = factor / ((this.#sums[last] as number) + this.smoothing), shares = this.#shares, { starts, columns, values } = this.counts, base = scale * this.smoothing;
    for (let j = 0; j < out.length; j++) out[j] = (out[j] as number) + base * (shares[j] as number);
    for (let at = starts[last] as number; at < (starts[last + 1] as number); at++) { const j = columns[at] as number; out[j] = (out[j] as number) + scale * (values[at] as number); }
  }
  arrays(): { readonly starts: Int32Array; readonly columns: Int32Array; readonly values: Float32Array } { return { starts: this.counts.starts, columns: this.counts.columns, values: this.counts.values }; }
  static of(arrays: ModelState['arrays'], popularity: Int32Array, smoothing: number): Chain {
    return new Chain(new SparseRows(Int32Array.from(arrays['starts'] ?? [0]), Int32Array.from(arrays['columns'] ?? []), Float32Array.from(arrays['values'] ?? [])), popularity, smoothing);
  }
}

/** What was watched right after the last item. */
export const markov = (options: MarkovOptions = {}): Markov => new Markov(options);
/** @internal */
export const markovFrom = (settings: JsonValue): Markov => new Markov(settings as MarkovOptions);
