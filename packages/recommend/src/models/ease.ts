/**
 * EASE: an item-item model in closed form (Steck 2019, "Embarrassingly shallow autoencoders for sparse data"). With X the users' items (0 or 1), P = (XᵀX + l2 I)⁻¹; an item i of the history adds
 * B_ij = -P_ij / P_jj to the score of j, and nothing to its own. With a decay, events of the past count less with every later one.
 */
import { ValueError, type JsonValue } from '@limelight/core';
import { invertSymmetric } from '../linear/inverse.ts';
import { bordered } from '../linear/bordered.ts';
import { gramOf, userSets } from '../linear/sets.ts';
import type { History, Interactions } from '../log/interactions.ts';
import type { Contribution } from '../reasons/occlusion.ts';
import { addRow } from './quick.ts';
import { Recommender, type Report } from './recommender.ts';
import type { Change, ModelState } from './types.ts';

export interface EaseOptions {
  /** how strongly weights are drawn to zero; default 500 */ readonly l2?: number;
  /** what is left of an event's weight after each later event, above 0 to 1; default 1: the order of the past does not count */ readonly decay?: number;
  /** share of rows that updates may add before the inverse is made anew; default 0.05. New items get their weights at once. */ readonly refresh?: number;
}

/** 20,000 items: 1.6 GB for the matrix. */
const MOST = 20_000;

export class Ease extends Recommender {
  readonly kind = 'ease';
  readonly options: Required<EaseOptions>;
  /** P, items x items */
  #inverse: Float32Array = new Float32Array(0);
  #solved = 0;

  constructor(options: EaseOptions = {}) {
    super();
    const { l2 = 500, decay = 1, refresh = 0.05 } = options;
    if (!(l2 > 0)) throw new ValueError(`ease: l2 must be a number above 0, not ${l2}.`);
    if (!(decay > 0 && decay <= 1)) throw new ValueError(`ease: decay must be above 0 and at most 1, not ${decay}.`);
    if (!(refresh >= 0)) throw new ValueError(`ease: refresh must be a number of at least 0, not ${refresh}.`);
    this.options = { l2, decay, refresh };
  }

  protected train(log: Interactions): Report {
    const n = log.items.size;
    if (n > MOST) throw new ValueError(`ease: the log has ${n} items, and the model needs a matrix of items x items (${((n * n * 4) / 1e9).toFixed(1)} GB). Up to ${MOST} items fit; use quick() for more.`);
    const gram = gramOf(userSets(log), n);
    for (let i = 0; i < n; i++) gram[i * n + i] = (gram[i * n + i] as number) + this.options.l2;
    invertSymmetric(gram, n);
    this.#inverse = gram;
    this.#solved = log.rows;
    return {};
  }

  score(histories: readonly History[], out: Float32Array): void {
    const n = this.items.size, p = this.#inverse, scales = Float32Array.from({ length: n }, (_, j) => -1 / (p[j * n + j] as number));
    histories.forEach(({ items }, row) => {
      const scores = out.subarray(row * n, (row + 1) * n).fill(0), weights = this.#weights(items);
      for (const [item, weight] of weights) addRow(p, item * n, weight, scores);
      for (let j = 0; j < n; j++) scores[j] = (scores[j] as number) * (scales[j] as number);
      for (const [item, weight] of weights) scores[item] = (scores[item] as number) + weight; // an item adds nothing to its own score
    });
  }
  /** Weight of each different item of the history: that of its last event. */
  #weights(items: Int32Array): Map<number, number> {
    const weights = new Map<number, number>(), { decay } = this.options;
    for (let at = items.length - 1, weight = 1; at >= 0 && weight > 1e-4; at--, weight *= decay) if (!weights.has(items[at] as number)) weights.set(items[at] as number, weight);
    return weights;
  }

  /** Exact, for histories without doubles: what the score loses without the event. */
  override contributions({ items }: History, item: number): Contribution[] {
    const n = this.items.size, p = this.#inverse, weights = this.#weights(items), own = p[item * n + item] as number, { decay } = this.options;
    let older = 0;
    return Array.from(items, (event, index) => {
      const isLast = event === item || items.indexOf(event, index + 1) >= 0, term = isLast ? 0 : -((weights.get(event) ?? 0) * (p[event * n + item] as number)) / own, weight = term - older * (1 / decay - 1);
      older += term;
      return { index, weight };
    });
  }

  protected learn({ after }: Change): Report {
    if (after.rows - this.#solved > this.options.refresh * this.#solved) this.train(after);
    else if (after.items.size > Math.sqrt(this.#inverse.length)) this.#inverse = bordered(this.#inverse, after, this.options.l2);
    return { notes: { rowsSinceSolved: after.rows - this.#solved } };
  }

  protected state(): ModelState { return { settings: { ...this.options, solved: this.#solved }, arrays: { inverse: this.#inverse } }; }
  protected restore({ settings, arrays }: ModelState): void {
    this.#solved = (settings as { solved: number }).solved;
    this.#inverse = arrays['inverse'] as Float32Array;
  }
}

/** Closed-form item-item weights. */
export const ease = (options: EaseOptions = {}): Ease => new Ease(options);
/** @internal */
export const easeFrom = (settings: JsonValue): Ease => new Ease(settings as EaseOptions);
