/**
 * Item nearest neighbours: items that the same users have, by cosine: sim(i, j) = users of both / sqrt(users of i * users of j) (Sarwar et al. 2001). Each item keeps its nearest neighbours; an
 * item's score is the sum of its similarities to the items of the history.
 */
import { ValueError, type JsonValue } from '@limelight/core';
import { SparseRows } from '../linear/sparseRows.ts';
import { userSets } from '../linear/sets.ts';
import { transpose } from '../linear/transpose.ts';
import type { History, Interactions } from '../log/interactions.ts';
import { topK } from '../rank/topK.ts';
import type { Contribution } from '../reasons/occlusion.ts';
import { Recommender, type Report } from './recommender.ts';
import type { Change, ModelState, Recommendation } from './types.ts';

export interface ItemKnnOptions {
  /** neighbours that each item keeps; default 200 */ readonly neighbours?: number;
  /** added to the denominator, so that items with few users are near to none; default 0 */ readonly shrink?: number;
  /** growth of an item's events after which an update finds its neighbours anew; default 0.05 */ readonly refresh?: number;
}

export class ItemKnn extends Recommender {
  readonly kind = 'itemKnn';
  readonly options: Required<ItemKnnOptions>;
  #similar = new SparseRows(new Int32Array(1), new Int32Array(0), new Float32Array(0));
  /** events of each item when its neighbours were found */
  #known: Int32Array = new Int32Array(0);

  constructor(options: ItemKnnOptions = {}) {
    super();
    const { neighbours = 200, shrink = 0, refresh = 0.05 } = options;
    if (!Number.isInteger(neighbours) || neighbours < 1) throw new ValueError(`itemKnn: neighbours must be a whole number of at least 1, not ${neighbours}.`);
    for (const [name, value] of Object.entries({ shrink, refresh })) if (!(value >= 0)) throw new ValueError(`itemKnn: ${name} must be a number of at least 0, not ${value}.`);
    this.options = { neighbours, shrink, refresh };
  }

  protected train(log: Interactions): Report {
    this.#similar = this.#find(log, null);
    this.#known = log.counts.slice();
    return {};
  }
  /** Neighbours of the items that `stale` marks (null: of all); the others keep what they had. */
  #find(log: Interactions, stale: Uint8Array | null): SparseRows {
    const n = log.items.size, sets = userSets(log, false), { starts, rows: users } = transpose(sets.starts, sets.items, n), { neighbours, shrink } = this.options, old = this.#similar;
    const size = (item: number): number => (starts[item + 1] as number) - (starts[item] as number);
    const common = new Float32Array(n), ends = new Int32Array(n + 1), columns: Int32Array[] = [], values: Float32Array[] = [];
    for (let i = 0; i < n; i++) {
      let own: Int32Array, near: Float32Array;
      if (stale !== null && stale[i] === 0) {
        own = old.columns.subarray(old.starts[i], old.starts[i + 1]);
        near = old.values.subarray(old.starts[i], old.starts[i + 1]);
      } else {
        common.fill(0);
        for (let at = starts[i] as number; at < (starts[i + 1] as number); at++) addUser(common, sets.items, sets.starts[users[at] as number] as number, sets.starts[(users[at] as number) + 1] as number);
        common[i] = 0;
        const sizeOfI = size(i);
        for (let j = 0; j < n; j++) { const both = common[j] as number; common[j] = both === 0 ? -Infinity : both / (Math.sqrt(sizeOfI * size(j)) + shrink); }
        own = topK(common, neighbours).slice().sort();
        near = Float32Array.from(own, (j) => common[j] as number);
      }
      columns.push(own);
      values.push(near);
      ends[i + 1] = (ends[i] as number) + own.length;
    }
    const total = ends[n] as number, allColumns = new Int32Array(total), allValues = new Float32Array(total);
    columns.forEach((own, i) => { allColumns.set(own, ends[i]); allValues.set(values[i] as Float32Array, ends[i]); });
    return new SparseRows(ends, allColumns, allValues);
  }

  score(histories: readonly History[], out: Float32Array): void {
    const n = this.items.size, { starts, columns, values } = this.#similar;
    histories.forEach(({ items }, row) => {
      const scores = out.subarray(row * n, (row + 1) * n).fill(0);
      for (const item of new Set(items)) for (let at = starts[item] as number; at < (starts[item + 1] as number); at++) { const j = columns[at] as number; scores[j] = (scores[j] as number) + (values[at] as number); }
    });
  }
  /** Exact: the similarity of each item of the history. Of an item that was watched twice, the last event counts. */
  override contributions({ items }: History, item: number): Contribution[] {
    return Array.from(items, (event, index) => ({ index, weight: items.indexOf(event, index + 1) >= 0 ? 0 : this.#similar.get(event, item) }));
  }
  /** The nearest neighbours; the score is the cosine. */
  override similar(id: string, k = 10): Recommendation[] {
    const item = this.items.index(id);
    if (item < 0) throw new ValueError(`similar: the model does not know the item '${id}'.`);
    const scores = new Float32Array(this.items.size).fill(-Infinity), { starts, columns, values } = this.#similar;
    for (let at = starts[item] as number; at < (starts[item + 1] as number); at++) scores[columns[at] as number] = values[at] as number;
    return Array.from(topK(scores, k), (j) => ({ item: this.items.id(j), score: scores[j] as number }));
  }

  /** Items whose events have grown by more than `refresh`, and new ones, find their neighbours anew. */
  protected learn({ after }: Change): Report {
    const stale = Uint8Array.from(after.counts, (n, item) => (n > (this.#known[item] ?? 0) * (1 + this.options.refresh) ? 1 : 0)), known = after.counts.slice();
    this.#similar = this.#find(after, stale);
    stale.forEach((flag, item) => { if (flag === 0) known[item] = this.#known[item] as number; });
    this.#known = known;
    return { notes: { itemsRenewed: stale.reduce((a, b) => a + b, 0) } };
  }
  protected state(): ModelState { return { settings: { ...this.options }, arrays: { starts: this.#similar.starts, columns: this.#similar.columns, values: this.#similar.values, known: this.#known } }; }
  protected restore({ arrays }: ModelState): void {
    this.#similar = new SparseRows(arrays['starts'] as Int32Array, arrays['columns'] as Int32Array, arrays['values'] as Float32Array);
    this.#known = arrays['known'] as Int32Array;
  }
}

/** sums[items] += 1; a function of its own, so that it is compiled early. */
function addUser(sums: Float32Array, items: Int32Array, from: number, to: number): void {
  for (let at = from; at < to; at++) { const j = items[at] as number; sums[j] = (sums[j] as number) + 1; }
}

/** Items that the same users have. */
export const itemKnn = (options: ItemKnnOptions = {}): ItemKnn => new ItemKnn(options);
/** @internal */
export const itemKnnFrom = (settings: JsonValue): ItemKnn => new ItemKnn(settings as ItemKnnOptions);
