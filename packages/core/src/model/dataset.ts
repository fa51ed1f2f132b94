/**
 * Datasets: lazy sequences of samples or batches, made once and iterated as often as wanted. Words and order of operations follow tf.data.
 *
 * An element is any value; for `fit` it is `{ x, y, sampleWeight? }` or `[x, y, sampleWeight?]`. `batch` stacks elements leaf by leaf: a number,
 * nested numbers, a typed array or a Tensor is a leaf; a record is a structure; an array is a structure only at the top and only when it
 * is not an array of numbers. Iterations are numbered: a shuffle derives from (seed, iteration), so epoch k always has the same order.
 */
import { DataError, ValueError } from '../base/errors.ts';
import { at } from '../base/shape.ts';
import { tensor, type Tensor } from '../tensor/tensor.ts';
import { toColumn, type Column, type DataLike } from './columns.ts';
import type { Pass } from './passes.ts';

type Kit = typeof import('./passes.ts');
type Open<T> = (kit: Kit, iteration: number) => Pass<T>;

export interface ShuffleOptions {
  /** default: chosen at random when the dataset is made */ readonly seed?: number;
  /** a new order in each iteration; default true */ readonly reshuffleEachIteration?: boolean;
}
/** What stacking makes of an element: each leaf becomes a Tensor with a leading axis. */
export type Batched<T> = T extends DataLike | number | boolean ? Tensor : T extends object ? { [K in keyof T]: T[K] extends DataLike | number | boolean ? Tensor : T[K] } : Tensor;

export class Dataset<T> implements AsyncIterable<T> {
  readonly #open: Open<T>;
  /** number of elements; null when unknown, Infinity when endless */
  readonly size: number | null;
  /** samples per element after `batch`, else null */
  readonly batchSize: number | null;
  /** samples in one iteration, where known */
  readonly samples: number | null;
  #iterations = 0;
  /** set while the elements are rows of arrays in some order: then batches are gathered without making the rows one by one */
  #rows: Rows | null = null;

  private constructor(open: Open<T>, size: number | null, batchSize: number | null = null, samples: number | null = size) {
    this.#open = open;
    this.size = size;
    this.batchSize = batchSize;
    this.samples = samples;
  }

  /** One element per row of the arrays: `Dataset.fromArrays({ x, y })`. All must have equally many rows. Rows share the arrays' memory. */
  static fromArrays<K extends string>(arrays: Readonly<Record<K, DataLike>>): Dataset<Record<K, Tensor>> {
    const names = Object.keys(arrays) as K[];
    const columns = names.map((name) => toColumn(arrays[name], { name, shape: null }, `Dataset.fromArrays: '${name}'`));
    if (columns.length === 0) throw new DataError('Dataset.fromArrays: give at least one array.');
    const { rows } = at(columns, 0);
    for (const column of columns) {
      if (column.rows !== rows) throw new DataError(`Dataset.fromArrays: '${column.name}' has ${column.rows} rows but '${at(columns, 0).name}' has ${rows}.`);
    }
    const indices = new Dataset<number>((kit) => kit.counted(rows), rows);
    return Dataset.#ofRows<Record<K, Tensor>>({ columns, indices });
  }
  static #ofRows<T>(source: Rows): Dataset<T> {
    const { columns, indices } = source;
    const made = indices.map((row) => Object.fromEntries(columns.map((c) => [c.name, tensor(c.data.subarray(row * c.size, (row + 1) * c.size), c.shape, c.dtype)])) as T);
    made.#rows = source;
    return made;
  }
  /** The same operation on row numbers, where the elements are rows. */
  #onRows(change: (indices: Dataset<number>) => Dataset<number>): Dataset<T> | null {
    return this.#rows === null ? null : Dataset.#ofRows<T>({ columns: this.#rows.columns, indices: change(this.#rows.indices) });
  }

  /** Elements of a generator function (also async), called once per iteration. */
  static fromGenerator<T>(generate: () => Iterable<T> | AsyncIterable<T>, options: { readonly size?: number } = {}): Dataset<T> {
    return new Dataset((kit) => kit.generated(generate), options.size ?? null);
  }

  map<U>(f: (element: T, index: number) => U | Promise<U>): Dataset<U> {
    return new Dataset((kit, iteration) => kit.map(this.#open(kit, iteration), f), this.size, this.batchSize, this.samples);
  }

  filter(keep: (element: T) => boolean | Promise<boolean>): Dataset<T> {
    return new Dataset((kit, iteration) => kit.filter(this.#open(kit, iteration), keep), null, this.batchSize);
  }

  /** Random order through a buffer of `bufferSize` elements; the whole dataset when that is at least its size. */
  shuffle(bufferSize: number, options: ShuffleOptions = {}): Dataset<T> {
    positive(bufferSize, 'shuffle: bufferSize');
    const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32);
    const onRows = this.#onRows((indices) => indices.shuffle(bufferSize, { ...options, seed }));
    if (onRows !== null) return onRows;
    const reshuffle = options.reshuffleEachIteration ?? true;
    return new Dataset((kit, iteration) => kit.shuffle(this.#open(kit, iteration), bufferSize, seed, reshuffle ? iteration : 0), this.size, this.batchSize, this.samples);
  }

  /** Stacks `size` elements into one; the last may be shorter, unless `dropRemainder`. */
  batch(size: number, options: { readonly dropRemainder?: boolean } = {}): Dataset<Batched<T>> {
    positive(size, 'batch: the batch size');
    const drop = options.dropRemainder ?? false;
    const count = this.size === null ? null : drop ? Math.floor(this.size / size) : Math.ceil(this.size / size);
    const samples = count === null ? null : drop ? count * size : this.size;
    const source = this.#rows;
    if (source !== null) return new Dataset((kit, iteration) => kit.batchRows<Batched<T>>(source.columns, source.indices.#open(kit, iteration), size, drop), count, size, samples);
    return new Dataset((kit, iteration) => kit.batch(this.#open(kit, iteration), size, drop) as Pass<Batched<T>>, count, size, samples);
  }

  /** Keeps up to `count` elements in the making while the consumer works (useful when making one waits for something). */
  prefetch(count: number): Dataset<T> {
    positive(count, 'prefetch: the count');
    return new Dataset((kit, iteration) => kit.prefetch(this.#open(kit, iteration), count), this.size, this.batchSize, this.samples);
  }

  take(count: number): Dataset<T> {
    whole(count, 'take: the count');
    const onRows = this.#onRows((indices) => indices.take(count));
    if (onRows !== null) return onRows;
    const size = this.size === null ? null : Math.min(this.size, count);
    return new Dataset((kit, iteration) => kit.take(this.#open(kit, iteration), count), size, this.batchSize, samplesOf(size, this.batchSize));
  }

  skip(count: number): Dataset<T> {
    whole(count, 'skip: the count');
    const onRows = this.#onRows((indices) => indices.skip(count));
    if (onRows !== null) return onRows;
    const size = this.size === null ? null : Math.max(this.size - count, 0);
    return new Dataset((kit, iteration) => kit.skip(this.#open(kit, iteration), count), size, this.batchSize, samplesOf(size, this.batchSize));
  }

  /** The elements `count` times, or endlessly. */
  repeat(count = Infinity): Dataset<T> {
    if (count !== Infinity) whole(count, 'repeat: the count');
    const onRows = this.#onRows((indices) => indices.repeat(count));
    if (onRows !== null) return onRows;
    const size = this.size === null ? null : this.size === 0 ? 0 : this.size * count;
    return new Dataset((kit, iteration) => kit.repeat((round) => this.#open(kit, round), iteration, count),
      size, this.batchSize, size === null || this.samples === null ? null : this.samples * count);
  }

  /** Keeps the elements in memory after the first complete iteration. Put it before `shuffle`. */
  cache(): Dataset<T> {
    // rows of arrays are in memory already: only their order is kept
    const onRows = this.#onRows((indices) => indices.cache());
    if (onRows !== null) return onRows;
    const store: { kept: T[] | null } = { kept: null };
    return new Dataset((kit, iteration) => (store.kept === null ? kit.noted(this.#open(kit, iteration), store) : kit.listed(store.kept)), this.size, this.batchSize, this.samples);
  }

  /** Iteration number `iteration`: the same number gives the same order. */
  async *iterate(iteration: number): AsyncIterableIterator<T> {
    const kit = await import('./passes.ts'), pass = this.#open(kit, iteration);
    for (;;) {
      const element = await pass.next();
      if (element === kit.END) return;
      let left = true;
      try {
        yield element;
        left = false;
      } finally {
        if (left) await pass.close?.();
      }
    }
  }
  [Symbol.asyncIterator](): AsyncIterableIterator<T> { return this.iterate(this.#iterations++); }

  /** All elements of one iteration. */
  async toArray(): Promise<T[]> {
    const all: T[] = [];
    for await (const element of this) all.push(element);
    return all;
  }
}

const samplesOf = (size: number | null, batchSize: number | null): number | null => (batchSize === null ? size : null);

function positive(value: number, what: string): void {
  if (!Number.isInteger(value) || value < 1) throw new ValueError(`Dataset.${what} must be an integer of at least 1, not ${value}.`);
}
function whole(value: number, what: string): void {
  if (!Number.isInteger(value) || value < 0) throw new ValueError(`Dataset.${what} must be an integer of at least 0, not ${value}.`);
}

/** Rows of columns in the order that a dataset of row numbers gives. */
interface Rows { readonly columns: readonly Column[]; readonly indices: Dataset<number> }
