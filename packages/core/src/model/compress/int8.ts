/**
 * Weights as eight bits (symmetric, one scale for each output channel): q = round(w / scale), scale = max |w| / 127, kept as bytes q + 128 because files of other
 * programs know U8 everywhere. A file says in its document 'quantized' which tensors are so; whoever reads it gets f32 back.
 */
import { FormatError } from '../../base/errors.ts';
import { at, sizeOf } from '../../base/shape.ts';
import type { NamedTensor } from '../safetensors.ts';

/** Named tensors, as archives hold them. */
type Entries = readonly { readonly name: string; readonly tensor: NamedTensor }[];
/** Where the zero of a byte lies. */
const ZERO = 128;
/** What is behind the name of a weight whose scales a tensor holds. */
export const SCALES = '.scale';
/** For each quantized weight, by its name: the axes that have scales of their own. */
export type QuantizedAxes = Readonly<Record<string, readonly number[]>>;

/** For each element the number of its channel, given the axes that channels are counted over. */
function channels(shape: readonly number[], axes: readonly number[]): { readonly count: number; readonly of: Int32Array } {
  const of = new Int32Array(sizeOf(shape)), counter = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < of.length; i++) {
    of[i] = axes.reduce((c, axis) => c * at(shape, axis) + at(counter, axis), 0);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      counter[axis] = at(counter, axis) + 1;
      if (at(counter, axis) < at(shape, axis)) break;
      counter[axis] = 0;
    }
  }
  return { count: axes.reduce((n, axis) => n * at(shape, axis), 1), of };
}
/** A weight as bytes and scales. */
export function quantized({ shape, data }: NamedTensor, axes: readonly number[]): { readonly bytes: NamedTensor; readonly scales: NamedTensor } {
  const { count, of } = channels(shape, axes), scales = new Float32Array(count), bytes = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) scales[at(of, i)] = Math.max(at(scales, at(of, i)), Math.abs(at(data, i)));
  for (let c = 0; c < count; c++) scales[c] = at(scales, c) / 127;
  for (let i = 0; i < data.length; i++) { const scale = at(scales, at(of, i)); bytes[i] = ZERO + (scale === 0 ? 0 : Math.max(-127, Math.min(127, Math.round(at(data, i) / scale)))); }
  return { bytes: { dtype: 'u8', shape, data: bytes }, scales: { dtype: 'f32', shape: [count], data: scales } };
}
/** The f32 weights of a group of which some are bytes with scales. Throws FormatError where scales are missing or do not fit. */
export function dequantized(entries: Entries, axesOf: QuantizedAxes, name: string): Entries {
  const byName = new Map(entries.map((entry) => [entry.name, entry.tensor]));
  return entries.filter((entry) => !(entry.name.endsWith(SCALES) && Object.hasOwn(axesOf, entry.name.slice(0, -SCALES.length)))).map((entry) => {
    const axes = Object.hasOwn(axesOf, entry.name) ? axesOf[entry.name] : undefined;
    if (axes === undefined) return entry;
    const { shape, data, dtype } = entry.tensor, scales = byName.get(`${entry.name}${SCALES}`);
    const fits = Array.isArray(axes) && axes.every((axis) => Number.isInteger(axis) && axis >= 0 && axis < shape.length);
    if (dtype !== 'u8' || !fits || scales?.dtype !== 'f32' || scales.data.length !== axes.reduce((n, axis) => n * at(shape, axis), 1)) throw new FormatError(`${name}: the quantized weight '${entry.name}' has no scales that fit it. The file is damaged.`);
    const { of } = channels(shape, axes), values = Float32Array.from(data, (byte, i) => (byte - ZERO) * at(scales.data, at(of, i)));
    return { name: entry.name, tensor: { dtype: 'f32', shape, data: values } };
  });
}
