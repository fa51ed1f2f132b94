/**
 * Two towers: one makes a vector of a history, the other one of an item from its number and from what the catalogue says of it. So an item that nobody has watched yet (cold) has its place, near what is like it.
 * `fit(log, { catalogue })` takes the catalogue's items into the model, watched or not; `addItems(catalogue)` brings more of them later, without training.
 */
import { DataError, StateError, ValueError, type JsonValue } from '@limelight/core';
import { Random } from '../../base/random.ts';
import { Epochs } from '../../factors/epochs.ts';
import { FactorRecommender } from '../../factors/factorRecommender.ts';
import type { Catalogue } from '../../log/catalogue.ts';
import { Interactions, type History } from '../../log/interactions.ts';
import { Vocabulary } from '../../log/vocabulary.ts';
import type { Report } from '../recommender.ts';
import type { Change, FitOptions, FitReport, ModelState, UpdateReport } from '../types.ts';
import { examplesOf, pass, type BatchOptions } from './batches.ts';
import { boundsOf, featureTable, type Bounds } from './features.ts';
import { Network } from './network.ts';

export interface TwoTowerOptions {
  /** width of the vectors; default 64 */ readonly width?: number;
  /** passes over the log; default 15 */ readonly epochs?: number;
  /** pairs of a step, each the others' negatives; default 256 */ readonly batchSize?: number;
  /** Adam's rate; default 0.002 */ readonly learningRate?: number;
  /** divides the scores in training; default 0.1. Lower: sharper. */ readonly temperature?: number;
  /** latest events of a history that are looked at; default 50 */ readonly length?: number;
  /** what is left of an event's weight after each later one, in the fading mean; default 0.7 */ readonly decay?: number;
  /** chance that an item's number is left out in a step, so that its features learn to stand alone; default 0.2 */ readonly idDropout?: number;
  /** features of an item at most: attributes, franchise, numbers, words of title and text, in this order; default 16 */ readonly features?: number;
  /** rows of the table into which features are hashed; default 8,192 */ readonly buckets?: number;
}

const UPDATE_EPOCHS = 2, UPDATE_RATE = 0.3;

export class TwoTower extends FactorRecommender {
  readonly kind = 'twoTower';
  readonly options: Required<TwoTowerOptions>;
  #network: Network | null = null;
  #vectors: Float32Array = new Float32Array(0);
  #table: Int32Array = new Int32Array(0);
  #bounds: Bounds = {};
  #seed = 0;
  /** what `fit` and `addItems` hand to `train` and `learn` */
  #catalogue: Catalogue | null = null;

  constructor(options: TwoTowerOptions = {}) {
    super();
    const { width = 64, epochs = 15, batchSize = 256, learningRate = 0.002, temperature = 0.1, length = 50, decay = 0.7, idDropout = 0.2, features = 16, buckets = 8192 } = options;
    for (const [name, value] of Object.entries({ width, epochs, batchSize, length, features, buckets })) if (!Number.isInteger(value) || value < 1) throw new ValueError(`twoTower: ${name} must be a whole number of at least 1, not ${value}.`);
    for (const [name, value] of Object.entries({ learningRate, temperature })) if (!(value > 0)) throw new ValueError(`twoTower: ${name} must be a number above 0, not ${value}.`);
    if (!(decay > 0 && decay <= 1)) throw new ValueError(`twoTower: decay must be above 0 and at most 1, not ${decay}.`);
    if (!(idDropout >= 0 && idDropout < 1)) throw new ValueError(`twoTower: idDropout must be from 0 to below 1, not ${idDropout}.`);
    this.options = { width, epochs, batchSize, learningRate, temperature, length, decay, idDropout, features, buckets };
  }
  get width(): number { return this.options.width; }
  get vectors(): Float32Array { return this.#vectors; }
  get #net(): Network {
    if (this.#network === null) throw new StateError('This twoTower model has learnt nothing yet. Call fit(log), or load a saved one.');
    return this.#network;
  }

  /** As every model's `fit`; the items of the catalogue become items of the model, also those that the log lacks. */
  override fit(log: Interactions, options: FitOptions = {}): Promise<FitReport> {
    const { catalogue = null } = options;
    this.#catalogue = catalogue;
    return super.fit(catalogue === null ? log : withItems(log, catalogue), options);
  }
  /** Items that came out since: they can be recommended at once, by what the catalogue says of them. Items that are known take their new description. */
  async addItems(catalogue: Catalogue): Promise<UpdateReport> {
    this.#catalogue = catalogue;
    try {
      return await this.update(new Interactions({ users: new Vocabulary(), items: Vocabulary.of(catalogue.ids), user: new Int32Array(0), item: new Int32Array(0), time: this.log.timed ? new Float64Array(0) : null }));
    } finally {
      this.#catalogue = null;
    }
  }

  protected async train(log: Interactions, options: FitOptions): Promise<Report> {
    const { epochs: passes, learningRate, features, buckets } = this.options, { seed = 0 } = options, examples = examplesOf(log), epochs = new Epochs(this, options), catalogue = this.#catalogue;
    this.#catalogue = null;
    if (examples.length === 0) throw new DataError('twoTower: no user of the log has two events, so nothing comes after anything.');
    this.#seed = seed;
    this.#bounds = catalogue === null ? {} : boundsOf(catalogue);
    this.#table = featureTable(log.items, catalogue, this.#bounds, features, buckets);
    const network = this.#network = new Network(log.items.size, { width: this.width, features, buckets, temperature: this.options.temperature }, seed);
    for (let epoch = 0; epoch < passes; epoch++) {
      // The rate falls to a tenth along a line, so that the last passes settle.
      const loss = await this.#pass(network, log, examples, new Random(seed, 10 + epoch), learningRate * (1 - (0.9 * epoch) / passes), () => epochs.breathe());
      this.#refresh(log.counts);
      await epochs.done(loss);
    }
    return { epochs: epochs.reports, notes: { features: this.#table.reduce((n, f) => n + (f === 0 ? 0 : 1), 0), coldItems: log.counts.reduce((n, count) => n + (count === 0 ? 1 : 0), 0) } };
  }
  /** One pass; mean loss. */
  async #pass(network: Network, log: Interactions, examples: Int32Array, random: Random, rate: number, breathe: () => Promise<void>): Promise<number> {
    const { batchSize, length, decay, idDropout, features } = this.options, { counts } = log, size: BatchOptions = { batch: batchSize, places: Math.min(log.items.size, Math.max(2048, 4 * batchSize)), length, decay };
    let sum = 0, steps = 0;
    for (const batch of pass(log, examples, size, random)) {
      const own = Float32Array.from(batch.ids, (id) => ((counts[id] as number) > 0 && !(random.uniform() < idDropout) ? 1 : 0)), kinds = new Int32Array(batch.ids.length * features);
      batch.ids.forEach((id, place) => { for (let f = 0; f < features; f++) kinds[place * features + f] = this.#table[id * features + f] as number; });
      sum += network.step(batch, own, kinds, Float32Array.from(batch.item, (id) => Math.log((counts[id] as number) / log.rows)), rate);
      steps++;
      await breathe();
    }
    return sum / Math.max(1, steps);
  }
  #refresh(counts: Int32Array): void { this.#vectors = this.#net.vectors(this.#table, Float32Array.from(counts, (count) => (count > 0 ? 1 : 0))); }

  query({ items }: History): ArrayLike<number> {
    const { width, length, decay } = this.options, v = this.#vectors, both = new Float32Array(2 * width), first = Math.max(0, items.length - length), count = items.length - first;
    let total = 0;
    for (let at = items.length - 1, weight = 1; at >= first; at--, weight *= decay) {
      const from = (items[at] as number) * width;
      for (let k = 0; k < width; k++) {
        both[k] = (both[k] as number) + (v[from + k] as number) / count;
        both[width + k] = (both[width + k] as number) + weight * (v[from + k] as number);
      }
      total += weight;
    }
    for (let k = width; k < 2 * width; k++) both[k] = (both[k] as number) / total;
    return this.#net.query(both);
  }

  /** Warm start: two passes at a lower rate over the events of the users with new rows, and over as many of others, so that nothing is forgotten. */
  protected async learn({ after, touched }: Change): Promise<Report> {
    const old = this.#net, { learningRate, features, buckets } = this.options, random = new Random(this.#seed, after.rows), before = { vectors: this.#vectors, table: this.#table };
    const others = random.shuffle(Array.from({ length: after.users.size }, (_, u) => u)).slice(0, touched.length);
    this.#table = featureTable(after.items, this.#catalogue, this.#bounds, features, buckets, before.table);
    try {
      if (after.items.size > old.items) {
        this.#network = new Network(after.items.size, old.settings, this.#seed);
        this.#network.restore(old.weights());
      }
      const examples = examplesOf(after, [...touched, ...others]);
      if (examples.length > 0) for (let epoch = 0; epoch < UPDATE_EPOCHS; epoch++) await this.#pass(this.#net, after, examples, random, UPDATE_RATE * learningRate, () => Promise.resolve());
      this.#refresh(after.counts);
      return { notes: { pairsLearnt: examples.length } };
    } catch (error) {
      this.#network = old;
      this.#vectors = before.vectors;
      this.#table = before.table;
      throw error;
    }
  }

  protected state(): ModelState {
    return { settings: { ...this.options, bounds: this.#bounds as unknown as JsonValue, seed: this.#seed }, arrays: { features: this.#table, vectors: this.#vectors, ...Object.fromEntries(this.#net.weights().map((array, i) => [`weight.${i}`, array])) } };
  }
  protected restore({ settings, arrays }: ModelState): void {
    const { bounds, seed } = settings as unknown as { bounds: Bounds; seed: number }, { features, buckets, temperature } = this.options;
    this.#bounds = bounds;
    this.#seed = seed;
    this.#table = arrays['features'] as Int32Array;
    this.#vectors = arrays['vectors'] as Float32Array;
    this.#network = new Network(this.items.size, { width: this.width, features, buckets, temperature }, seed);
    this.#network.restore(Object.keys(arrays).filter((name) => name.startsWith('weight.')).map((_, i) => arrays[`weight.${i}`] ?? new Float32Array(0)));
  }
}

/** The log with the catalogue's items in its vocabulary; its own keep their numbers. */
function withItems(log: Interactions, catalogue: Catalogue): Interactions {
  const items = log.items.joined(Vocabulary.of(catalogue.ids));
  return items === log.items ? log : new Interactions({ users: log.users, items, user: log.user, item: log.item, time: log.timed ? log.time : null, weight: log.weight, event: log.event, events: log.events, watched: log.watched });
}

/** Two towers, one for histories and one for items with what the catalogue says of them. */
export const twoTower = (options: TwoTowerOptions = {}): TwoTower => new TwoTower(options);
/** @internal */
export const twoTowerFrom = (settings: JsonValue): TwoTower => new TwoTower(Object.fromEntries(Object.entries(settings as Record<string, JsonValue>).filter(([name]) => name !== 'seed' && name !== 'bounds')) as TwoTowerOptions);
