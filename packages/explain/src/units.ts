/** Units: what is hidden together. Pixels (all channels), patches, columns, steps, tokens. */
import { ValueError } from '@limelight/core';
import type { Kind } from './types.ts';

export interface Units {
  readonly count: number;
  /** unit of each element of a sample, row-major */
  readonly of: Int32Array;
  /** how the units lie: [height, width], [steps, features], [features] */
  readonly grid: readonly number[];
}

const size = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1);
/** One unit for each place of the leading `axes` axes. */
const leading = (shape: readonly number[], axes: number): Units => {
  const grid = shape.slice(0, axes), count = size(grid), each = size(shape.slice(axes));
  return { count, of: Int32Array.from({ length: count * each }, (_, i) => Math.floor(i / each)), grid };
};
/** The smallest units of an input: pixels with all channels, tokens, else elements. */
export const finest = (kind: Kind, shape: readonly number[]): Units => leading(shape, kind === 'image' ? Math.min(2, shape.length) : shape.length);

/** Units few enough to count coalitions of: columns, tokens, steps (all features), patches of an image (about `most` of them). */
export function coarse(kind: Kind, shape: readonly number[], most: number): Units {
  if (kind === 'image' && shape.length >= 2) {
    const [height = 1, width = 1] = shape, side = Math.max(1, Math.ceil(Math.sqrt((height * width) / most)));
    return patches(shape, side);
  }
  if (kind === 'sequence') return leading(shape, 1);
  return finest(kind, shape);
}
/** Square patches of `side` pixels; those at the right and lower border may be smaller. */
export function patches(shape: readonly number[], side: number): Units {
  const [height = 1, width = 1] = shape, each = size(shape.slice(2)), rows = Math.ceil(height / side), columns = Math.ceil(width / side);
  const of = Int32Array.from({ length: height * width * each }, (_, i) => {
    const pixel = Math.floor(i / each);
    return Math.floor(Math.floor(pixel / width) / side) * columns + Math.floor((pixel % width) / side);
  });
  return { count: rows * columns, of, grid: [rows, columns] };
}
/** Units that a user gave: a number from 0 on for each element. */
export function givenUnits(groups: readonly number[] | Int32Array, elements: number, who: string): Units {
  if (groups.length !== elements) throw new ValueError(`${who}: groups has ${groups.length} numbers; a sample has ${elements} elements.`);
  const count = Math.max(...groups) + 1, seen = new Set(groups);
  if (seen.size !== count || [...groups].some((g) => !Number.isInteger(g) || g < 0)) throw new ValueError(`${who}: groups must be whole numbers from 0 on, without gaps.`);
  return { count, of: Int32Array.from(groups), grid: [count] };
}
/** Sums of the elements of each unit. */
export function perUnit(values: ArrayLike<number>, units: Units): Float64Array {
  const sums = new Float64Array(units.count);
  for (let i = 0; i < values.length; i++) sums[units.of[i] ?? 0] = (sums[units.of[i] ?? 0] ?? 0) + (values[i] ?? 0);
  return sums;
}
/** The value of each unit spread evenly over its elements. */
export function perElement(values: ArrayLike<number>, units: Units): Float32Array {
  const sizes = new Float64Array(units.count);
  for (const u of units.of) sizes[u] = (sizes[u] ?? 0) + 1;
  return Float32Array.from(units.of, (u) => (values[u] ?? 0) / (sizes[u] ?? 1));
}
