/**
 * Feeds: where batches come from. An array feed cuts batches out of columns by row numbers and writes them straight into the program's
 * input memory; a stream feed takes batches from a Dataset, a generator or an async iterable. Loaded with the first training.
 *
 * Promises: the order of an array feed derives from (seed, epoch); no big array is made per step.
 */
import { DataError, ValueError } from '../base/errors.ts';
import { at } from '../base/shape.ts';
import type { Column } from './columns.ts';
import { Dataset } from './dataset.ts';
import { ColumnBatch, wholeBatch, type Batch, type BatchStream, type Feed, type Roles } from './feed.ts';
import { paysToStay, ResidentBatch, ResidentColumns } from './resident.ts';
import { shuffledOrder } from './shuffle.ts';

export interface ArrayFeedOptions { readonly batchSize: number; readonly shuffle: boolean; readonly seed: number; readonly stepsPerEpoch?: number | undefined; /** epochs to come; default 1 */ readonly epochs?: number }

export class ArrayFeed implements Feed {
  readonly steps: number;
  readonly samples: number;
  readonly batchSize: number;
  readonly #order: Uint32Array | null;
  readonly #seed: number;
  readonly #full: ColumnBatch | null;
  readonly #last: ColumnBatch | null;
  readonly #rows: number;
  readonly #resident: ResidentColumns | null;
  #step = 0;

  constructor(columns: readonly Column[], roles: Roles, options: ArrayFeedOptions) {
    const rows = at(columns, 0).rows, { batchSize, stepsPerEpoch } = options;
    const all = Math.ceil(rows / batchSize);
    if (stepsPerEpoch !== undefined && stepsPerEpoch > all) {
      throw new ValueError(`stepsPerEpoch is ${stepsPerEpoch}, but ${rows} samples in batches of ${batchSize} give only ${all} steps.`);
    }
    this.steps = stepsPerEpoch ?? all;
    this.samples = Math.min(rows, this.steps * batchSize);
    this.batchSize = batchSize;
    this.#rows = rows;
    this.#seed = options.seed;
    this.#order = options.shuffle ? new Uint32Array(rows) : null;
    const short = rows % batchSize;
    this.#resident = this.#order !== null && paysToStay(columns, options.epochs ?? 1) ? new ResidentColumns(columns) : null;
    const batch = (size: number): ColumnBatch => (this.#resident === null ? new ColumnBatch(columns, roles, size) : new ResidentBatch(this.#resident, roles, size));
    this.#full = rows >= batchSize ? batch(batchSize) : null;
    this.#last = short > 0 ? batch(short) : null;
  }
  begin(epoch: number, skip = 0, seed = this.#seed): void {
    this.#step = skip;
    if (this.#order !== null) shuffledOrder(this.#order, seed, epoch);
  }
  next(): Batch | null {
    if (this.#step >= this.steps) return null;
    const start = this.#step++ * this.batchSize;
    const batch = start + this.batchSize <= this.#rows ? this.#full : this.#last;
    if (batch === null) return null;
    batch.start = start;
    batch.order = this.#order;
    return batch;
  }
  end(): void { /* nothing is open */ }
  close(drop: (key: string) => void): void {
    if (this.#resident === null) return;
    for (const batch of [this.#full, this.#last]) if (batch !== null) drop(batch.key);
    this.#resident.release();
  }
}

export const isStream = (value: unknown): value is BatchStream<unknown> =>
  value instanceof Dataset || typeof value === 'function' ||
  (value !== null && typeof value === 'object' && !Array.isArray(value) && !ArrayBuffer.isView(value) && (Symbol.asyncIterator in value || Symbol.iterator in value));

export interface StreamFeedOptions {
  readonly stepsPerEpoch?: number | undefined;
  /** used for a Dataset that is not batched yet */ readonly batchSize: number;
  /** columns and roles of one element; `step` is for messages */
  readonly read: (element: unknown, step: number) => { readonly columns: readonly Column[]; readonly roles: Roles };
  readonly who: string;
}

export class StreamFeed implements Feed {
  steps: number | null;
  samples: number | null;
  readonly batchSize: number | null;
  readonly #options: StreamFeedOptions;
  readonly #open: (epoch: number) => AsyncIterator<unknown> | Iterator<unknown>;
  /** an iterator that cannot start again is kept over the epochs */
  readonly #once: boolean;
  #iterator: AsyncIterator<unknown> | Iterator<unknown> | null = null;
  #step = 0;
  #ended = false;

  constructor(stream: BatchStream<unknown>, options: StreamFeedOptions) {
    this.#options = options;
    const limit = options.stepsPerEpoch;
    if (stream instanceof Dataset) {
      const batched = stream.batchSize === null ? stream.batch(options.batchSize) as Dataset<unknown> : stream;
      const finite = batched.size === null || batched.size === Infinity ? null : batched.size;
      if (batched.size === Infinity && limit === undefined) throw new ValueError(`${options.who}: the dataset repeats endlessly; give stepsPerEpoch.`);
      this.steps = limit === undefined ? finite : finite === null ? limit : Math.min(limit, finite);
      this.samples = limit === undefined && batched.samples !== Infinity ? batched.samples : null;
      this.batchSize = batched.batchSize;
      this.#open = (epoch) => batched.iterate(epoch);
      this.#once = false;
      return;
    }
    this.steps = limit ?? null;
    this.samples = null;
    this.batchSize = null;
    if (typeof stream === 'function') {
      this.#open = () => iteratorOf(stream(), options.who);
      this.#once = false;
    } else {
      const first = iteratorOf(stream, options.who);
      this.#once = (first as unknown) === stream;
      this.#open = this.#once ? () => first : () => iteratorOf(stream, options.who);
    }
  }
  async begin(epoch: number, skip = 0): Promise<void> {
    if (!this.#once || this.#iterator === null) this.#iterator = this.#open(epoch);
    this.#step = 0;
    for (let i = 0; i < skip; i++) {
      await this.#iterator.next();
      this.#step++;
    }
  }
  async next(): Promise<Batch | null> {
    const { stepsPerEpoch, read, who } = this.#options;
    if (this.#iterator === null || (stepsPerEpoch !== undefined && this.#step >= stepsPerEpoch)) return null;
    const result = this.#ended ? { done: true as const, value: undefined } : await this.#iterator.next();
    if (result.done === true) {
      if (this.#once) this.#ended = true;
      if (this.#step === 0) {
        throw new DataError(this.#once && this.#ended ? `${who}: the generator has no more batches. Give a function that makes a new one for each epoch, or fewer epochs, or stepsPerEpoch.` : `${who}: the data are empty: no batch came.`);
      }
      this.steps ??= this.#step;
      return null;
    }
    const { columns, roles } = read(result.value, this.#step);
    this.#step++;
    return wholeBatch(columns, roles);
  }
  async end(): Promise<void> {
    if (this.#once) return;
    const iterator = this.#iterator;
    this.#iterator = null;
    await iterator?.return?.();
  }
}

function iteratorOf(value: unknown, who: string): AsyncIterator<unknown> | Iterator<unknown> {
  if (value !== null && typeof value === 'object') {
    if (Symbol.asyncIterator in value) return (value as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    if (Symbol.iterator in value) return (value as Iterable<unknown>)[Symbol.iterator]();
  }
  throw new DataError(`${who}: expected a Dataset, an iterable or async iterable of batches, or a function that makes one.`);
}
