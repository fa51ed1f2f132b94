/**
 * The passes of datasets: one object per iteration and operation, which gives the elements one after the other. Loaded when the first dataset is
 * iterated; what a dataset is, and how many elements it has, stands in dataset.ts.
 */
import { createArray } from '../base/dtype.ts';
import { DataError, ShapeError } from '../base/errors.ts';
import { at, sameShape, showShape, sizeOf } from '../base/shape.ts';
import { tensor } from '../tensor/tensor.ts';
import { gatherRows, isDataLike, toShaped, type Column } from './columns.ts';
import { randomBelow, randomWords } from './shuffle.ts';

export const END = Symbol('end');
type End = typeof END;
type Maybe<T> = T | Promise<T>;
/** One pass over the elements. Synchronous where it can be: a promise per element costs more than the element. */
export interface Pass<T> { next(): Maybe<T | End>; close?(): Maybe<void> }

const isPromise = <T>(value: T | Promise<T>): value is Promise<T> => value instanceof Promise;
const then = <T, U>(value: Maybe<T>, f: (value: T) => Maybe<U>): Maybe<U> => (isPromise(value) ? value.then(f) : f(value));

export function listed<T>(elements: { readonly length: number; readonly [i: number]: T }): Pass<T> {
  let i = 0;
  return { next: () => (i < elements.length ? elements[i++] as T : END) };
}
/** The numbers 0..count-1. */
export function counted(count: number): Pass<number> {
  let i = 0;
  return { next: () => (i < count ? i++ : END) };
}

export function generated<T>(generate: () => Iterable<T> | AsyncIterable<T>): Pass<T> {
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
}

export function map<T, U>(pass: Pass<T>, f: (element: T, index: number) => U | Promise<U>): Pass<U> {
  let index = 0;
  return { ...pass, next: () => then(pass.next(), (e): Maybe<U | End> => (e === END ? END : f(e, index++))) };
}

export function filter<T>(pass: Pass<T>, keep: (element: T) => boolean | Promise<boolean>): Pass<T> {
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
}

/** Random order through a buffer; `seed` and `iteration` determine it. */
export function shuffle<T>(pass: Pass<T>, bufferSize: number, seed: number, iteration: number): Pass<T> {
  const buffer: T[] = [], random = randomWords(seed >>> 0, iteration >>> 0, 0x1f83_d9ab);
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
}

export function batch<T>(pass: Pass<T>, size: number, drop: boolean): Pass<unknown> {
  let elements: T[] = [];
  const flush = (): unknown => {
    if (elements.length === 0 || (drop && elements.length < size)) return END;
    const stacked = stack(elements);
    elements = [];
    return stacked;
  };
  const next = (): unknown => {
    while (elements.length < size) {
      const element = pass.next();
      if (isPromise(element)) return element.then((e) => { if (e === END) return flush(); elements.push(e); return next(); });
      if (element === END) return flush();
      elements.push(element);
    }
    return flush();
  };
  return { ...pass, next };
}

export function prefetch<T>(pass: Pass<T>, count: number): Pass<T> {
  const queue: Promise<T | End>[] = [];
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
}

export function take<T>(pass: Pass<T>, count: number): Pass<T> {
  let left = count;
  return { ...pass, next: () => (left-- > 0 ? pass.next() : END) };
}

export function skip<T>(pass: Pass<T>, count: number): Pass<T> {
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
}

/** `open(k)` begins the pass of round k. */
export function repeat<T>(open: (round: number) => Pass<T>, iteration: number, count: number): Pass<T> {
  let round = 0, empty = true, pass: Pass<T> | null = null;
  const roundNumber = (): number => (count === Infinity ? iteration * 2 ** 16 + round : iteration * count + round);
  const next = (): Maybe<T | End> => {
    if (round >= count) return END;
    pass ??= open(roundNumber());
    return then(pass.next(), (element): Maybe<T | End> => {
      if (element !== END) { empty = false; return element; }
      round++;
      pass = null;
      return empty ? END : next();
    });
  };
  return { next, close: () => pass?.close?.() };
}

/** Notes the elements of a complete pass in `store`. */
export function noted<T>(pass: Pass<T>, store: { kept: T[] | null }): Pass<T> {
  const seen: T[] = [];
  return {
    ...pass,
    next: () => then(pass.next(), (element) => {
      if (element === END) store.kept = seen; else seen.push(element);
      return element;
    }),
  };
}

/** Batches of rows, gathered at once. */
export function batchRows<B>(columns: readonly Column[], indices: Pass<number>, size: number, drop: boolean): Pass<B> {
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
