/** Samples of reduce, argReduce and scan. */
import type { HostTensor, Sample } from '../../ir/primitive.ts';
import type { ReduceKind } from '../../ir/types.ts';
import { distinct, eighths, f32, uniform, whole } from '../data.ts';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const KINDS: readonly ReduceKind[] = ['sum', 'prod', 'max', 'min'];
const isExtreme = (kind: ReduceKind): boolean => kind === 'max' || kind === 'min';
/** Data on which the kind is smooth, and the error its order of evaluation may cause. */
const data = (kind: ReduceKind, shape: readonly number[], seed: number): HostTensor =>
  kind === 'sum' ? eighths(shape, seed) : kind === 'prod' ? uniform(shape, seed, 0.5, 1.5) : distinct(shape, seed);
const ulpOf = (kind: ReduceKind): number => (kind === 'prod' ? 16 : 0);

const AXES: readonly { readonly name: string; readonly shape: readonly number[]; readonly axes: readonly number[] }[] = [
  { name: 'all', shape: [3, 7], axes: [0, 1] },
  { name: 'last', shape: [4, 6], axes: [1] },
  { name: 'first', shape: [5, 9], axes: [0] },
  { name: 'middle', shape: [2, 5, 3], axes: [1] },
  { name: 'outer and inner', shape: [3, 2, 4], axes: [0, 2] },
  { name: 'extent one', shape: [3, 1], axes: [1] },
];

const reduceOf = (kind: ReduceKind): Sample<'reduce'>[] => [
  ...AXES.map(({ name, shape, axes }, i): Sample<'reduce'> => ({ name: `${kind} ${name}`, inputs: [data(kind, shape, 10 + i)], attrs: { kind, axes }, ulp: ulpOf(kind), differentiable: true })),
  { name: `${kind} special`, inputs: [f32([4, 3], [1, nan, 2, inf, -inf, 0, inf, inf, 1, -0, 0, -1])], attrs: { kind, axes: [1] } },
  { name: `${kind} i32`, inputs: [whole('i32', [3, 11], 20, -50, 50)], attrs: { kind, axes: [1] } },
  { name: `${kind} u32`, inputs: [whole('u32', [5, 4], 21, 1, 2 ** 31)], attrs: { kind, axes: [0] } },
  { name: `${kind} u8`, inputs: [whole('u8', [2, 19], 22, 0, 255)], attrs: { kind, axes: [1] } },
  ...(isExtreme(kind) ? [{ name: `${kind} bool`, inputs: [whole('bool', [3, 4], 23, 0, 1)], attrs: { kind, axes: [1] } }] : []),
];

const scanOf = (kind: ReduceKind): Sample<'scan'>[] => [
  ...[[false, false], [true, false], [false, true], [true, true]].map(([exclusive = false, reverse = false], i): Sample<'scan'> => ({
    name: `${kind}${exclusive ? ' exclusive' : ''}${reverse ? ' reverse' : ''}`,
    inputs: [data(kind, [3, 6, 2], 30 + i)], attrs: { kind, axis: 1, exclusive, reverse }, ulp: ulpOf(kind),
    // the exclusive extremes start with an infinity, where differences say nothing
    differentiable: !(exclusive && isExtreme(kind)),
  })),
  { name: `${kind} last axis`, inputs: [data(kind, [2, 9], 40)], attrs: { kind, axis: 1, exclusive: false, reverse: false }, ulp: ulpOf(kind), differentiable: true },
  { name: `${kind} nan`, inputs: [f32([5], [1, 2, nan, 3, 0])], attrs: { kind, axis: 0, exclusive: false, reverse: false } },
  { name: `${kind} i32`, inputs: [whole('i32', [4, 7], 41, -5, 5)], attrs: { kind, axis: 0, exclusive: true, reverse: false } },
  { name: `${kind} u8`, inputs: [whole('u8', [9], 42, 0, 255)], attrs: { kind, axis: 0, exclusive: false, reverse: true } },
];

export const reduceSamples = {
  reduce: () => [
    ...KINDS.flatMap(reduceOf),
    { name: 'prod with one zero', inputs: [f32([2, 3], [2, 0, 3, 1, 2, 4])], attrs: { kind: 'prod', axes: [1] }, differentiable: true },
    { name: 'prod with two zeros', inputs: [f32([2, 4], [2, 0, 3, 0, 0, 1, 2, 4])], attrs: { kind: 'prod', axes: [1] }, differentiable: true },
    { name: 'prod of all with a zero', inputs: [f32([2, 3], [2, 0, 3, 1, 2, 4])], attrs: { kind: 'prod', axes: [0, 1] }, differentiable: true },
    { name: 'max ties', inputs: [f32([2, 4], [1, 3, 3, 2, -1, -1, -1, -1])], attrs: { kind: 'max', axes: [1] } },
    { name: 'sum long', inputs: [uniform([3, 1000], 50, 0, 1)], attrs: { kind: 'sum', axes: [1] }, ulp: 32 },
    { name: 'sum wide', inputs: [eighths([40, 130], 51)], attrs: { kind: 'sum', axes: [0] } },
  ],
  argReduce: () => (['max', 'min'] as const).flatMap((kind): Sample<'argReduce'>[] => [
    { name: `${kind} last`, inputs: [distinct([4, 7], 60)], attrs: { kind, axis: 1 } },
    { name: `${kind} first`, inputs: [distinct([4, 7], 61)], attrs: { kind, axis: 0 } },
    { name: `${kind} middle`, inputs: [whole('i32', [2, 9, 3], 62, -3, 3)], attrs: { kind, axis: 1 } },
    { name: `${kind} ties`, inputs: [f32([3, 4], [1, 3, 3, 0, 2, 2, 2, 2, -0, 0, 0, -0])], attrs: { kind, axis: 1 } },
    { name: `${kind} nan`, inputs: [f32([3, 4], [1, nan, 3, nan, nan, 1, 2, 3, inf, -inf, inf, -inf])], attrs: { kind, axis: 1 } },
    { name: `${kind} u8`, inputs: [whole('u8', [3, 18], 63, 0, 255)], attrs: { kind, axis: 1 } },
    { name: `${kind} u32`, inputs: [whole('u32', [11], 64, 0, 2 ** 32 - 1)], attrs: { kind, axis: 0 } },
  ]),
  scan: () => [
    ...KINDS.flatMap(scanOf),
    { name: 'prod zeros', inputs: [f32([2, 5], [2, 0, 3, 0.5, 1, 1, 2, 0, 0, 3])], attrs: { kind: 'prod', axis: 1, exclusive: false, reverse: false }, differentiable: true },
    { name: 'max ties', inputs: [f32([6], [1, 3, 3, 2, 3, 4])], attrs: { kind: 'max', axis: 0, exclusive: false, reverse: false } },
  ],
} satisfies { [K in 'reduce' | 'argReduce' | 'scan']: () => readonly Sample<K>[] };
