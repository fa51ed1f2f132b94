/** Samples of a dataset by their numbers: what folds are cut out with. */
import { DataError, isTensor, type DataLike, type ModelData } from '@limelight/core';

type Array1 = Float32Array | Float64Array | Int32Array | Uint8Array | Uint32Array;
/** One array with its shape and one row per sample. */
interface Rows { readonly data: Array1; readonly shape: readonly number[] }
/** Inputs and labels with one row per sample, in any form that `fit` takes. */
export interface LabelledData { readonly x: ModelData; readonly y: ModelData }

const isTyped = (value: unknown): value is Array1 => ArrayBuffer.isView(value) && !(value instanceof DataView);
const isShaped = (value: unknown): value is Rows => typeof value === 'object' && value !== null && isTyped((value as Rows).data) && Array.isArray((value as Rows).shape);
const isLeaf = (value: unknown): boolean => isTyped(value) || isShaped(value) || isTensor(value) || (Array.isArray(value) && firstIsNumber(value));
function firstIsNumber(value: readonly unknown[]): boolean {
  let first: unknown = value[0];
  while (Array.isArray(first)) first = first[0];
  return first === undefined || typeof first === 'number' || typeof first === 'boolean';
}

/** How many samples there are. Throws DataError where arrays disagree. */
export function sampleCount(value: ModelData): number {
  if (isLeaf(value)) return isTyped(value) ? value.length : Array.isArray(value) ? value.length : (value as Rows).shape[0] ?? 0;
  const counts = Object.values(value as Readonly<Record<string, ModelData>>).map(sampleCount), [first = 0] = counts;
  if (counts.some((n) => n !== first)) throw new DataError(`The arrays have different numbers of samples: ${counts.join(', ')}.`);
  return first;
}
export function checkData(data: LabelledData, who: string): number {
  const n = sampleCount(data.x), m = sampleCount(data.y);
  if (n === 0) throw new DataError(`${who}: the data are empty (0 samples).`);
  // A flat typed array may hold whole rows: its number of samples is that of the labels.
  if (n !== m && !(isTyped(data.x) && n % m === 0)) throw new DataError(`${who}: x has ${n} samples, but y has ${m}.`);
  return m;
}

/** The samples with these numbers, in their order, copied. `samples`: how many there are (needed for flat arrays of whole rows). */
export function takeRows(value: ModelData, indices: Int32Array, samples = sampleCount(value)): ModelData {
  if (!isLeaf(value)) return Array.isArray(value) ? (value as readonly DataLike[]).map((part) => takeRows(part, indices, samples) as DataLike) : Object.fromEntries(Object.entries(value as Readonly<Record<string, DataLike>>).map(([name, part]) => [name, takeRows(part, indices, samples) as DataLike]));
  if (Array.isArray(value)) return Array.from(indices, (i) => (value as readonly unknown[])[i]) as unknown as ModelData;
  const { data, shape } = isTyped(value) ? { data: value, shape: [samples] } : isTensor(value) ? { data: value.dataSync() as Array1, shape: value.shape } : (value as Rows);
  const size = data.length / samples, Kind = (data instanceof Uint8Array ? Uint8Array : data.constructor) as new (length: number) => Array1, out = new Kind(indices.length * size);
  indices.forEach((row, i) => { out.set(data.subarray(row * size, (row + 1) * size), i * size); });
  return isTyped(value) ? out : { data: out, shape: [indices.length, ...shape.slice(1)] };
}
export const takeData = (data: LabelledData, indices: Int32Array, samples: number): LabelledData => ({ x: takeRows(data.x, indices, samples), y: takeRows(data.y, indices, samples) });

/** The labels as class numbers, or null where they are not: one whole number per sample, or rows with a single 1. */
export function classesOf(y: ModelData, samples: number): Int32Array | null {
  const flat: ArrayLike<number> | null = isTyped(y) ? y : isTensor(y) ? y.dataSync() as Array1 : isShaped(y) ? (y as Rows).data : Array.isArray(y) && isLeaf(y) ? (y as unknown[]).flat(2) as number[] : null;
  if (flat === null || flat.length % samples !== 0) return null;
  const width = flat.length / samples, out = new Int32Array(samples);
  for (let i = 0; i < samples; i++) {
    if (width === 1) {
      const value = flat[i] as number;
      if (!Number.isInteger(value) || value < 0) return null;
      out[i] = value;
    } else {
      let ones = 0;
      for (let c = 0; c < width; c++) {
        const v = flat[i * width + c] as number;
        if (v === 1) { ones++; out[i] = c; } else if (v !== 0) return null;
      }
      if (ones !== 1) return null;
    }
  }
  return new Set(out).size > Math.max(2, samples / 2) ? null : out;
}
