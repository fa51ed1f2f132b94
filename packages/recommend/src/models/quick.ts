/**
 * The 30-second model: a linear model of the whole past, which fades with every event, and the Markov chain of the last one. No epochs, no random numbers, one inverse of a matrix.
 *
 * score = Bᵀ s + chain * P(next | last), with s the decayed past and B from `sequenceWeights`. B exists for the items watched most (at most `dense`); the others are reached by the chain. So a
 * catalogue of 100,000 items needs no matrix of that size.
 */
import { ValueError, type JsonValue } from '@limelight/core';
import { sequenceWeights, windowOf } from '../linear/sequenceWeights.ts';
import { transitionsOf, updatedTransitions } from '../linear/transitions.ts';
import type { History, Interactions } from '../log/interactions.ts';
import { topK } from '../rank/topK.ts';
import type { Contribution } from '../reasons/occlusion.ts';
import { Chain } from './markov.ts';
import { Recommender, type Report } from './recommender.ts';
import type { Change, ModelState } from './types.ts';

export interface QuickOptions {
  /** what is left of an event's weight after each later event, 0 to 1; default 0.9 */ readonly decay?: number;
  /** how strongly weights are drawn to zero; default 200. More for small logs. */ readonly l2?: number;
  /** weight of the Markov chain; default 0.3 */ readonly chain?: number;
  /** items with weights of their own, the most watched; default 4,096. Memory and time grow with its square and its cube. */ readonly dense?: number;
  /** share of rows that updates may add before the weights are solved anew; default 0.05. The chain's counts are exact after every update. */ readonly refresh?: number;
}

const SMOOTHING = 0.01;

export class Quick extends Recommender {
  readonly kind = 'quick';
  readonly options: Required<QuickOptions>;
  #weights: Float32Array = new Float32Array(0);
  /** item numbers of the dense items, ascending */
  #dense: Int32Array = new Int32Array(0);
  /** dense number of each item, -1 */
  #place: Int32Array = new Int32Array(0);
  #chain: Chain | null = null;
  /** rows that the weights were solved from */
  #solved = 0;

  constructor(options: QuickOptions = {}) {
    super();
    const { decay = 0.9, l2 = 200, chain = 0.3, dense = 4096, refresh = 0.05 } = options;
    if (!(decay >= 0 && decay < 1)) throw new ValueError(`quick: decay must be at least 0 and below 1, not ${decay}.`);
    for (const [name, value] of Object.entries({ l2, dense })) if (!(value > 0)) throw new ValueError(`quick: ${name} must be a number above 0, not ${value}.`);
    for (const [name, value] of Object.entries({ chain, refresh })) if (!(value >= 0)) throw new ValueError(`quick: ${name} must be a number of at least 0, not ${value}.`);
    this.options = { decay, l2, chain, dense: Math.floor(dense), refresh };
  }

  protected train(log: Interactions): Report {
    this.#solve(log);
    this.#chain = new Chain(transitionsOf(log), log.counts, SMOOTHING);
    return { notes: { denseItems: this.#dense.length } };
  }
  #solve(log: Interactions): void {
    const { decay, l2, dense } = this.options;
    this.#setDense(topK(Float32Array.from(log.counts, (n) => (n === 0 ? -Infinity : n)), dense).slice().sort(), log.items.size);
    this.#weights = sequenceWeights(log, this.#place, this.#dense.length, decay, l2);
    this.#solved = log.rows;
  }
  #setDense(dense: Int32Array, items: number): void {
    this.#dense = dense;
    this.#place = new Int32Array(items).fill(-1);
    dense.forEach((item, i) => { this.#place[item] = i; });
  }
  get #fitted(): Chain { void this.log; return this.#chain as Chain; }

  score(histories: readonly History[], out: Float32Array): void {
    const { decay, chain } = this.options, own = this.#fitted, items = this.items.size, n = this.#dense.length, weights = this.#weights, sums = new Float32Array(n), window = windowOf(decay), rows: number[] = new Array<number>(window + 1).fill(0), shares = new Float64Array(window + 1);
    histories.forEach((history, row) => {
      const last = history.items.length - 1, scores = out.subarray(row * items, (row + 1) * items).fill(0);
      sums.fill(0);
      let weight = 1, count = 0;
      for (let at = last; at >= 0 && last - at <= window; at--, weight *= decay) {
        const i = this.#place[history.items[at] as number] as number;
        if (i < 0) continue;
        rows[count] = i * n;
        shares[count++] = weight;
      }
      addRows(weights, rows, shares, count, sums);
      scatter(sums, this.#dense, scores);
      own.add(history.items[last] as number, chain, scores);
    });
  }

  /** Exact: what the score loses without the event. Older events then count as one event younger, which the linear part takes into account. */
  override contributions({ items }: History, item: number): Contribution[] {
    const { decay, chain } = this.options, own = this.#fitted, n = this.#dense.length, j = this.#place[item] as number, last = items.length - 1, window = windowOf(decay);
    let older = 0;
    return Array.from(items, (event, index) => {
      const i = this.#place[event] as number, age = last - index, term = i >= 0 && j >= 0 && age <= window ? decay ** age * (this.#weights[i * n + j] as number) : 0;
      let weight = term - (decay === 0 ? 0 : older * (1 / decay - 1));
      if (index === last) weight += chain * (own.get(event, item) - (last > 0 ? own.get(items[last - 1] as number, item) : 0));
      older += term;
      return { index, weight };
    });
  }

  protected learn({ before, after, touched }: Change): Report {
    this.#chain = new Chain(updatedTransitions(this.#fitted.counts, before, after, touched), after.counts, SMOOTHING);
    const pending = after.rows - this.#solved;
    if (pending > this.options.refresh * this.#solved) this.#solve(after);
    else this.#setDense(this.#dense, after.items.size);
    return { notes: { rowsSinceSolved: after.rows - this.#solved } };
  }

  protected state(): ModelState { return { settings: { ...this.options, solved: this.#solved }, arrays: { weights: this.#weights, dense: this.#dense, ...this.#fitted.arrays() } }; }
  protected restore({ settings, arrays }: ModelState): void {
    this.#solved = (settings as { solved: number }).solved;
    this.#weights = arrays['weights'] as Float32Array;
    this.#setDense(arrays['dense'] as Int32Array, this.items.size);
    this.#chain = Chain.of(arrays, this.counts, SMOOTHING);
  }
}

/** sums += weight * row; a function of its own, so that it is compiled early. */
export function addRow(matrix: Float32Array, at: number, weight: number, sums: Float32Array): void {
  for (let j = 0; j < sums.length; j++) sums[j] = (sums[j] as number) + weight * (matrix[at + j] as number);
}

/** Adds `count` rows, four in one pass: the sums are read and written a quarter as often. */
function addRows(matrix: Float32Array, rows: readonly number[], weights: Float64Array, count: number, sums: Float32Array): void {
  let r = 0;
  for (; r + 4 <= count; r += 4) {
    const a = rows[r] as number, b = rows[r + 1] as number, c = rows[r + 2] as number, d = rows[r + 3] as number;
    const wa = weights[r] as number, wb = weights[r + 1] as number, wc = weights[r + 2] as number, wd = weights[r + 3] as number;
    for (let j = 0; j < sums.length; j++) {
      sums[j] = (sums[j] as number) + wa * (matrix[a + j] as number) + wb * (matrix[b + j] as number) + wc * (matrix[c + j] as number) + wd * (matrix[d + j] as number);
    }
  }
  for (; r < count; r++) addRow(matrix, rows[r] as number, weights[r] as number, sums);
}

function scatter(sums: Float32Array, dense: Int32Array, scores: Float32Array): void {
  for (let d = 0; d < dense.length; d++) scores[dense[d] as number] = sums[d] as number;
}

/** The 30-second model. */
export const quick = (options: QuickOptions = {}): Quick => new Quick(options);
/** @internal */
export const quickFrom = (settings: JsonValue): Quick => new Quick(settings as QuickOptions);
