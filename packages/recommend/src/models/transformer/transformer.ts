/**
 * The sequential transformer: what comes next, from the order of what came before (SASRec, with the loss and the training of its later studies). It looks at the last `length` events of a
 * history; users have no numbers of their own, so a new history needs no training.
 *
 * `fit` takes a validation set: figures after each epoch, and the weights of the best epoch stay. `update` trains on a little: the ends of the histories that have new rows, and as many others, so
 * that what was learnt is not forgotten; a new item starts where the items around it stand.
 */
import { StateError, type JsonValue } from '@limelight/core';
import { Random } from '../../base/random.ts';
import { Epochs } from '../../factors/epochs.ts';
import { cosinesTo } from '../../factors/vectors.ts';
import type { History, Interactions } from '../../log/interactions.ts';
import { hide } from '../../rank/score.ts';
import { topK } from '../../rank/topK.ts';
import { Recommender, type Report } from '../recommender.ts';
import type { Change, FitOptions, ModelState, Recommendation } from '../types.ts';
import { Network } from './network.ts';
import { negativesOf, settingsOf, type Settings, type TransformerOptions } from './options.ts';
import { rateOf, trainNetwork, type TrainingOptions } from './training.ts';
import { sizeFor, sizes } from './windows.ts';

/** Histories that are scored together, where there are many. */
const TOGETHER = 32;
const WARM_RUNS = 5;
/** An update: passes, and the rate as a share of the highest one. */
const UPDATE_EPOCHS = 1, UPDATE_RATE = 0.2;

export class Transformer extends Recommender {
  readonly kind = 'transformer';
  readonly settings: Settings;
  readonly #sizes: readonly number[];
  /** a file that keeps the state of `fit` after each epoch: a training that was stopped goes on from it, to the same bits. Delete it to begin anew. */
  readonly checkpoint: string | undefined;
  #network: Network | null = null;
  #seed = 0;

  constructor(options: TransformerOptions & { readonly checkpoint?: string } = {}) {
    super();
    const { checkpoint, ...settings } = options;
    this.settings = settingsOf(settings);
    this.#sizes = sizes(this.settings.length);
    this.checkpoint = checkpoint;
  }

  get #net(): Network {
    if (this.#network === null) throw new StateError('This transformer has learnt nothing yet. Call fit(log), or load a saved one.');
    return this.#network;
  }
  /** numbers that training finds */
  get parameters(): number { return this.#net.body.weights.reduce((sum, weight) => sum + weight.size, 0); }

  protected async train(log: Interactions, options: FitOptions): Promise<Report> {
    const { settings } = this, { seed = 0, validation } = options, items = log.items.size, negatives = negativesOf(settings, items), course = new Epochs(this, options);
    const before = this.#network;
    this.#seed = seed;
    const network = new Network(items, settings, negatives, seed);
    this.#network = network;
    try {
      const trained = await trainNetwork({
        network, log, users: Uint32Array.from({ length: log.users.size }, (_, u) => u), negatives, epochs: settings.epochs, rate: rateOf(settings.learningRate, settings.warmup), seed, patience: settings.patience,
        course, checkpoint: this.checkpoint, about: JSON.stringify([settings, seed, log.rows, log.users.size, items, validation?.histories.length ?? 0]),
      });
      return { epochs: course.reports, notes: { parameters: this.parameters, steps: trained.steps, 'best epoch': trained.best } };
    } catch (error) {
      this.#network = before;
      throw error;
    }
  }

  score(histories: readonly History[], out: Float32Array): void {
    const network = this.#net, { length } = this.settings, items = network.items;
    for (let from = 0; from < histories.length;) {
      // one by itself is a program of one row: the fastest answer to a single question
      const rows = histories.length === 1 ? 1 : TOGETHER, part = histories.slice(from, from + rows), size = sizeFor(this.#sizes, Math.min(length, Math.max(...part.map((history) => history.items.length))));
      const ids = new Int32Array(rows * size), last = new Int32Array(rows);
      part.forEach(({ items: events }, row) => {
        const recent = events.subarray(Math.max(0, events.length - size));
        for (let i = 0; i < recent.length; i++) ids[row * size + i] = (recent[i] as number) + 1;
        last[row] = row * size + Math.max(0, recent.length - 1);
      });
      const scores = network.score(ids, rows, size, last);
      part.forEach((_, row) => { out.set(scores.subarray(row * (items + 1) + 1, (row + 1) * (items + 1)), (from + row) * items); });
      from += part.length;
    }
  }

  /** Compiles the program of every length of history (some 30 ms each), and runs it until the engine has its fast code. */
  override async warm(): Promise<void> {
    const scores = new Float32Array(this.#net.items);
    for (const size of this.#sizes) {
      for (let run = 0; run < WARM_RUNS; run++) this.score([{ items: new Int32Array(size), times: null }], scores);
      await new Promise((resolve) => { setImmediate(resolve); });
    }
  }

  /** By the cosine of the items' vectors. */
  override similar(id: string, k = 10): Recommendation[] {
    const item = this.items.index(id), { table, settings: { width } } = this.#net, scores = new Float32Array(this.items.size);
    if (item < 0) return super.similar(id, k);
    cosinesTo(item, (table.read() as Float32Array).subarray(width), width, width, scores);
    hide(scores, [item]);
    return Array.from(topK(scores, k), (other) => ({ item: this.items.id(other), score: scores[other] as number }));
  }

  protected async learn({ before, after, touched }: Change): Promise<Report> {
    const { settings } = this, old = this.#net, items = after.items.size, negatives = negativesOf(settings, items), random = new Random(this.#seed, after.rows);
    // without new items the network stays, and with it its compiled programs: the next request does not wait for new ones
    const grown = items > before.items.size, network = grown ? new Network(items, settings, negatives, this.#seed) : old, kept = old.weights();
    if (grown) {
      network.restore(kept);
      placeNewItems(network, before.items.size, after);
    } else network.resetTraining();
    const others = random.shuffle(Array.from({ length: after.users.size }, (_, u) => u)).slice(0, touched.length);
    this.#network = network;
    try {
      const options: TrainingOptions = {
        network, log: after, users: [...touched, ...others], negatives, epochs: UPDATE_EPOCHS, ends: true, rate: () => UPDATE_RATE * settings.learningRate,
        seed: this.#seed + after.rows, patience: null, course: new Epochs(this, {}), about: '',
      };
      const { steps } = await trainNetwork(options);
      return { notes: { steps } };
    } catch (error) {
      old.restore(kept);
      this.#network = old;
      throw error;
    }
  }

  protected state(): ModelState {
    const network = this.#net;
    return { settings: { ...this.settings, seed: this.#seed }, arrays: Object.fromEntries(network.weights().map((array, i) => [`weight.${i}`, array])) };
  }
  protected restore({ settings, arrays }: ModelState): void {
    this.#seed = (settings as { seed: number }).seed;
    const network = new Network(this.items.size, this.settings, negativesOf(this.settings, this.items.size), this.#seed);
    network.restore(network.body.weights.map((_, i) => arrays[`weight.${i}`] ?? new Float32Array(0)));
    this.#network = network;
  }
}

/** New items start at the mean of the known ones that stand beside them in histories: up to two before and two after. */
function placeNewItems(network: Network, known: number, log: Interactions): void {
  const { table, settings: { width } } = network, vectors = table.read() as Float32Array, sums = new Float64Array((log.items.size - known) * width), counts = new Int32Array(log.items.size - known);
  for (let user = 0; user < log.users.size; user++) {
    const from = log.starts[user] as number, to = log.starts[user + 1] as number;
    for (let row = from; row < to; row++) {
      const fresh = (log.item[row] as number) - known;
      if (fresh < 0) continue;
      for (let near = Math.max(from, row - 2); near < Math.min(to, row + 3); near++) {
        const item = log.item[near] as number;
        if (item >= known) continue;
        counts[fresh] = (counts[fresh] as number) + 1;
        for (let i = 0; i < width; i++) sums[fresh * width + i] = (sums[fresh * width + i] as number) + (vectors[(item + 1) * width + i] as number);
      }
    }
  }
  counts.forEach((count, fresh) => { if (count > 0) for (let i = 0; i < width; i++) vectors[(known + fresh + 1) * width + i] = (sums[fresh * width + i] as number) / count; });
  table.write(vectors);
}

/** The sequential transformer. */
export const transformer = (options: TransformerOptions & { readonly checkpoint?: string } = {}): Transformer => new Transformer(options);
/** @internal */
export const transformerFrom = (settings: JsonValue): Transformer => new Transformer(Object.fromEntries(Object.entries(settings as Record<string, JsonValue>).filter(([name]) => name !== 'seed')) as TransformerOptions);
