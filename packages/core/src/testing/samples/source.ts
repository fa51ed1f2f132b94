/** Samples of the sources and effects. input, state and assign need a graph of their own and are tested with the backends. */
import type { Sample } from '../../ir/primitive.ts';
import { f32, host, type PlainSample, uniform, whole } from '../data.ts';

const identity = (): PlainSample[] => [
  { name: 'f32', inputs: [uniform([3, 5], 1)], attrs: {} },
  { name: 'u8', inputs: [whole('u8', [19], 2, 0, 255)], attrs: {} },
];

export const sourceSamples = {
  input: () => [], state: () => [], assign: () => [],
  const: () => [
    { name: 'all elements', inputs: [], attrs: uniformConst() },
    { name: 'splat', inputs: [], attrs: { type: { shape: [3, 4], dtype: 'f32' }, data: Float32Array.of(2.5) } },
    { name: 'scalar i32', inputs: [], attrs: { type: { shape: [], dtype: 'i32' }, data: Int32Array.of(-7) } },
    { name: 'bool', inputs: [], attrs: { type: { shape: [5], dtype: 'bool' }, data: Uint8Array.of(1, 0, 1, 1, 0) } },
    { name: 'u32', inputs: [], attrs: { type: { shape: [2], dtype: 'u32' }, data: Uint32Array.of(4294967295, 1) } },
  ],
  iota: () => [
    { name: 'i32', inputs: [], attrs: { type: { shape: [7], dtype: 'i32' }, axis: 0 } },
    { name: 'rows', inputs: [], attrs: { type: { shape: [3, 5], dtype: 'f32' }, axis: 0 } },
    { name: 'middle', inputs: [], attrs: { type: { shape: [2, 3, 4], dtype: 'u32' }, axis: 1 } },
    { name: 'u8', inputs: [], attrs: { type: { shape: [2, 20], dtype: 'u8' }, axis: 1 } },
  ],
  randomBits: () => [
    { name: 'even', inputs: [host('u32', [2], [1, 2])], attrs: { shape: [4, 6], bits: 32 } },
    { name: 'odd', inputs: [host('u32', [2], [4294967295, 123456789])], attrs: { shape: [3, 7], bits: 32 } },
    { name: 'one', inputs: [host('u32', [2], [0, 0])], attrs: { shape: [], bits: 32 } },
    { name: 'many', inputs: [host('u32', [2], [42, 7])], attrs: { shape: [1001], bits: 32 } },
    { name: 'halves of words', inputs: [host('u32', [2], [1, 2])], attrs: { shape: [4, 6], bits: 16 } },
    { name: 'halves, odd', inputs: [host('u32', [2], [42, 7])], attrs: { shape: [7, 143], bits: 16 } },
    { name: 'half of one', inputs: [host('u32', [2], [9, 0])], attrs: { shape: [], bits: 16 } },
  ],
  stopGradient: identity,
  barrier: () => [...identity(), { name: 'gradient', inputs: [uniform([4], 3)], attrs: {}, differentiable: true }],
  allReduce: () => [
    { name: 'sum', inputs: [f32([3], [1, -2, 3])], attrs: { kind: 'sum' }, differentiable: true },
    { name: 'max i32', inputs: [whole('i32', [5], 4, -9, 9)], attrs: { kind: 'max' } },
  ],
} satisfies { [K in 'input' | 'state' | 'assign' | 'const' | 'iota' | 'randomBits' | 'stopGradient' | 'barrier' | 'allReduce']: () => readonly Sample<K>[] };

function uniformConst() {
  const { type, data } = uniform([4, 3], 5);
  return { type, data };
}
