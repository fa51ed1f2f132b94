import { describe, it } from 'vitest';
import type { DType } from '../../../base/dtype.ts';
import { affine, type ScanBody } from '../../../kernel/ir.ts';
import { binary, buffer, checkKernel, load, values } from './harness.testing.ts';

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
