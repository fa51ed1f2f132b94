import { describe, it } from 'vitest';
import type { DType } from '../../../base/dtype.ts';
import { affine, type Expr, type ScanBody, type ScatterBody, type SortBody } from '../../../kernel/ir.ts';
import { binary, buffer, checkKernel, constant, load, values } from './harness.testing.ts';

const DTYPES: readonly DType[] = ['f32', 'i32', 'u32', 'u8'];

describe('scan kernels', () => {
  for (const dtype of DTYPES) {
    for (const op of ['sum', 'prod', 'max', 'min'] as const) {
      it(`${op} of ${dtype}: both directions, exclusive or not, rows along and across`, () => {
        for (const [rows, length] of [[1, 1], [3, 7], [4, 5], [17, 9], [1, 40], [6, 1]] as const) {
          for (const exclusive of [false, true]) {
            for (const reverse of [false, true]) {
              for (const [a, b] of [[length, 1], [1, rows]] as const) {
                const body: ScanBody = { kind: 'scan', axes: [rows], length, op, exclusive, reverse, dtype, value: load(dtype, 0, [a, b]), buffer: 1, at: affine(0, [a, b]) };
                checkKernel(body, [buffer(dtype, values(dtype, rows * length)), buffer(dtype, values(dtype, rows * length, 2))], { tolerance: dtype === 'f32' ? 1e-6 : 0 });
                checkKernel({ ...body, buffer: 0 }, [buffer(dtype, values(dtype, rows * length))], { tolerance: dtype === 'f32' ? 1e-6 : 0 });
              }
            }
          }
        }
      });
    }
  }
  it('of an expression, several axes, a loop counter', () => {
    const value = binary('add', load('f32', 0, [120, 40, 5, 1, 10]), load('f32', 1, [0, 1]));
    checkKernel({ kind: 'scan', axes: [3, 2, 5], length: 4, op: 'sum', exclusive: false, reverse: true, dtype: 'f32', value, buffer: 2, at: affine(0, [0, 40, 20, 4, 1]) }, [
      buffer('f32', values('f32', 500)), buffer('f32', values('f32', 3)), buffer('f32', new Float32Array(120)),
    ], { counters: [1], tolerance: 1e-6 });
  });
});

describe('scatter kernels', () => {
  for (const dtype of DTYPES) {
    for (const op of ['set', 'add', 'max', 'min'] as const) {
      it(`${op} of rows of ${dtype}; doubles, and indices out of range`, () => {
        for (const width of [1, 3, 4, 18, 50]) {
          const ids = Int32Array.from([2, 0, 2, 9, -1, 5, 2, 0, 6, -2147483648]);
          const body: ScatterBody = { kind: 'scatter', axes: [10, width], parallel: 0, op, dtype, buffer: 0, at: affine(0, [0, 1]), index: load('i32', 1, [1]), stride: width, extent: 6, value: load(dtype, 2, [width, 1]) };
          checkKernel(body, [buffer(dtype, values(dtype, 6 * width)), buffer('i32', ids), buffer(dtype, values(dtype, 10 * width, 3))]);
        }
      });
      it(`${op} along the last axis of ${dtype}, batches in parallel`, () => {
        const ids = Int32Array.from({ length: 35 }, (_, i) => (i * 5) % 9 - 1);
        checkKernel({ kind: 'scatter', axes: [5, 7], parallel: 1, op, dtype, buffer: 0, at: affine(0, [6, 0]), index: load('i32', 1, [7, 1]), stride: 1, extent: 6, value: load(dtype, 2, [7, 1]) }, [
          buffer(dtype, values(dtype, 30)), buffer('i32', ids), buffer(dtype, values(dtype, 35, 3)),
        ]);
      });
    }
  }
  it('one number into every place, a counter, a computed index', () => {
    const index: Expr = binary('mul', { k: 'axis', dtype: 'i32', at: affine(0, [0, 1]) }, constant('i32', 2));
    checkKernel({ kind: 'scatter', axes: [4], parallel: 0, op: 'add', dtype: 'f32', buffer: 0, at: affine(0, [8, 0]), index, stride: 1, extent: 8, value: constant('f32', 1.5) }, [buffer('f32', values('f32', 24))], { counters: [2] });
  });
});

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
});
