/**
 * Test data: reproducible host tensors. Values are drawn with Threefry from a seed, so a test's data never change.
 */
import { createArray, type DType, type HostArray } from '../base/dtype.ts';
import { sizeOf, type Shape } from '../base/shape.ts';
import type { HostTensor } from '../ir/primitive.ts';
import { threefry2x32 } from '../ir/table/threefry.ts';

/** A tensor with the given elements, converted to the dtype. */
export function host(dtype: DType, shape: Shape, values: ArrayLike<number>): HostTensor {
  const data: HostArray = createArray(dtype, sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = values[i] ?? Number.NaN;
  return { type: { shape: [...shape], dtype }, data };
}
export const f32 = (shape: Shape, values: ArrayLike<number>): HostTensor => host('f32', shape, values);
export const i32 = (shape: Shape, values: ArrayLike<number>): HostTensor => host('i32', shape, values);
export const bool = (shape: Shape, values: ArrayLike<number>): HostTensor => host('bool', shape, values);

/** A whole number 0 ≤ n < 2^32 for each (seed, index). */
export const drawBits = (seed: number, index: number): number => threefry2x32(seed, 0x5eed, index, 0)[0];
/** A number 0 ≤ x < 1 for each (seed, index). */
export const draw = (seed: number, index: number): number => drawBits(seed, index) / 2 ** 32;

const fill = (dtype: DType, shape: Shape, value: (i: number) => number): HostTensor => host(dtype, shape, Array.from({ length: sizeOf(shape) }, (_, i) => value(i)));

/** Uniform in [low, high). */
export const uniform = (shape: Shape, seed: number, low = -1, high = 1, dtype: DType = 'f32'): HostTensor => fill(dtype, shape, (i) => low + (high - low) * draw(seed, i));
/** Whole numbers in low..high, any dtype. */
export const whole = (dtype: DType, shape: Shape, seed: number, low: number, high: number): HostTensor => fill(dtype, shape, (i) => low + (drawBits(seed, i) % (high - low + 1)));
/** Multiples of 1/8 in [-2, 2]: sums and products of some thousand of them are exact in f32, in any order. */
export const eighths = (shape: Shape, seed: number): HostTensor => fill('f32', shape, (i) => ((drawBits(seed, i) % 33) - 16) / 8);
/** Distinct values, at least `step` apart, none nearer to 0 than step / 2, shuffled: no ties and no kinks for gradient checks. */
export function distinct(shape: Shape, seed: number, step = 0.25): HostTensor {
  const count = sizeOf(shape), order = Array.from({ length: count }, (_, i) => i).sort((a, b) => drawBits(seed, a) - drawBits(seed, b));
  return fill('f32', shape, (i) => ((order[i] ?? 0) - Math.floor(count / 2) + 0.5) * step);
}

/** A sample of an operation without attributes, fit for each of them. */
export interface PlainSample {
  readonly name: string;
  readonly inputs: readonly HostTensor[];
  readonly attrs: Readonly<Record<never, never>>;
  readonly differentiable?: boolean;
  readonly ulp?: number;
}
