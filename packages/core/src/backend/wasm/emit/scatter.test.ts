import { describe, it } from 'vitest';
import type { DType } from '../../../base/dtype.ts';
import { affine, type Expr, type ScatterBody } from '../../../kernel/ir.ts';
import { binary, buffer, checkKernel, constant, load, values } from './harness.testing.ts';

const DTYPES: readonly DType[] = ['f32', 'i32', 'u32', 'u8'];

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
