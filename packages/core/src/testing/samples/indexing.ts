/** Samples of gather, scatter and sort. */
import type { Sample } from '../../ir/primitive.ts';
import type { ScatterKind } from '../../ir/types.ts';
import { distinct, eighths, f32, i32, uniform, whole } from '../data.ts';

const KINDS: readonly ScatterKind[] = ['set', 'add', 'max', 'min'];

const scatterOf = (kind: ScatterKind): Sample<'scatter'>[] => [
  { name: `${kind} rows`, inputs: [distinct([6, 3], 1), i32([3], [4, 0, 5]), uniform([3, 3], 2)], attrs: { kind, axis: 0, batchDims: 0 }, differentiable: true },
  { name: `${kind} columns`, inputs: [distinct([2, 5], 3), i32([2], [3, 1]), uniform([2, 2], 4)], attrs: { kind, axis: 1, batchDims: 0 }, differentiable: true },
  { name: `${kind} batched`, inputs: [distinct([3, 4], 5), i32([3, 2], [0, 3, 2, 1, 1, 0]), uniform([3, 2], 6)], attrs: { kind, axis: 1, batchDims: 1 }, differentiable: true },
  { name: `${kind} same place twice`, inputs: [distinct([4, 2], 7), i32([4], [1, 3, 1, 1]), distinct([4, 2], 8, 0.375)], attrs: { kind, axis: 0, batchDims: 0 }, differentiable: true },
  { name: `${kind} out of range`, inputs: [distinct([4, 2], 9), i32([4], [-1, 4, 2, 100]), distinct([4, 2], 10, 0.375)], attrs: { kind, axis: 0, batchDims: 0 }, differentiable: true },
  { name: `${kind} scalar index`, inputs: [distinct([4, 2], 11), i32([], [2]), uniform([2], 12)], attrs: { kind, axis: 0, batchDims: 0 }, differentiable: true },
  { name: `${kind} middle, two index axes`, inputs: [distinct([2, 7, 2], 13), i32([2, 2], [6, 0, 3, 2]), uniform([2, 2, 2, 2], 14)], attrs: { kind, axis: 1, batchDims: 0 }, differentiable: true },
  { name: `${kind} i32`, inputs: [whole('i32', [5], 15, -9, 9), i32([4], [0, 2, 2, 4]), whole('i32', [4], 16, -9, 9)], attrs: { kind, axis: 0, batchDims: 0 } },
];

export const indexingSamples = {
  gather: () => [
    { name: 'rows', inputs: [uniform([6, 3], 20), i32([4], [5, 0, 2, 2])], attrs: { axis: 0, batchDims: 0 }, differentiable: true },
    { name: 'columns', inputs: [uniform([3, 6], 21), i32([2], [5, 1])], attrs: { axis: 1, batchDims: 0 }, differentiable: true },
    { name: 'sequences', inputs: [uniform([9, 4], 22), i32([2, 3], [1, 8, 3, 3, 0, 7])], attrs: { axis: 0, batchDims: 0 }, differentiable: true },
    { name: 'labels', inputs: [uniform([4, 5], 23), i32([4], [0, 4, 2, 2])], attrs: { axis: 1, batchDims: 1 }, differentiable: true },
    { name: 'batched rows', inputs: [uniform([2, 5, 3], 24), i32([2, 2], [4, 1, 0, 0])], attrs: { axis: 1, batchDims: 1 }, differentiable: true },
    { name: 'batch and middle', inputs: [uniform([2, 3, 5, 2], 25), i32([2, 4], [4, 1, 0, 0, 2, 2, 3, 1])], attrs: { axis: 2, batchDims: 1 }, differentiable: true },
    { name: 'clamped', inputs: [uniform([4, 2], 26), i32([4], [-3, 4, 100, 1])], attrs: { axis: 0, batchDims: 0 }, differentiable: true },
    { name: 'scalar index', inputs: [uniform([4, 2], 27), i32([], [3])], attrs: { axis: 0, batchDims: 0 }, differentiable: true },
    { name: 'u8', inputs: [whole('u8', [7, 5], 28, 0, 255), i32([3], [6, 0, 3])], attrs: { axis: 0, batchDims: 0 } },
    { name: 'i32', inputs: [whole('i32', [7], 29, -99, 99), whole('i32', [3, 5], 30, 0, 6)], attrs: { axis: 0, batchDims: 0 } },
  ],
  scatter: () => [
    ...KINDS.flatMap(scatterOf),
    { name: 'add many', inputs: [eighths([5, 3], 31), whole('i32', [40], 32, 0, 4), eighths([40, 3], 33)], attrs: { kind: 'add', axis: 0, batchDims: 0 } },
    { name: 'max ties', inputs: [f32([3], [1, 2, 3]), i32([4], [0, 0, 2, 1]), f32([4], [5, 5, 3, 1])], attrs: { kind: 'max', axis: 0, batchDims: 0 } },
    { name: 'set u8', inputs: [whole('u8', [9], 34, 0, 255), i32([3], [8, 0, 4]), whole('u8', [3], 35, 0, 255)], attrs: { kind: 'set', axis: 0, batchDims: 0 } },
  ],
  sort: () => [false, true].flatMap((descending): Sample<'sort'>[] => {
    const way = descending ? 'descending' : 'ascending';
    return [
      { name: `${way} last`, inputs: [distinct([3, 7], 40)], attrs: { axis: 1, descending }, differentiable: true },
      { name: `${way} first with values`, inputs: [distinct([6, 2], 41), uniform([6, 2], 42)], attrs: { axis: 0, descending }, differentiable: true },
      { name: `${way} middle, two values`, inputs: [distinct([2, 5, 3], 43), uniform([2, 5, 3], 44), whole('i32', [2, 5, 3], 45, 0, 99)], attrs: { axis: 1, descending }, differentiable: true },
      { name: `${way} stable`, inputs: [f32([9], [2, 1, 2, 0, -0, 1, 2, 0, 1]), i32([9], [0, 1, 2, 3, 4, 5, 6, 7, 8])], attrs: { axis: 0, descending } },
      { name: `${way} nan`, inputs: [f32([7], [Number.NaN, 3, -Infinity, Number.NaN, Infinity, 0, -1]), i32([7], [0, 1, 2, 3, 4, 5, 6])], attrs: { axis: 0, descending } },
      { name: `${way} i32`, inputs: [whole('i32', [2, 33], 46, -20, 20)], attrs: { axis: 1, descending } },
      { name: `${way} u32`, inputs: [whole('u32', [17], 47, 0, 2 ** 32 - 1)], attrs: { axis: 0, descending } },
      { name: `${way} one element`, inputs: [uniform([4, 1], 48)], attrs: { axis: 1, descending }, differentiable: true },
      { name: `${way} long`, inputs: [uniform([100], 49)], attrs: { axis: 0, descending } },
    ];
  }),
} satisfies { [K in 'gather' | 'scatter' | 'sort']: () => readonly Sample<K>[] };
