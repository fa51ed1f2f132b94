/**
 * What all models share: they learn from a log, score every item for a history, rank, say why, take in new rows, and are saved in one file. A model of its own gives `train`,
 * `score`, `learn`, `state` and `restore`; the rest follows.
 */
import { AbortedError, DataError, StateError, ValueError } from '@limelight/core';
import { evaluate, type EvaluateOptions } from '../evaluate/evaluate.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import type { EvaluationSet } from '../evaluate/set.ts';
import type { History, Interactions } from '../log/interactions.ts';
import type { Vocabulary } from '../log/vocabulary.ts';
import { select } from '../rank/rules.ts';
import { hide, scoreInto } from '../rank/score.ts';
import { occlusion, type Contribution } from '../reasons/occlusion.ts';
import { packModel, unpackModel, writeModel, type ModelFile, type SaveOptions } from './archive.ts';
import type { Change, FitOptions, FitReport, ModelState, Reason, Recommendation, Request, UpdateReport } from './types.ts';

/** What `train` and `learn` may say besides what the base counts. */
export type Report = Partial<Pick<FitReport, 'epochs' | 'notes'>>;

export abstract class Recommender {
  /** the name under which it is saved and made: 'popularity', 'ease', … */
  abstract readonly kind: string;
  #log: Interactions | null = null;
  /** events of each item, where the file holds no histories */
  #counts: Int32Array | null = null;

  /** Learns from the log. The base has set `log` before. */
  protected abstract train(log: Interactions, options: FitOptions): Promise<Report> | Report;
  /** Fills `out` (histories x items, row by row) with scores; higher is better. Synchronous. No history is empty, no item number is unknown. */
  abstract score(histories: readonly History[], out: Float32Array): void;
  /** Takes in new rows without learning all anew. */
  protected abstract learn(change: Change): Promise<Report> | Report;
  protected abstract state(): ModelState | Promise<ModelState>;
  /** The reverse of `state`. `log` and `items` are there already. */
  protected abstract restore(state: ModelState): void | Promise<void>;

  /** The log that the model knows: that of `fit`, with what `update` added. @throws StateError before */
  get log(): Interactions {
    if (this.#log === null) throw new StateError(`This ${this.kind} model has learnt nothing yet. Call fit(log), or load a saved one.`);
    return this.#log;
  }
  get isFitted(): boolean { return this.#log !== null; }
  get items(): Vocabulary { return this.log.items; }
  get users(): Vocabulary { return this.log.users; }
  /** events of each item */
  get counts(): Int32Array { return this.#counts ?? this.log.counts; }
  /** scores for who has no history: what is popular */
  get cold(): ArrayLike<number> { return this.counts; }

  /**
   * Learns from a log. What the model had learnt before is forgotten; if it fails or is aborted, the model has its old log and must be fitted again.
   * @throws DataError for a log without rows; AbortedError
   */
  async fit(log: Interactions, options: FitOptions = {}): Promise<FitReport> {
    if (log.rows === 0) throw new DataError('fit: the log has no rows.');
    if (options.signal?.aborted === true) throw new AbortedError();
    const started = performance.now(), before = this.#log, counts = this.#counts;
    this.#log = log;
    this.#counts = null;
    try {
      const report = await this.train(log, options);
      return { kind: this.kind, rows: log.rows, users: log.users.size, items: log.items.size, seconds: (performance.now() - started) / 1000, ...report };
    } catch (error) {
      this.#log = before;
      this.#counts = counts;
      throw error;
    }
  }

  /** Takes in new rows: new users and new items appear, and what was learnt stays. @throws StateError before `fit`, or where the model was saved without histories */
  async update(rows: Interactions): Promise<UpdateReport> {
    const started = performance.now(), before = this.log;
    if (this.#counts !== null) throw new StateError(`This ${this.kind} model was saved without histories, so it cannot be updated. Fit it again, or save it with { histories: true }.`);
    const after = before.concat(rows), touched = touchedBy(rows, after);
    this.#log = after;
    try {
      const report = rows.rows === 0 && after === before ? {} : await this.learn({ before, after, touched });
      return { rows: rows.rows, newUsers: after.users.size - before.users.size, newItems: after.items.size - before.items.size, seconds: (performance.now() - started) / 1000, ...(report.notes === undefined ? {} : { notes: report.notes }) };
    } catch (error) {
      this.#log = before;
      throw error;
    }
  }

  /** Does before the first request what it would otherwise wait for: compiles programs and has V8 compile loops. Other work gets its turn in between. Servers call it before a model answers. */
  async warm(): Promise<void> {
    if (this.items.size > 0) for (let run = 0; run < 3; run++) this.recommend({ history: [this.items.id(0)] });
    await Promise.resolve();
  }

  /** The past that a request means, in this model's numbers. */
  historyOf(request: Pick<Request, 'history' | 'times' | 'user'>): History {
    const { history, times, user } = request;
    if (history !== undefined && user !== undefined) throw new ValueError('recommend: give a history or a user, not both.');
    if (history === undefined) {
      const known = user === undefined ? -1 : this.users.index(user);
      if (known < 0) return { items: new Int32Array(0), times: null };
      if (this.#counts !== null) throw new StateError(`This ${this.kind} model was saved without histories, so users have to be given by their history.`);
      return this.log.history(known);
    }
    if (times !== undefined && times.length !== history.length) throw new ValueError(`recommend: there are ${history.length} items in the history, but ${times.length} times.`);
    const items: number[] = [], known: number[] = [];
    history.forEach((id, i) => {
      const item = this.items.index(id);
      if (item < 0) return;
      items.push(item);
      known.push(times?.[i] ?? Number.NaN);
    });
    return { items: Int32Array.from(items), times: times === undefined ? null : Float64Array.from(known) };
  }

  /**
   * The k best items for a history or a user, best first. An unknown user and a history of unknown items get what is popular.
   * @throws ValueError where k is not a whole number of at least 1, or `allow` holds no item of the model
   */
  recommend(request: Request = {}): Recommendation[] {
    const { k = 10, filterSeen = true, allow, deny, rules = {}, reasons = false } = request;
    if (!Number.isInteger(k) || k < 1) throw new ValueError(`recommend: k must be a whole number of at least 1, not ${k}.`);
    const history = this.historyOf(request), { items } = this, scores = new Float32Array(items.size);
    scoreInto(this, [history], scores);
    if (filterSeen) hide(scores, history.items);
    if (deny !== undefined) hide(scores, Array.from(deny, (id) => items.index(id)));
    if (allow !== undefined) {
      const allowed = new Uint8Array(items.size);
      let some = false;
      for (const id of allow) { const item = items.index(id); if (item >= 0) { allowed[item] = 1; some = true; } }
      if (!some) throw new ValueError('recommend: the model knows none of the allowed items.');
      for (let item = 0; item < scores.length; item++) if (allowed[item] === 0) scores[item] = -Infinity;
    }
    const count = reasons === true ? 3 : reasons === false ? 0 : reasons;
    const chosen = select(scores, k, rules, items, this.counts);
    return Array.from(chosen.items, (item, place) => {
      const made = { item: items.id(item), score: scores[item] as number, ...(place >= chosen.items.length - chosen.explored ? { explored: true } : {}) };
      return count > 0 ? { ...made, reasons: this.reasons(history, item, count) } : made;
    });
  }

  /**
   * Which events of the history speak most for an item, strongest first; only those that speak for it. Here by removing one event at a time; models whose score is a sum give its terms.
   * @param count how many at most; default 3
   */
  reasons(history: History, item: number, count = 3): Reason[] {
    return this.contributions(history, item).filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight).slice(0, count).map(({ index, weight }) => ({ item: this.items.id(history.items[index] as number), weight }));
  }
  /** How much of an item's score each event of the history gives, in the order of the history. */
  contributions(history: History, item: number): Contribution[] { return occlusion(this, history, item); }

  /** Items that who watched this one should see next; by default those that the model recommends after this item alone. @throws ValueError for an unknown id */
  similar(id: string, k = 10): Recommendation[] {
    if (this.items.index(id) < 0) throw new ValueError(`similar: the model does not know the item '${id}'.`);
    return this.recommend({ history: [id], k });
  }

  /** Figures on a set, full ranking; see `evaluate`. */
  evaluate(set: EvaluationSet, options: EvaluateOptions = {}): Evaluation { return evaluate(this, set, options); }

  /** Writes the model into one safetensors file: beside it first, then renamed. Returns when it is on the disk. */
  async save(path: string, options: SaveOptions = {}): Promise<void> { writeModel(path, await this.toBytes(options)); }
  async toBytes(options: SaveOptions = {}): Promise<Uint8Array> { return packModel(this.kind, await this.state(), this.log, this.counts, { ...options, histories: (options.histories ?? true) && this.#counts === null }); }
  /** @internal fills a new model from a file; see `loadRecommender` */
  async fill(file: ModelFile): Promise<this> {
    const { log, counts, state } = unpackModel(file);
    this.#log = log;
    this.#counts = counts;
    await this.restore(state);
    return this;
  }
}

/** Users of the new log who have rows among the new ones, in order. */
function touchedBy(rows: Interactions, after: Interactions): Int32Array {
  const numbers = new Set<number>();
  for (let u = 0; u < rows.users.size; u++) if ((rows.starts[u] as number) < (rows.starts[u + 1] as number)) numbers.add(after.users.index(rows.users.id(u)));
  return Int32Array.from(numbers).sort();
}
