import { describe, expect, it } from 'vitest';
import type { DType } from '../../../base/dtype.ts';
import { at } from '../../../base/shape.ts';
import { affine, type Accumulator, type Expr, type RowsBody } from '../../../kernel/ir.ts';
import { acc, binary, buffer, cast, checkKernel, compileKernel, constant, kernelOf, load, unary, values } from './harness.testing.ts';

const OPS: readonly Accumulator['op'][] = ['sum', 'prod', 'max', 'min', 'argmax', 'argmin'];
const SHAPES: readonly (readonly [number, number])[] = [[1, 1], [3, 1], [1, 5], [5, 3], [4, 4], [3, 17], [17, 10], [10, 33], [33, 130], [6, 64]];
const isArg = (op: Accumulator['op']) => op.startsWith('arg');

/** One reduction, rows × inner; `rowStride` and `innerStride` place the elements. */
function reduction(op: Accumulator['op'], dtype: DType, rows: number, inner: number, rowStride: number, innerStride: number): RowsBody {
  const out = isArg(op) ? 'i32' : dtype;
  return {
    kind: 'rows', axes: [rows], inner: [inner], stages: [
      { kind: 'reduce', accs: [{ op, dtype: out, value: load(dtype, 0, [rowStride, innerStride]) }] },
      { kind: 'store', space: 'row', stores: [{ buffer: 1, dtype: out, at: affine(0, [1]), value: acc(0, out) }] },
    ],
  };
}
/** Few distinct values, so that ties are common. */
const tied = (dtype: DType, n: number) => values(dtype, n).map((v) => (dtype === 'bool' ? v : Math.abs(Math.trunc(v)) % 5)) as ReturnType<typeof values>;

describe('rows kernels: one reduction', () => {
  for (const dtype of ['f32', 'i32', 'u32', 'u8', 'bool'] satisfies DType[]) {
    for (const op of OPS) {
      if (dtype === 'bool' && (op === 'sum' || op === 'prod')) continue;
      it(`${op} of ${dtype} over rows, columns and neither`, () => {
        for (const [rows, inner] of SHAPES) {
          const n = rows * inner, out = isArg(op) ? 'i32' : dtype;
          for (const data of [values(dtype, n), tied(dtype, n)]) {
            const buffers = (size: number) => [buffer(dtype, size === n ? data : values(dtype, size)), buffer(out, values(out, rows, 7))];
            const tolerance = dtype === 'f32' ? 2e-5 : 0;
            checkKernel(reduction(op, dtype, rows, inner, inner, 1), buffers(n), { tolerance });
            checkKernel(reduction(op, dtype, rows, inner, 1, rows), buffers(n), { tolerance });
            checkKernel(reduction(op, dtype, rows, inner, 3 * inner, 3), buffers(3 * n), { tolerance });
          }
        }
      });
    }
  }
  it('NaN is handed on, and is the extreme', () => {
    for (const op of OPS) {
      for (const where of [[0], [5], [18], [7, 3], [19, 18]]) {
        const data = values('f32', 40);
        for (const i of where) { data[i] = NaN; data[20 + i] = i; }
        for (const [a, b] of [[20, 1], [1, 2]] as const) checkKernel(reduction(op, 'f32', 2, 20, a, b), [buffer('f32', data), buffer(isArg(op) ? 'i32' : 'f32', values(isArg(op) ? 'i32' : 'f32', 2))], { tolerance: 1e-5 });
      }
    }
  });
  it('infinities and an infinity everywhere', () => {
    for (const op of OPS) {
      for (const fill of [Infinity, -Infinity]) {
        checkKernel(reduction(op, 'f32', 2, 9, 9, 1), [buffer('f32', new Float32Array(18).fill(fill)), buffer(isArg(op) ? 'i32' : 'f32', values(isArg(op) ? 'i32' : 'f32', 2))]);
      }
    }
  });
  it('of nothing is the neutral element', () => {
    for (const op of ['sum', 'prod', 'max', 'min'] as const) {
      for (const dtype of ['f32', 'i32', 'u32', 'u8'] as const) {
        for (const rows of [1, 6]) checkKernel(reduction(op, dtype, rows, 0, 0, 1), [buffer(dtype, values(dtype, 1)), buffer(dtype, values(dtype, rows))]);
      }
    }
  });
  it('several axes on both sides, in any order', () => {
    // x [3, 5, 4, 6]: reduce axes 1 and 3, or 0 and 2, or 0
    const strides = [120, 24, 6, 1], extents = [3, 5, 4, 6];
    for (const reduced of [[1, 3], [0, 2], [0], [3], [1, 2], [0, 1, 2, 3], [2, 3], [0, 3]]) {
      const kept = [0, 1, 2, 3].filter((a) => !reduced.includes(a));
      const keptExtents = kept.map((a) => at(extents, a)), inner = reduced.map((a) => at(extents, a));
      const rowStrides = kept.map((_, i) => keptExtents.slice(i + 1).reduce((a, b) => a * b, 1));
      for (const op of OPS) {
        const out = isArg(op) ? 'i32' : 'f32';
        checkKernel({
          kind: 'rows', axes: keptExtents, inner, stages: [
            { kind: 'reduce', accs: [{ op, dtype: out, value: load('f32', 0, [...kept, ...reduced].map((a) => at(strides, a))) }] },
            { kind: 'store', space: 'row', stores: [{ buffer: 1, dtype: out, at: affine(0, rowStrides), value: acc(0, out) }] },
          ],
        }, [buffer('f32', values('f32', 360)), buffer(out, values(out, rowStrides.length === 0 ? 1 : at(rowStrides, 0) * at(keptExtents, 0)))], { tolerance: 5e-5 });
      }
    }
  });
  it('many rows of a few elements, several outer axes that do not collapse', () => {
    checkKernel({
      kind: 'rows', axes: [70, 3, 9], inner: [5], stages: [
        { kind: 'reduce', accs: [{ op: 'sum', dtype: 'f32', value: load('f32', 0, [1, 70, 210, 1890]) }] },
        { kind: 'store', space: 'row', stores: [{ buffer: 1, dtype: 'f32', at: affine(0, [27, 9, 1]), value: acc(0) }] },
      ],
    }, [buffer('f32', values('f32', 9450)), buffer('f32', new Float32Array(1890))], { tolerance: 1e-6 });
  });
  it('long sums keep their accuracy', () => {
    for (const [rows, inner, a, b] of [[1, 300_003, 300_003, 1], [2, 100_000, 100_000, 1], [6, 60_001, 1, 6], [1, 50_000, 0, 3]] as const) {
      const size = Math.max(rows * inner, 3 * inner), data = new Float32Array(size).fill(0.1);
      const compiled = compileKernel(kernelOf(reduction('sum', 'f32', rows, inner, a, b)), [buffer('f32', data), buffer('f32', new Float32Array(rows))]);
      compiled.run();
      const exact = Math.fround(0.1) * inner;
      for (const got of compiled.view(1)) expect(Math.abs(got - exact) / exact).toBeLessThan(1e-5);
    }
  });
});

describe('rows kernels: several stages', () => {
  const softmax = (rows: number, inner: number, a: number, b: number): RowsBody => {
    const x = load('f32', 0, [a, b]);
    const e: Expr = unary('exp', binary('sub', x, acc(0)));
    return {
      kind: 'rows', axes: [rows], inner: [inner], stages: [
        { kind: 'reduce', accs: [{ op: 'max', dtype: 'f32', value: x }, { op: 'argmax', dtype: 'i32', value: x }] },
        { kind: 'reduce', accs: [{ op: 'sum', dtype: 'f32', value: e }] },
        { kind: 'store', space: 'full', stores: [{ buffer: 1, dtype: 'f32', at: affine(0, [a, b]), value: binary('div', e, acc(2)) }] },
        { kind: 'store', space: 'row', stores: [
          { buffer: 2, dtype: 'f32', at: affine(0, [1]), value: binary('add', acc(0), unary('log', acc(2))) },
          { buffer: 3, dtype: 'i32', at: affine(0, [1]), value: acc(1, 'i32') },
        ] },
      ],
    };
  };
  for (const [rows, inner] of [[1, 10], [7, 10], [18, 33], [5, 3], [128, 10], [3, 200]] as const) {
    it(`softmax of [${rows}, ${inner}] over both axes, with its logsumexp and argmax`, () => {
      const buffers = [buffer('f32', values('f32', rows * inner)), buffer('f32', new Float32Array(rows * inner)), buffer('f32', new Float32Array(rows)), buffer('i32', new Int32Array(rows))];
      checkKernel(softmax(rows, inner, inner, 1), buffers, { tolerance: 2e-6 });
      checkKernel(softmax(rows, inner, 1, rows), buffers, { tolerance: 2e-6 });
    });
  }
  it('layer norm in place, scale and shift read along the row', () => {
    for (const n of [8, 30, 65]) {
      const x = load('f32', 0, [n, 1]), mean = binary('mul', acc(0), constant('f32', 1 / n)), d = binary('sub', x, mean);
      const body: RowsBody = {
        kind: 'rows', axes: [5], inner: [n], stages: [
          { kind: 'reduce', accs: [{ op: 'sum', dtype: 'f32', value: x }] },
          { kind: 'reduce', accs: [{ op: 'sum', dtype: 'f32', value: binary('mul', d, d) }] },
          { kind: 'store', space: 'full', stores: [{
            buffer: 0, dtype: 'f32', at: affine(0, [n, 1]),
            value: binary('add', binary('mul', binary('div', d, unary('sqrt', binary('add', binary('mul', acc(1), constant('f32', 1 / n)), constant('f32', 1e-3)))), load('f32', 1, [0, 1])), load('f32', 2, [0, 1])),
          }] },
        ],
      };
      checkKernel(body, [buffer('f32', values('f32', 5 * n)), buffer('f32', values('f32', n, 2)), buffer('f32', values('f32', n, 3))], { tolerance: 5e-6 });
    }
  });
  it('a stage reads what an earlier stage wrote', () => {
    for (const [a, b] of [[9, 1], [1, 6]] as const) {
      const y = load('f32', 1, [a, b]);
      checkKernel({
        kind: 'rows', axes: [6], inner: [9], stages: [
          { kind: 'store', space: 'full', stores: [{ buffer: 1, dtype: 'f32', at: affine(0, [a, b]), value: unary('exp', load('f32', 0, [a, b])) }] },
          { kind: 'reduce', accs: [{ op: 'sum', dtype: 'f32', value: y }] },
          { kind: 'store', space: 'row', stores: [{ buffer: 2, dtype: 'f32', at: affine(0, [1]), value: acc(0) }] },
          { kind: 'store', space: 'full', stores: [{ buffer: 1, dtype: 'f32', at: affine(0, [a, b]), value: binary('div', y, load('f32', 2, [1])) }] },
        ],
      }, [buffer('f32', values('f32', 54)), buffer('f32', values('f32', 54, 2)), buffer('f32', values('f32', 6, 2))], { tolerance: 2e-6 });
    }
  });
  it('sparse cross-entropy of a batch to one number, with a gather by label and a loop counter', () => {
    const n = 13, c = 10;
    const label: Expr = load('i32', 1, [0, 1]);
    checkKernel({
      kind: 'rows', axes: [], inner: [n], stages: [
        { kind: 'reduce', accs: [{ op: 'sum', dtype: 'f32', value: unary('log', { k: 'load', dtype: 'f32', buffer: 0, at: affine(0, [0, c]), dynamic: [{ value: label, stride: 1 }] }) }, { op: 'sum', dtype: 'i32', value: label }] },
        { kind: 'store', space: 'row', stores: [{ buffer: 2, dtype: 'f32', at: affine(0, [1]), value: binary('div', acc(0), cast('f32', acc(1, 'i32'))) }] },
      ],
    }, [buffer('f32', values('f32', n * c).map((v) => Math.abs(v) + 0.1)), buffer('i32', Int32Array.from({ length: n }, (_, i) => (i * 7) % c)), buffer('f32', new Float32Array(4))], { tolerance: 1e-5, counters: [2] });
  });
  it('sums of rows that were looked up, by vectors along the rows', () => {
    // [7, 5] ids of rows 64, 40 and 3 wide: whole tiles, a tile and a rest, no vector at all
    for (const [width, table] of [[64, 9], [40, 9], [3, 9]] as const) {
      const id: Expr = load('i32', 1, [5, 0, 1]), row: Expr = { k: 'load', dtype: 'f32', buffer: 0, at: affine(0, [0, 1]), dynamic: [{ value: binary('min', id, constant('i32', table - 1)), stride: width }] };
      checkKernel({
        kind: 'rows', axes: [7, width], inner: [5], stages: [
          { kind: 'reduce', accs: [{ op: 'sum', dtype: 'f32', value: row }] },
          { kind: 'store', space: 'row', stores: [{ buffer: 2, dtype: 'f32', at: affine(0, [width, 1]), value: acc(0) }] },
        ],
      }, [buffer('f32', values('f32', table * width)), buffer('i32', Int32Array.from({ length: 35 }, (_, i) => (i * 7) % 11)), buffer('f32', new Float32Array(7 * width))]);
    }
  });
});
