/**
 * The user's data as columns: one typed array with one row per sample. Everything `fit` accepts (nested numbers, typed arrays, tensors)
 * becomes columns once, before any work; batches are then cut out of them by copying rows.
 */
import { createArray, dtypeOf, type DType, type HostArray } from '../base/dtype.ts';
import { DataError, DTypeError, ShapeError } from '../base/errors.ts';
import { at, showShape, sizeOf, type Shape } from '../base/shape.ts';
import { Tensor } from '../tensor/tensor.ts';

/** Numbers in nested arrays of equal lengths. */
export type NestedNumbers = readonly number[] | readonly NestedNumbers[];
/** A typed array with its shape (the first axis counts the samples). */
export interface ShapedArray { readonly data: HostArray; readonly shape: Shape; readonly dtype?: DType }
/** One array of data: the first axis counts the samples. */
export type DataLike = NestedNumbers | HostArray | ShapedArray | Tensor;

/** One array with one row per sample. */
export interface Column {
  readonly name: string;
  readonly rows: number;
  /** shape of one row */
  readonly shape: Shape;
  /** elements of one row */
  readonly size: number;
  readonly dtype: DType;
  readonly data: HostArray;
}

const isTyped = (value: unknown): value is HostArray => ArrayBuffer.isView(value) && !(value instanceof DataView);
const isShaped = (value: unknown): value is ShapedArray => value !== null && typeof value === 'object' && isTyped((value as { data?: unknown }).data) && Array.isArray((value as { shape?: unknown }).shape);

/** True for everything that is one array of data (and not a record or list of several). */
export function isDataLike(value: unknown): value is DataLike {
  return isTyped(value) || value instanceof Tensor || isShaped(value) || (Array.isArray(value) && isNested(value));
}
function isNested(value: readonly unknown[]): boolean {
  let first: unknown = value[0];
  while (Array.isArray(first)) first = first[0];
  return first === undefined || typeof first === 'number' || typeof first === 'boolean';
}

/** Shape and elements of anything data-like; `who` names it in messages. Float64Array becomes f32, nested numbers too (whole ones that f32 cannot hold, i32). */
export function toShaped(value: unknown, who: string): { shape: Shape; dtype: DType; data: HostArray } {
  if (value instanceof Tensor) return { shape: value.shape, dtype: value.dtype, data: value.dataSync() };
  if (isTyped(value)) {
    const { data, dtype } = known(value, who);
    return { shape: [data.length], dtype, data };
  }
  if (isShaped(value)) {
    const { data, dtype } = known(value.data, who);
    if (sizeOf(value.shape) !== data.length) throw new ShapeError(`${who}: shape ${showShape(value.shape)} needs ${sizeOf(value.shape)} elements, but the array has ${data.length}.`);
    return { shape: value.shape, dtype: value.dtype ?? dtype, data };
  }
  if (typeof value === 'number' || typeof value === 'boolean') return { shape: [], dtype: 'f32', data: new Float32Array([Number(value)]) };
  if (Array.isArray(value)) return flatten(value, who);
  throw new DataError(`${who}: expected nested arrays of numbers, a typed array, { data, shape } or a Tensor, but got ${describe(value)}.`);
}

function known(array: HostArray, who: string): { data: HostArray; dtype: DType } {
  if (array instanceof Float64Array) return { data: Float32Array.from(array), dtype: 'f32' };
  // arrays that the types do not allow, but JavaScript brings
  const other: unknown = array;
  if (other instanceof Uint8ClampedArray) return { data: new Uint8Array(other.buffer, other.byteOffset, other.length), dtype: 'u8' };
  if (other instanceof Int8Array || other instanceof Int16Array || other instanceof Uint16Array) return { data: Int32Array.from(other), dtype: 'i32' };
  try {
    return { data: array, dtype: dtypeOf(array) };
  } catch (error) {
    throw new DTypeError(`${who}: ${(error as Error).message}`);
  }
}

function flatten(value: readonly unknown[], who: string): { shape: Shape; dtype: DType; data: HostArray } {
  const shape: number[] = [];
  for (let level: unknown = value; Array.isArray(level) || isTyped(level); level = (level as ArrayLike<unknown>)[0]) shape.push(level.length);
  const data = new Float32Array(sizeOf(shape));
  let next = 0, coarse = false;
  /** Ids beyond 2²⁴ are no f32. */
  const put = (x: number): void => { data[next] = x; if (data[next++] !== x && Number.isInteger(x)) coarse = true; };
  const walk = (level: unknown, depth: number, path: number[]): void => {
    if (depth === shape.length) {
      if (typeof level !== 'number' && typeof level !== 'boolean') throw new DataError(`${who}: element [${path.join(', ')}] is ${describe(level)}, not a number.`);
      put(Number(level));
      return;
    }
    if (!Array.isArray(level) && !isTyped(level)) throw new ShapeError(`${who}: element [${path.join(', ')}] is ${describe(level)}, but its neighbours are arrays of length ${at(shape, depth)}.`);
    const length = (level as ArrayLike<unknown>).length;
    if (length !== at(shape, depth)) throw new ShapeError(`${who}: element [${path.join(', ')}] has length ${length}, but its neighbours have length ${at(shape, depth)}; all must be equal.`);
    if (depth === shape.length - 1) {
      for (let i = 0; i < length; i++) {
        const x = (level as ArrayLike<unknown>)[i];
        if (typeof x !== 'number' && typeof x !== 'boolean') throw new DataError(`${who}: element [${[...path, i].join(', ')}] is ${describe(x)}, not a number.`);
        put(Number(x));
      }
      return;
    }
    for (let i = 0; i < length; i++) walk((level as ArrayLike<unknown>)[i], depth + 1, [...path, i]);
  };
  walk(value, 0, []);
  if (coarse) {
    const exact = (value as readonly unknown[]).flat(shape.length - 1).flatMap((x) => (isTyped(x) ? [...x] : [Number(x)])), ids = Int32Array.from(exact);
    if (ids.every((id, i) => id === exact[i])) return { shape, dtype: 'i32', data: ids };
  }
  return { shape, dtype: 'f32', data };
}

const describe = (value: unknown): string => value === null ? 'null' : value === undefined ? 'undefined' : Array.isArray(value) ? 'an array' : typeof value === 'object' ? `an object (${(value as object).constructor.name})` : `${typeof value} ${JSON.stringify(value)}`;

/** What a column must look like. `shape` is that of one sample, null where any extent is good; null shape: anything goes. */
export interface Expected { readonly name: string; readonly shape: readonly (number | null)[] | null; readonly dtype?: DType }

/**
 * One column from the user's array. A flat typed array is cut into rows of the expected shape; a missing or additional last axis of 1
 * is put right, as Keras does. Throws ShapeError with both shapes.
 */
export function toColumn(value: unknown, expected: Expected, who: string): Column {
  const given = toShaped(value, who);
  const want = expected.shape;
  if (given.shape.length === 0) throw new ShapeError(`${who}: a single number has no axis of samples; give an array.`);
  const rows = at(given.shape, 0), own = given.shape.slice(1);
  const make = (count: number, shape: Shape): Column => ({ name: expected.name, rows: count, shape, size: sizeOf(shape), dtype: given.dtype, data: given.data });
  if (want === null) return make(rows, own);
  if (fits(own, want)) return make(rows, own);
  // [n] for rows of shape [1], or [n, 1] for scalar rows
  if (own.length + 1 === want.length && (want[want.length - 1] ?? 1) === 1 && fits(own, want.slice(0, -1))) return make(rows, [...own, 1]);
  if (own.length === want.length + 1 && own[own.length - 1] === 1 && fits(own.slice(0, -1), want)) return make(rows, own.slice(0, -1));
  // a flat typed array without a shape
  if (isTyped(value) && want.every((d) => d !== null)) {
    const shape = want as Shape, size = sizeOf(shape);
    if (size > 0 && given.data.length % size === 0) return make(given.data.length / size, shape);
    throw new ShapeError(`${who}: a flat array of ${given.data.length} elements is not a whole number of samples of shape ${showShape(shape)} (${size} elements each). Give { data, shape } or fix the data.`);
  }
  if (rows === 0) throw new DataError(`${who}: the data are empty (0 samples).`);
  throw new ShapeError(`${who}: expected samples of shape ${showShape(want)} (so ${showShape([null, ...want])}), but the data have shape ${showShape(given.shape)} (samples of shape ${showShape(own)}).`);
}
const fits = (own: Shape, want: readonly (number | null)[]): boolean => own.length === want.length && want.every((d, i) => d === null || d === own[i]);

/** The rows `from`..`to`-1 as a column that shares the memory. */
export function sliceRows(column: Column, from: number, to: number): Column {
  return { ...column, rows: to - from, data: column.data.subarray(from * column.size, to * column.size) };
}

/** Below this many elements a plain loop beats `set` of a subarray. */
const SMALL_ROW = 24;

/** Copies rows into `target`: those named by `order[start..start+count)`, or without an order `start..start+count`. */
export function gatherRows(column: Column, order: Uint32Array | null, start: number, count: number, target: HostArray): void {
  const { data, size } = column;
  if (order === null) {
    target.set(data.subarray(start * size, (start + count) * size));
  } else if (size === 1) {
    for (let i = 0; i < count; i++) target[i] = data[order[start + i] as number] as number;
  } else if (size <= SMALL_ROW) {
    for (let i = 0, t = 0; i < count; i++) {
      for (let s = (order[start + i] as number) * size, end = s + size; s < end; s++) target[t++] = data[s] as number;
    }
  } else {
    touchRows(data, size, order, start, count);
    const rows = target.buffer instanceof ArrayBuffer ? target : stagingOf(column, count * size);
    for (let i = 0; i < count; i++) {
      const s = (order[start + i] as number) * size;
      rows.set(data.subarray(s, s + size), i * size);
    }
    if (rows !== target) target.set(rows);
  }
}

/** Keeps the reads of `touchRows` from being left out. */
export let touched = 0;
/**
 * Reads one element of every cache line of the rows. In random order the lines come from main memory; read in one tight loop, many are under way at
 * once, while copying row by row waits for each. The first line of every row comes first: rows lie on pages of their own, and looking those up takes
 * longest. A batch of MNIST on a busy machine: 80 µs without the first pass, 40 µs with both.
 */
function touchRows(data: HostArray, size: number, order: Uint32Array, start: number, count: number): void {
  const line = 64 / data.BYTES_PER_ELEMENT;
  let sum = 0;
  for (let i = 0; i < count; i++) sum ^= data[(order[start + i] as number) * size] as number;
  for (let i = 0; i < count; i++) for (let s = (order[start + i] as number) * size, end = s + size; s < end; s += line) sum ^= data[s] as number;
  touched = sum;
}

const stagings = new WeakMap<Column, HostArray>();
/**
 * Memory of the caller's own to collect rows in. Engines copy into shared memory with atomic words, slowly where each copy misses the cache: rows of
 * MNIST in random order take 90 µs a batch straight into shared memory, 50 µs through here.
 */
function stagingOf(column: Column, length: number): HostArray {
  const known = stagings.get(column);
  if (known !== undefined && known.length >= length) return known.length === length ? known : known.subarray(0, length);
  const made = createArray(column.dtype, length);
  stagings.set(column, made);
  return made;
}

/** A column with another dtype, converted once. */
export function castColumn(column: Column, dtype: DType): Column {
  if (column.dtype === dtype) return column;
  const data = createArray(dtype, column.data.length);
  data.set(column.data);
  return { ...column, dtype, data };
}
