/** Samples of the unary operations. */
import type { DType } from '../../base/dtype.ts';
import type { Sample } from '../../ir/primitive.ts';
import { bool, f32, host, i32, type PlainSample, uniform, whole } from '../data.ts';

type UnaryName = 'neg' | 'exp' | 'log' | 'log1p' | 'expm1' | 'sin' | 'cos' | 'tanh' | 'erf' | 'sqrt' | 'floor' | 'round' | 'not';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const SPECIAL = [0, -0, inf, -inf, nan, 1, -1, 1e-40, -1e-40, 3.4e38, -3.4e38, 1.1754944e-38, 1e-8];
/** Smooth and special points of a function of one float. */
const curve = (low: number, high: number, ulp: number, extra: readonly number[] = []): PlainSample[] => [
  { name: 'smooth', inputs: [uniform([7, 19], 1, low, high)], attrs: {}, ulp, differentiable: true },
  { name: 'special', inputs: [f32([SPECIAL.length + extra.length], [...SPECIAL, ...extra])], attrs: {}, ulp },
  { name: 'scalar', inputs: [f32([], [(low + high) / 2 + 0.1])], attrs: {}, ulp, differentiable: true },
];
/** Points where rounding functions decide. */
const STEPS = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999997, 8388607.5, 8388609, 16777217, -8388608.5, 1e10, -0.2];

const sample = (from: DType, dtype: DType, values: readonly number[]): Sample<'cast'> => ({ name: `${from} to ${dtype}`, inputs: [host(from, [values.length], values)], attrs: { dtype } });
const FLOATS = [0, -0, 0.9, -0.9, 1.5, -1.5, 255, 256, 300.7, -1e10, 1e10, 2147483520, 2147483648, -2147483648, 4294967040, 4294967296, nan, inf, -inf];
const BYTES = [0, 1, 2, 127, 128, 255];
const WORDS = [0, 1, 2, 255, 256, -1, 16777217, 2147483647, -2147483648];
const UNSIGNED = [0, 1, 255, 256, 16777217, 2147483647, 2147483648, 4294967295, 4294967167];

export const unarySamples = {
  neg: () => [
    ...curve(-4, 4, 0),
    { name: 'i32', inputs: [i32([5], [0, 1, -1, 2147483647, -2147483648])], attrs: {} },
    { name: 'u32', inputs: [host('u32', [3], [0, 1, 4294967295])], attrs: {} },
    { name: 'u8', inputs: [host('u8', [4], [0, 1, 128, 255])], attrs: {} },
  ],
  exp: () => [...curve(-5, 5, 2, [88.7, 88.8, -87.3, -88, -100, -103.5, -104.5, 0.34657, -0.34658]), { name: 'wide', inputs: [uniform([257], 2, -87, 88)], attrs: {}, ulp: 2 }],
  log: () => [...curve(0.1, 9, 2, [0.99999, 1.00001, 0.70710677, 0.7071068, 1.4142135, 2]), { name: 'large', inputs: [uniform([65], 3, 1, 3e38)], attrs: {}, ulp: 2 }],
  log1p: () => curve(-0.9, 9, 2, [-0.99999994, 1e-5, -1e-5, 1e-3, 0.41, -0.29, -2]),
  expm1: () => curve(-4, 4, 2, [1e-5, -1e-5, 1e-3, 0.35, -0.35, 88.7, 89, -17, -40]),
  sin: () => [...curve(-6, 6, 2, [3.1415927, 1.5707964, 1e-4, 100.5, -1000.25]), { name: 'wide', inputs: [uniform([65], 4, -5000, 5000)], attrs: {}, ulp: 2 }],
  cos: () => [...curve(-6, 6, 2, [3.1415927, 1.5707964, 1e-4, 100.5, -1000.25]), { name: 'wide', inputs: [uniform([65], 5, -5000, 5000)], attrs: {}, ulp: 2 }],
  tanh: () => curve(-4, 4, 2, [1e-4, 0.3, 0.625, 9, 9.1, -12, 20]),
  erf: () => curve(-3, 3, 2, [1e-4, 0.5, 0.84375, 1.25, 2, 3.5, 3.9, 4, 6]),
  sqrt: () => curve(0.1, 9, 0, [2, 3, 4]),
  floor: () => [{ ...curve(-4, 4, 0)[0] as PlainSample, differentiable: false }, curve(-4, 4, 0, STEPS)[1] as PlainSample],
  round: () => [{ ...curve(-4, 4, 0)[0] as PlainSample, differentiable: false }, curve(-4, 4, 0, STEPS)[1] as PlainSample],
  not: () => [
    { name: 'bool', inputs: [bool([2, 3], [0, 1, 1, 0, 0, 1])], attrs: {} },
    { name: 'i32', inputs: [whole('i32', [9], 6, -100, 100)], attrs: {} },
    { name: 'u32', inputs: [host('u32', [3], [0, 5, 4294967295])], attrs: {} },
    { name: 'u8', inputs: [host('u8', [18], Array.from({ length: 18 }, (_, i) => i * 15))], attrs: {} },
  ],
  cast: () => [
    ...(['i32', 'u32', 'u8', 'bool'] as const).map((to) => sample('f32', to, FLOATS)),
    ...(['f32', 'i32', 'u32', 'bool'] as const).map((to) => sample('u8', to, BYTES)),
    ...(['f32', 'u32', 'u8', 'bool'] as const).map((to) => sample('i32', to, WORDS)),
    ...(['f32', 'i32', 'u8', 'bool'] as const).map((to) => sample('u32', to, UNSIGNED)),
    ...(['f32', 'i32', 'u32', 'u8'] as const).map((to) => sample('bool', to, [0, 1, 1])),
    { name: 'images', inputs: [whole('u8', [3, 28, 28], 7, 0, 255)], attrs: { dtype: 'f32' } },
  ],
  bitcast: () => [
    { name: 'f32 to i32', inputs: [f32([5], [0, -0, 1, -2.5, inf])], attrs: { dtype: 'i32' } },
    { name: 'u32 to f32', inputs: [host('u32', [4], [0x3f800000, 0x40490fdb, 0, 0xbf800001])], attrs: { dtype: 'f32' } },
    { name: 'i32 to u32', inputs: [i32([3], [-1, 0, 7])], attrs: { dtype: 'u32' } },
    { name: 'bool to u8', inputs: [bool([3], [1, 0, 1])], attrs: { dtype: 'u8' } },
  ],
} satisfies { [K in UnaryName | 'cast' | 'bitcast']: () => readonly Sample<K>[] };
