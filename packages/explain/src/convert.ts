/** What users give as tensors that fit a port of a model: one sample, a baseline, a set of samples. */
import { DataError, isTensor, ShapeError, tensor, type NestedInput, type Tensor } from '@limelight/core';
import { shown } from './runner.ts';
import type { Port } from './types.ts';

/** Arrays that a sample may be given as. */
export type Given = unknown;
interface Shaped { readonly data: Float32Array; readonly shape: readonly number[] }

const isTyped = (x: unknown): x is Float32Array => ArrayBuffer.isView(x) && !(x instanceof DataView);
const isShaped = (x: unknown): x is Shaped => typeof x === 'object' && x !== null && isTyped((x as Partial<Shaped>).data) && Array.isArray((x as Partial<Shaped>).shape);

/** Any array as a tensor in its own shape. */
function anyTensor(value: Given, who: string): Tensor {
  if (isTensor(value)) return value;
  if (isShaped(value)) return tensor(value.data, value.shape);
  if (isTyped(value)) return tensor(value);
  if (typeof value === 'number' || Array.isArray(value)) return tensor(value as number | readonly NestedInput[]);
  throw new DataError(`${who}: expected nested arrays of numbers, a typed array, { data, shape } or a Tensor, but got ${value === undefined ? 'nothing' : value === null ? 'null' : typeof value}.`);
}
const fits = (shape: readonly number[], want: Port['shape']): boolean => shape.length === want.length && shape.every((d, i) => want[i] === null || d === want[i]);

/** As the model's program takes it: ids i32, all else f32. Throws DataError for NaN and for ids outside the table. */
function checked(x: Tensor, port: Port, ids: number | null, who: string): Tensor {
  const data = x.dataSync();
  const whole = ids !== null || port.dtype === 'i32';
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? 0;
    if (!Number.isFinite(value)) throw new DataError(`${who}: element ${i} is ${value}; explanations need finite numbers.`);
    if (ids !== null && (value < 0 || value >= ids || !Number.isInteger(value))) throw new DataError(`${who}: element ${i} is ${value}, but ids of this input are whole numbers from 0 to ${ids - 1}.`);
  }
  return whole ? x.cast('i32') : x.cast('f32');
}

/** One sample as [1, …]. Throws ShapeError with both shapes. */
export function toSample(value: Given, port: Port, ids: number | null, who: string): Tensor {
  const given = anyTensor(value, who), { shape } = given, want = port.shape;
  const own = fits(shape, want) ? shape
    : shape[0] === 1 && fits(shape.slice(1), want) ? shape.slice(1)
      : want.at(-1) === 1 && fits([...shape, 1], want) ? [...shape, 1]
        : shape.length === 1 && !want.includes(null) && given.size === want.reduce<number>((n, d) => n * (d ?? 1), 1) ? (want as readonly number[]) : null;
  if (own === null) throw new ShapeError(`${who}: one sample of input '${port.name}' has shape ${shown(want)}, got ${shown(shape)}. Give one sample (for several, call once for each).`);
  return checked(given.reshape([1, ...own]), port, ids, who);
}
/** Samples as [n, …]. */
export function toSamples(value: Given, port: Port, ids: number | null, who: string): Tensor {
  const given = anyTensor(value, who), { shape } = given, want = port.shape, rest = shape.slice(1);
  const own = shape.length > 0 && fits(rest, want) ? rest : want.at(-1) === 1 && fits([...rest, 1], want) ? [...rest, 1] : null;
  if (own === null) throw new ShapeError(`${who}: samples of input '${port.name}' have shape ${shown([null, ...want])}, got ${shown(shape)}.`);
  if (shape[0] === 0) throw new DataError(`${who}: there are no samples.`);
  return checked(given.reshape([shape[0] ?? 0, ...own]), port, ids, who);
}
