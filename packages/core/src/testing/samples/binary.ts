/** Samples of the binary operations, the comparisons and `where`. */
import type { DType } from '../../base/dtype.ts';
import type { HostTensor, Sample } from '../../ir/primitive.ts';
import { bool, distinct, f32, host, type PlainSample, uniform, whole } from '../data.ts';

type Arithmetic = 'add' | 'sub' | 'mul' | 'div' | 'mod' | 'pow' | 'min' | 'max';
type Bits = 'and' | 'or' | 'xor';
type Shift = 'shl' | 'shr';
type Compare = 'lt' | 'le' | 'eq';
type BinaryName = Arithmetic | Bits | Shift | Compare;

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const POINTS = [0, -0, 1, -1, inf, -inf, nan, 0.5, -2, 3e38, 1e-40, 2.5, -2.5];

/** Every pair of the values. */
function grid(dtype: DType, values: readonly number[]): [HostTensor, HostTensor] {
  const n = values.length;
  return [
    host(dtype, [n, n], values.flatMap((a) => values.map(() => a))),
    host(dtype, [n, n], values.flatMap(() => values)),
  ];
}
const smooth = (name: string, a: HostTensor, b: HostTensor, ulp = 0): PlainSample => ({ name, inputs: [a, b], attrs: {}, ulp, differentiable: true });
const pairs = (dtype: DType, values: readonly number[], ulp = 0): PlainSample => ({ name: `${dtype} pairs`, inputs: grid(dtype, values), attrs: {}, ulp });
const WORDS = [0, 1, -1, 7, -7, 3, 65536, 2147483647, -2147483648];
const UNSIGNED = [0, 1, 7, 3, 65536, 2147483648, 4294967295];
const BYTES = [0, 1, 3, 16, 127, 128, 255];
const integers = (): PlainSample[] => [pairs('i32', WORDS), pairs('u32', UNSIGNED), pairs('u8', BYTES)];

const compare = (): PlainSample[] => [
  pairs('f32', POINTS), ...integers(), pairs('bool', [0, 1]),
  { name: 'many', inputs: [whole('f32', [3, 41], 1, 0, 3), whole('f32', [3, 41], 2, 0, 3)], attrs: {} },
];
const bitwise = (): PlainSample[] => [...integers(), pairs('bool', [0, 1]), { name: 'bool many', inputs: [whole('bool', [67], 3, 0, 1), whole('bool', [67], 4, 0, 1)], attrs: {} }];
const shifts = (dtype: DType, values: readonly number[]): PlainSample => {
  const counts = [0, 1, 5, 8, 31, 32, 33];
  return { name: dtype, inputs: [host(dtype, [values.length, 7], values.flatMap((v) => counts.map(() => v))), host(dtype, [values.length, 7], values.flatMap(() => counts))], attrs: {} };
};
const shift = (): PlainSample[] => [shifts('i32', WORDS), shifts('u32', UNSIGNED), shifts('u8', BYTES)];

export const binarySamples = {
  add: () => [smooth('smooth', uniform([5, 13], 1), uniform([5, 13], 2)), pairs('f32', POINTS), ...integers()],
  sub: () => [smooth('smooth', uniform([5, 13], 3), uniform([5, 13], 4)), pairs('f32', POINTS), ...integers()],
  mul: () => [smooth('smooth', uniform([5, 13], 5), uniform([5, 13], 6)), smooth('scalars', f32([], [3]), f32([], [-2])), pairs('f32', POINTS), ...integers()],
  div: () => [smooth('smooth', uniform([5, 13], 7), uniform([5, 13], 8, 0.5, 2)), pairs('f32', POINTS), ...integers()],
  mod: () => [
    smooth('smooth', f32([6], [5.25, -5.25, 7.5, 0.3, -0.3, 9.1]), f32([6], [2, 2, -2.2, 1, 1, 3.3])),
    pairs('f32', POINTS.map((x) => (Math.abs(x) === 3e38 || x === 1e-40 ? 4 : x))), ...integers(),
  ],
  pow: () => [
    smooth('smooth', uniform([5, 13], 9, 0.2, 3), uniform([5, 13], 10, -3, 3), 2),
    { name: 'whole exponents', inputs: [f32([8], [-2, -2, -1.5, 0, 0, 3, -0, 10]), f32([8], [2, 3, -2, 0, 2, 0, 3, -3])], attrs: {}, ulp: 2 },
    { name: 'negative base', inputs: [f32([3], [-2, -1.5, 0.7]), f32([3], [2, 3, 2])], attrs: {}, ulp: 2 },
    pairs('f32', [0, -0, 1, -1, inf, -inf, nan, 0.5, -2, 2, 3, -3, 2.5], 2),
  ],
  min: () => [smooth('distinct', distinct([4, 5], 1), distinct([4, 5], 77, 0.3)), pairs('f32', POINTS), ...integers(), pairs('bool', [0, 1])],
  max: () => [smooth('distinct', distinct([4, 5], 2), distinct([4, 5], 78, 0.3)), pairs('f32', POINTS), ...integers(), pairs('bool', [0, 1])],
  and: bitwise, or: bitwise, xor: bitwise,
  shl: shift, shr: shift,
  lt: compare, le: compare, eq: compare,
  where: () => [
    { name: 'f32', inputs: [whole('bool', [3, 7], 5, 0, 1), uniform([3, 7], 11), uniform([3, 7], 12)], attrs: {}, differentiable: true },
    { name: 'drops nan', inputs: [bool([4], [1, 0, 1, 0]), f32([4], [1, nan, inf, nan]), f32([4], [nan, 2, nan, -0])], attrs: {} },
    { name: 'u8', inputs: [whole('bool', [19], 6, 0, 1), whole('u8', [19], 7, 0, 255), whole('u8', [19], 8, 0, 255)], attrs: {} },
    { name: 'bool', inputs: [bool([4], [1, 0, 1, 0]), bool([4], [0, 0, 1, 1]), bool([4], [1, 1, 0, 0])], attrs: {} },
  ],
} satisfies { [K in BinaryName | 'where']: () => readonly Sample<K>[] };
