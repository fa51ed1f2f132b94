/**
 * Datasets: lazy sequences of samples or batches, made once and iterated as often as wanted. Words and order of operations follow tf.data.
 *
 * An element is any value; for `fit` it is `{ x, y, sampleWeight? }` or `[x, y, sampleWeight?]`. `batch` stacks elements leaf by leaf: a number,
 * nested numbers, a typed array or a Tensor is a leaf; a record is a structure; an array is a structure only at the top and only when it
 * is not an array of numbers. Iterations are numbered: a shuffle derives from (seed, iteration), so epoch k always has the same order.
 */
import { createArray } from '../base/dtype.ts';
import { DataError, ShapeError, ValueError } from '../base/errors.ts';
import { at, sameShape, showShape, sizeOf } from '../base/shape.ts';
import { tensor, type Tensor } from '../tensor/tensor.ts';
import { gatherRows, isDataLike, toColumn, toShaped, type Column, type DataLike } from './columns.ts';
import { randomBelow, randomWords } from './shuffle.ts';

const END = Symbol('end');
type End = typeof END;
type Maybe<T> = T | Promise<T>;
/** One pass over the elements. Synchronous where it can be: a promise per element costs more than the element. */
interface Pass<T> { next(): Maybe<T | End>; close?(): Maybe<void> }

export interface ShuffleOptions {
  /** default: chosen at random when the dataset is made */ readonly seed?: number;
  /** a new order in each iteration; default true */ readonly reshuffleEachIteration?: boolean;
}
/** What stacking makes of an element: each leaf becomes a Tensor with a leading axis. */
export type Batched<T> = T extends DataLike | number | boolean ? Tensor : T extends object ? { [K in keyof T]: T[K] extends DataLike | number | boolean ? Tensor : T[K] } : Tensor;

export class Dataset<T> implements AsyncIterable<T> {
  readonly #open: (iteration: number) => Pass<T>;
  /** number of elements; null when unknown, Infinity when endless */
  readonly size: number | null;
  /** samples per element after `batch`, else null */
  readonly batchSize: number | null;
  /** samples in one iteration, where known */
  readonly samples: number | null;
  #iterations = 0;
  /** set while the elements are rows of arrays in some order: then batches are gathered without making the rows one by one */
  #rows: Rows | null = null;

  private constructor(open: (iteration: number) => Pass<T>, size: number | null, batchSize: number | null = null, samples: number | null = size) {
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
    const indices = new Dataset<number>(() => {
      let row = 0;
      return { next: () => (row < rows ? row++ : END) };
    }, rows);
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
    return new Dataset(() => {
      const iterable = generate();
      if (iterable !== null && typeof iterable === 'object' && Symbol.asyncIterator in iterable) {
        const iterator = iterable[Symbol.asyncIterator]();
        return {
          next: async () => { const r = await iterator.next(); return r.done === true ? END : r.value; },
          close: async () => { await iterator.return?.(); },
        };
      }
      if (iterable === null || typeof iterable !== 'object' || !(Symbol.iterator in iterable)) throw new DataError('Dataset.fromGenerator: the function must give an iterable or async iterable.');
      const iterator = iterable[Symbol.iterator]();
      return {
        next: () => { const r = iterator.next(); return r.done === true ? END : r.value; },
        close: () => { iterator.return?.(); },
      };
    }, options.size ?? null);
  }

  map<U>(f: (element: T, index: number) => U | Promise<U>): Dataset<U> {
    return new Dataset((iteration): Pass<U> => {
      const pass = this.#open(iteration);
      let index = 0;
      return { ...pass, next: () => then(pass.next(), (e): Maybe<U | End> => (e === END ? END : f(e, index++))) };
    }, this.size, this.batchSize, this.samples);
  }

  filter(keep: (element: T) => boolean | Promise<boolean>): Dataset<T> {
    return new Dataset((iteration): Pass<T> => {
      const pass = this.#open(iteration);
      const next = (): Maybe<T | End> => {
        for (;;) {
          const element = pass.next();
          if (isPromise(element)) return element.then((e) => judge(e));
          const kept = element === END ? true : keep(element);
          if (isPromise(kept)) return kept.then((k) => (k ? element : next()));
          if (kept) return element;
        }
      };
      const judge = (element: T | End): Maybe<T | End> => (element === END ? END : then(keep(element), (k) => (k ? element : next())));
      return { ...pass, next };
    }, null, this.batchSize);
  }

  /** Random order through a buffer of `bufferSize` elements; the whole dataset when that is at least its size. */
  shuffle(bufferSize: number, options: ShuffleOptions = {}): Dataset<T> {
    positive(bufferSize, 'shuffle: bufferSize');
    const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32);
    const onRows = this.#onRows((indices) => indices.shuffle(bufferSize, { ...options, seed }));
    if (onRows !== null) return onRows;
    const reshuffle = options.reshuffleEachIteration ?? true;
    return new Dataset((iteration): Pass<T> => {
      const pass = this.#open(iteration), buffer: T[] = [];
      const random = randomWords(seed >>> 0, reshuffle ? iteration >>> 0 : 0, 0x1f83_d9ab);
      let drained = false;
      const draw = (): T | End => {
        if (buffer.length === 0) return END;
        const i = randomBelow(random, buffer.length), element = at(buffer, i), last = buffer.pop() as T;
        if (i < buffer.length) buffer[i] = last;
        return element;
      };
      const next = (): Maybe<T | End> => {
        while (!drained && buffer.length < bufferSize) {
          const element = pass.next();
          if (isPromise(element)) return element.then((e) => { take(e); return next(); });
          take(element);
        }
        return draw();
      };
      const take = (element: T | End): void => { if (element === END) drained = true; else buffer.push(element); };
      return { ...pass, next };
    }, this.size, this.batchSize, this.samples);
  }

  /** Stacks `size` elements into one; the last may be shorter, unless `dropRemainder`. */
  batch(size: number, options: { readonly dropRemainder?: boolean } = {}): Dataset<Batched<T>> {
    positive(size, 'batch: the batch size');
    const drop = options.dropRemainder ?? false;
    const count = this.size === null ? null : drop ? Math.floor(this.size / size) : Math.ceil(this.size / size);
    const samples = count === null ? null : drop ? count * size : this.size;
    const source = this.#rows;
    if (source !== null) return new Dataset((iteration) => batchRows<Batched<T>>(source.columns, source.indices.#open(iteration), size, drop), count, size, samples);
    return new Dataset((iteration): Pass<Batched<T>> => {
      const pass = this.#open(iteration);
      let elements: T[] = [];
      const flush = (): Batched<T> | End => {
        if (elements.length === 0 || (drop && elements.length < size)) return END;
        const stacked = stack(elements);
        elements = [];
        return stacked as Batched<T>;
      };
      const next = (): Maybe<Batched<T> | End> => {
        while (elements.length < size) {
          const element = pass.next();
          if (isPromise(element)) return element.then((e) => { if (e === END) return flush(); elements.push(e); return next(); });
          if (element === END) return flush();
          elements.push(element);
        }
        return flush();
      };
      return { ...pass, next };
    }, count, size, samples);
  }

  /** Keeps up to `count` elements in the making while the consumer works (useful when making one waits for something). */
  prefetch(count: number): Dataset<T> {
    positive(count, 'prefetch: the count');
    return new Dataset((iteration): Pass<T> => {
      const pass = this.#open(iteration), queue: Promise<T | End>[] = [];
      let last: Promise<unknown> = Promise.resolve();
      const refill = (): void => {
        while (queue.length < count) {
          // one after the other: a pass is not asked twice at once
          const next = last.then(() => pass.next());
          last = next.catch(() => undefined);
          next.catch(() => undefined);
          queue.push(next);
        }
      };
      return {
        next: async () => {
          refill();
          const element = await (queue.shift() as Promise<T | End>);
          if (element !== END) refill();
          return element;
        },
        close: async () => { await last; await pass.close?.(); },
      };
    }, this.size, this.batchSize, this.samples);
  }

  take(count: number): Dataset<T> {
    whole(count, 'take: the count');
    const onRows = this.#onRows((indices) => indices.take(count));
    if (onRows !== null) return onRows;
    const size = this.size === null ? null : Math.min(this.size, count);
    return new Dataset((iteration): Pass<T> => {
      const pass = this.#open(iteration);
      let left = count;
      return { ...pass, next: () => (left-- > 0 ? pass.next() : END) };
    }, size, this.batchSize, samplesOf(size, this.batchSize));
  }

  skip(count: number): Dataset<T> {
    whole(count, 'skip: the count');
    const onRows = this.#onRows((indices) => indices.skip(count));
    if (onRows !== null) return onRows;
    const size = this.size === null ? null : Math.max(this.size - count, 0);
    return new Dataset((iteration): Pass<T> => {
      const pass = this.#open(iteration);
      let left = count;
      const next = (): Maybe<T | End> => {
        while (left > 0) {
          left--;
          const element = pass.next();
          if (isPromise(element)) return element.then((e) => (e === END ? END : next()));
          if (element === END) { left = 0; return END; }
        }
        return pass.next();
      };
      return { ...pass, next };
    }, size, this.batchSize, samplesOf(size, this.batchSize));
  }

  /** The elements `count` times, or endlessly. */
  repeat(count = Infinity): Dataset<T> {
    if (count !== Infinity) whole(count, 'repeat: the count');
    const onRows = this.#onRows((indices) => indices.repeat(count));
    if (onRows !== null) return onRows;
    const size = this.size === null ? null : this.size === 0 ? 0 : this.size * count;
    return new Dataset((iteration): Pass<T> => {
      let round = 0, empty = true, pass: Pass<T> | null = null;
      const roundNumber = (): number => (count === Infinity ? iteration * 2 ** 16 + round : iteration * count + round);
      const next = (): Maybe<T | End> => {
        if (round >= count) return END;
        pass ??= this.#open(roundNumber());
        return then(pass.next(), (element): Maybe<T | End> => {
          if (element !== END) { empty = false; return element; }
          round++;
          pass = null;
          return empty ? END : next();
        });
      };
      return { next, close: () => pass?.close?.() };
    }, size, this.batchSize, size === null || this.samples === null ? null : this.samples * count);
  }

  /** Keeps the elements in memory after the first complete iteration. Put it before `shuffle`. */
  cache(): Dataset<T> {
    // rows of arrays are in memory already: only their order is kept
    const onRows = this.#onRows((indices) => indices.cache());
    if (onRows !== null) return onRows;
    let kept: T[] | null = null;
    return new Dataset((iteration): Pass<T> => {
      if (kept !== null) {
        const elements = kept;
        let i = 0;
        return { next: () => (i < elements.length ? at(elements, i++) : END) };
      }
      const pass = this.#open(iteration), seen: T[] = [];
      return {
        ...pass,
        next: () => then(pass.next(), (element) => {
          if (element === END) kept = seen; else seen.push(element);
          return element;
        }),
      };
    }, this.size, this.batchSize, this.samples);
  }

  /** Iteration number `iteration`: the same number gives the same order. */
  iterate(iteration: number): AsyncIterableIterator<T> {
    const pass = this.#open(iteration);
    let done = false;
    return {
      [Symbol.asyncIterator]() { return this; },
      next: async () => {
        if (done) return { done: true, value: undefined };
        const value = await pass.next();
        if (value !== END) return { done: false, value };
        done = true;
        return { done: true, value: undefined };
      },
      return: async () => {
        done = true;
        await pass.close?.();
        return { done: true, value: undefined };
      },
    };
  }
  [Symbol.asyncIterator](): AsyncIterableIterator<T> { return this.iterate(this.#iterations++); }

  /** All elements of one iteration. */
  async toArray(): Promise<T[]> {
    const all: T[] = [];
    for await (const element of this) all.push(element);
    return all;
  }
}

const isPromise = <T>(value: T | Promise<T>): value is Promise<T> => value instanceof Promise;
const then = <T, U>(value: Maybe<T>, f: (value: T) => Maybe<U>): Maybe<U> => (isPromise(value) ? value.then(f) : f(value));
const samplesOf = (size: number | null, batchSize: number | null): number | null => (batchSize === null ? size : null);

function positive(value: number, what: string): void {
  if (!Number.isInteger(value) || value < 1) throw new ValueError(`Dataset.${what} must be an integer of at least 1, not ${value}.`);
}
function whole(value: number, what: string): void {
  if (!Number.isInteger(value) || value < 0) throw new ValueError(`Dataset.${what} must be an integer of at least 0, not ${value}.`);
}

/** Rows of columns in the order that a dataset of row numbers gives. */
interface Rows { readonly columns: readonly Column[]; readonly indices: Dataset<number> }

/** Batches of rows, gathered at once. */
function batchRows<B>(columns: readonly Column[], indices: Pass<number>, size: number, drop: boolean): Pass<B> {
  const order = new Uint32Array(size);
  return {
    next: () => {
      let count = 0;
      while (count < size) {
        const row = indices.next();
        if (row === END) break;
        order[count++] = row as number; // operations on row numbers are all synchronous
      }
      if (count === 0 || (drop && count < size)) return END;
      return Object.fromEntries(columns.map((column) => {
        const data = createArray(column.dtype, count * column.size);
        gatherRows(column, order, 0, count, data);
        return [column.name, tensor(data, [count, ...column.shape], column.dtype)];
      })) as B;
    },
  };
}

/** Stacks elements of the same structure. */
function stack(elements: readonly unknown[]): unknown {
  const first = elements[0];
  if (Array.isArray(first) && !first.every((e) => typeof e === 'number' || typeof e === 'boolean')) {
    return first.map((_, i) => stackInner(elements.map((e) => (e as unknown[])[i]), `[${i}]`));
  }
  return stackInner(elements, 'element');
}
function stackInner(elements: readonly unknown[], path: string): unknown {
  const first = elements[0];
  if (typeof first !== 'number' && typeof first !== 'boolean' && !isDataLike(first)) {
    if (first !== null && typeof first === 'object' && !Array.isArray(first)) {
      return Object.fromEntries(Object.keys(first).map((key) => [key, stackInner(elements.map((e) => (e as Record<string, unknown>)[key]), `${path}.${key}`)]));
    }
    throw new DataError(`Dataset.batch: ${path} is neither numbers nor a record of numbers, so it cannot be stacked; map it first.`);
  }
  const { shape, dtype, data } = toShaped(first, `Dataset.batch: ${path}`);
  const size = sizeOf(shape), out = createArray(dtype, size * elements.length);
  out.set(data);
  for (let i = 1; i < elements.length; i++) {
    const other = toShaped(elements[i], `Dataset.batch: ${path} of element ${i}`);
    if (!sameShape(other.shape, shape)) throw new ShapeError(`Dataset.batch: ${path} has shape ${showShape(shape)} in the first element of a batch and ${showShape(other.shape)} in element ${i}; all must be equal.`);
    out.set(other.data, i * size);
  }
  return tensor(out, [elements.length, ...shape], dtype);
}
