/** Loops shared by the reference evaluations: element maps and strided walks over host arrays. */
import { createArray, type HostArray } from '../../base/dtype.ts';
import { at, sizeOf, stridesOf, type Shape } from '../../base/shape.ts';
import type { HostTensor } from '../primitive.ts';
import type { TensorType } from '../types.ts';

/** Fresh memory for a result. */
export const resultArray = (results: readonly TensorType[]): HostArray => {
  const type = at(results, 0);
  return createArray(type.dtype, sizeOf(type.shape));
};

export function map1(x: HostTensor, results: readonly TensorType[], f: (x: number) => number): HostArray[] {
  const out = resultArray(results), data = x.data;
  for (let i = 0; i < out.length; i++) out[i] = f(data[i] as number);
  return [out];
}

export function map2(a: HostTensor, b: HostTensor, results: readonly TensorType[], f: (a: number, b: number) => number): HostArray[] {
  const out = resultArray(results), left = a.data, right = b.data;
  for (let i = 0; i < out.length; i++) out[i] = f(left[i] as number, right[i] as number);
  return [out];
}

/** Memory offsets of all elements of `shape` in row-major order, for the given strides. */
export function offsetsOf(shape: Shape, strides: readonly number[], start = 0): Int32Array {
  let offsets = Int32Array.of(start);
  shape.forEach((extent, axis) => {
    const stride = at(strides, axis), next = new Int32Array(offsets.length * extent);
    for (let i = 0, j = 0; i < offsets.length; i++) for (let k = 0; k < extent; k++) next[j++] = (offsets[i] as number) + k * stride;
    offsets = next;
  });
  return offsets;
}

/** Offsets of the elements of some axes of a dense tensor, the other axes at 0. */
export function axisOffsets(shape: Shape, axes: readonly number[]): Int32Array {
  const strides = stridesOf(shape);
  return offsetsOf(axes.map((a) => at(shape, a)), axes.map((a) => at(strides, a)));
}

/** A new array holding the elements at the given offsets. */
export function take(source: HostArray, results: readonly TensorType[], offsets: Int32Array): HostArray[] {
  const out = resultArray(results);
  for (let i = 0; i < out.length; i++) out[i] = source[offsets[i] as number] as number;
  return [out];
}

/** The axes of `shape` before, at and after `axis`, as three extents. */
export function split(shape: Shape, axis: number): { outer: number; extent: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), extent: at(shape, axis), inner: sizeOf(shape.slice(axis + 1)) };
}
