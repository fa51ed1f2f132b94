import { describe, it } from 'vitest';
import type { DType } from '../../../base/dtype.ts';
import { affine, type SortBody } from '../../../kernel/ir.ts';
import { buffer, checkKernel, values } from './harness.testing.ts';

const DTYPES: readonly DType[] = ['f32', 'i32', 'u32', 'u8'];

describe('sort kernels', () => {
  const sort = (rows: number, length: number, descending: boolean, dtype: DType, a: number, b: number): SortBody => ({
    kind: 'sort', axes: [rows], length, descending, at: affine(0, [a]), stride: b,
    inputs: [{ buffer: 0, dtype }, { buffer: 1, dtype: 'i32' }, { buffer: 2, dtype: 'u8' }], outputs: [{ buffer: 3, dtype }, { buffer: 4, dtype: 'i32' }, { buffer: 5, dtype: 'u8' }], scratch: 6,
  });
  for (const dtype of DTYPES) {
    it(`rows and columns of ${dtype}, stable, both orders`, () => {
      for (const [rows, length] of [[1, 1], [3, 2], [4, 5], [2, 33], [1, 100], [9, 16]] as const) {
        const n = rows * length, keys = values(dtype, n).map((v, i) => (i % 3 === 0 ? 2 : Math.trunc(v))) as Float32Array;
        if (dtype === 'f32') for (let i = 1; i < n; i += 7) keys[i] = [NaN, -Infinity, -0, Infinity][i % 4] ?? 0;
        const make = () => [buffer(dtype, keys), buffer('i32', Int32Array.from({ length: n }, (_, i) => i)), buffer('u8', values('u8', n)), buffer(dtype, values(dtype, n)), buffer('i32', new Int32Array(n)), buffer('u8', new Uint8Array(n)), buffer('u32', new Uint32Array(2 * length))];
        for (const descending of [false, true]) for (const [a, b] of [[length, 1], [1, rows]] as const) checkKernel(sort(rows, length, descending, dtype, a, b), make());
      }
    });
  }
  it('long rows go by digits: the same order, stable, with NaN, -0 and both infinities', () => {
    const length = 700, n = 2 * length;
    const wide = (dtype: DType): Float32Array | Int32Array | Uint32Array => {
      let s = 7;
      const bits = Uint32Array.from({ length: n }, () => { s = (Math.imul(s, 1664525) + 1013904223) >>> 0; return s; });
      if (dtype === 'f32') return Float32Array.from(bits, (b, i) => (i % 5 === 0 ? [NaN, -NaN, -Infinity, Infinity, -0, 0][b % 6] ?? 0 : ((b | 0) / 2 ** 31) * 10 ** ((b % 40) - 20)));
      const all = bits.map((b, i) => (i % 3 === 0 ? b : b % 50));
      return dtype === 'i32' ? new Int32Array(all.buffer) : all;
    };
    for (const dtype of ['f32', 'i32', 'u32'] as const) {
      const keys = wide(dtype);
      for (const descending of [false, true]) for (const [a, b] of [[length, 1], [1, 2]] as const) {
        const make = [buffer(dtype, keys), buffer('i32', Int32Array.from({ length: n }, (_, i) => i)), buffer('u8', values('u8', n)), buffer(dtype, keys.slice().fill(0)), buffer('i32', new Int32Array(n)), buffer('u8', new Uint8Array(n)), buffer('u32', new Uint32Array(2 * length))];
        checkKernel(sort(2, length, descending, dtype, a, b), make);
      }
    }
  });
});
