/** Samples of the operations that move elements. */
import type { HostTensor, Sample } from '../../ir/primitive.ts';
import type { OpAttrs } from '../../ir/types.ts';
import { uniform, whole } from '../data.ts';

type MovementName = 'reshape' | 'transpose' | 'broadcast' | 'slice' | 'pad' | 'concat';

const of = <K extends MovementName>(name: string, inputs: HostTensor | readonly HostTensor[], attrs: OpAttrs[K]): Sample<K> => {
  const list = 'type' in inputs ? [inputs] : inputs;
  return { name, inputs: list, attrs, differentiable: list.every((x) => x.type.dtype === 'f32') };
};
const bytes = (shape: readonly number[], seed: number): HostTensor => whole('u8', shape, seed, 0, 255);

export const movementSamples = {
  reshape: () => [
    of<'reshape'>('merge', uniform([2, 3, 4], 1), { shape: [6, 4] }),
    of<'reshape'>('split', uniform([12], 2), { shape: [2, 1, 6] }),
    of<'reshape'>('to scalar', uniform([1, 1], 3), { shape: [] }),
    of<'reshape'>('u8', bytes([2, 9], 4), { shape: [3, 6] }),
  ],
  transpose: () => [
    of<'transpose'>('matrix', uniform([5, 7], 5), { perm: [1, 0] }),
    of<'transpose'>('three', uniform([2, 3, 4], 6), { perm: [2, 0, 1] }),
    of<'transpose'>('inner swap', uniform([2, 3, 1, 5], 7), { perm: [0, 3, 2, 1] }),
    of<'transpose'>('u8', bytes([17, 3], 8), { perm: [1, 0] }),
  ],
  broadcast: () => [
    of<'broadcast'>('rows', uniform([1, 5], 9), { shape: [4, 5] }),
    of<'broadcast'>('columns', uniform([4, 1], 10), { shape: [4, 5] }),
    of<'broadcast'>('both', uniform([1, 3, 1], 11), { shape: [2, 3, 4] }),
    of<'broadcast'>('bool', whole('bool', [1, 4], 12, 0, 1), { shape: [3, 4] }),
  ],
  slice: () => [
    of<'slice'>('block', uniform([5, 6], 13), { starts: [1, 2], sizes: [3, 4], strides: [1, 1] }),
    of<'slice'>('strided', uniform([7, 9], 14), { starts: [1, 0], sizes: [3, 5], strides: [2, 2] }),
    of<'slice'>('reversed', uniform([4, 5], 15), { starts: [3, 4], sizes: [4, 3], strides: [-1, -2] }),
    of<'slice'>('one element', uniform([3, 3], 16), { starts: [2, 1], sizes: [1, 1], strides: [1, 1] }),
    of<'slice'>('u8 reversed', bytes([23], 17), { starts: [22], sizes: [23], strides: [-1] }),
  ],
  pad: () => [
    of<'pad'>('edges', uniform([2, 3], 18), { low: [1, 0], high: [2, 3], interior: [0, 0], value: 0 }),
    of<'pad'>('interior', uniform([3, 4], 19), { low: [0, 1], high: [0, 2], interior: [1, 2], value: -1.5 }),
    { ...of<'pad'>('infinite', uniform([3], 20), { low: [1], high: [1], interior: [0], value: -Infinity }), differentiable: false }, // sums are infinite
    of<'pad'>('one row', uniform([1, 2], 21), { low: [0, 0], high: [0, 1], interior: [3, 1], value: 2 }),
    of<'pad'>('u8', bytes([5], 22), { low: [2], high: [13], interior: [1], value: 7 }),
  ],
  concat: () => [
    of<'concat'>('rows', [uniform([2, 3], 23), uniform([1, 3], 24), uniform([4, 3], 25)], { axis: 0 }),
    of<'concat'>('columns', [uniform([2, 3], 26), uniform([2, 5], 27)], { axis: 1 }),
    of<'concat'>('middle', [uniform([2, 1, 3], 28), uniform([2, 4, 3], 29)], { axis: 1 }),
    of<'concat'>('bool', [whole('bool', [5], 30, 0, 1), whole('bool', [14], 31, 0, 1)], { axis: 0 }),
  ],
} satisfies { [K in MovementName]: () => readonly Sample<K>[] };
