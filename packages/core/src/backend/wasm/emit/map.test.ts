import { describe, expect, it } from 'vitest';
import type { DType } from '../../../base/dtype.ts';
import { affine, type BinaryName, type Condition, type Expr, type MapBody, type UnaryName } from '../../../kernel/ir.ts';
import { binary, buffer, cast, checkKernel, compareTo, compileKernel, constant, kernelOf, load, unary, values } from './harness.testing.ts';

const map = (axes: readonly number[], stores: MapBody['stores']): MapBody => ({ kind: 'map', axes, stores });
const flat = (n: number, dtype: DType, value: Expr, to: number): MapBody => map([n], [{ buffer: to, dtype, at: affine(0, [1]), value }]);
const SIZES = [1, 3, 4, 5, 17, 33, 64, 70];
const DTYPES: readonly DType[] = ['f32', 'i32', 'u32', 'u8', 'bool'];

describe('map kernels: operations', () => {
  const SPECIAL = [0, -0, 1, -1, 0.5, 1.5, 2.5, -2.5, NaN, Infinity, -Infinity, 1e30, -1e30, 2 ** 31, 300, -300, 1e-40];
  for (const op of ['neg', 'sqrt', 'floor', 'round'] satisfies UnaryName[]) {
    it(`${op} on f32`, () => {
      checkKernel(flat(SPECIAL.length, 'f32', unary(op, load('f32', 0, [1])), 1), [buffer('f32', Float32Array.from(SPECIAL)), buffer('f32', new Float32Array(SPECIAL.length))]);
    });
  }
  for (const op of ['exp', 'log', 'log1p', 'expm1', 'sin', 'cos', 'tanh', 'erf'] satisfies UnaryName[]) {
    it(`${op} on f32`, () => {
      const x = values('f32', 37);
      checkKernel(flat(37, 'f32', unary(op, load('f32', 0, [1])), 1), [buffer('f32', x.map((v) => (op.startsWith('log') ? Math.abs(v) : v))), buffer('f32', new Float32Array(37))], { tolerance: 5e-7 });
    });
  }
  for (const dtype of ['i32', 'u32', 'u8', 'bool'] satisfies DType[]) {
    for (const op of ['neg', 'not'] satisfies UnaryName[]) {
      if (dtype === 'bool' && op === 'neg') continue;
      it(`${op} on ${dtype}`, () => { checkKernel(flat(21, dtype, unary(op, load(dtype, 0, [1])), 1), [buffer(dtype, values(dtype, 21)), buffer(dtype, values(dtype, 21, 2))]); });
    }
  }
  const FLOAT: readonly BinaryName[] = ['add', 'sub', 'mul', 'div', 'mod', 'min', 'max'];
  const pairs = SPECIAL.flatMap((a) => SPECIAL.map((b) => [a, b] as const));
  for (const op of FLOAT) {
    it(`${op} on f32, every pair of specials`, () => {
      checkKernel(flat(pairs.length, 'f32', binary(op, load('f32', 0, [1]), load('f32', 1, [1])), 2), [
        buffer('f32', Float32Array.from(pairs, (p) => p[0])), buffer('f32', Float32Array.from(pairs, (p) => p[1])), buffer('f32', new Float32Array(pairs.length)),
      ]);
    });
  }
  it('mod on f32 is exact over the whole range', () => {
    const a = Float32Array.from([3.4e38, 1e20, 5.5, -7.25, 1e-38, 16777216, 123456.789, 1e38, -3e37]), b = Float32Array.from([1e-45, 3, 2.2, 0.1, 1e-45, 3, 0.001, 7e-39, 1.1]);
    const [, , out] = checkKernel(flat(9, 'f32', binary('mod', load('f32', 0, [1]), load('f32', 1, [1])), 2), [buffer('f32', a), buffer('f32', b), buffer('f32', new Float32Array(9))]);
    expect([...(out ?? [])]).toEqual([...a].map((x, i) => Math.fround(x % (b[i] ?? 1))));
  });
  it('pow on f32', () => {
    const a = values('f32', 33).map(Math.abs), b = values('f32', 33, 2);
    checkKernel(flat(33, 'f32', binary('pow', load('f32', 0, [1]), load('f32', 1, [1])), 2), [buffer('f32', a), buffer('f32', b), buffer('f32', new Float32Array(33))], { tolerance: 1e-6 });
  });
  const INTEGER: readonly BinaryName[] = ['add', 'sub', 'mul', 'div', 'mod', 'min', 'max', 'and', 'or', 'xor', 'shl', 'shr'];
  const EXTREMES: Readonly<Record<'i32' | 'u32' | 'u8', readonly number[]>> = {
    i32: [0, 1, -1, 2, -2, 7, -7, 33, 2147483647, -2147483648], u32: [0, 1, 2, 7, 33, 2147483648, 4294967295], u8: [0, 1, 2, 7, 33, 128, 255],
  };
  for (const dtype of ['i32', 'u32', 'u8'] as const) {
    const list = EXTREMES[dtype];
    const of = (numbers: readonly number[]) => ({ i32: Int32Array, u32: Uint32Array, u8: Uint8Array })[dtype].from(numbers);
    const all = list.flatMap((a) => list.map((b) => [a, b] as const));
    for (const op of INTEGER) {
      it(`${op} on ${dtype}, every pair of extremes`, () => {
        checkKernel(flat(all.length, dtype, binary(op, load(dtype, 0, [1]), load(dtype, 1, [1])), 2), [
          buffer(dtype, of(all.map((p) => p[0]))), buffer(dtype, of(all.map((p) => p[1]))), buffer(dtype, of(all.map(() => 0))),
        ]);
      });
    }
    for (const d of [1, 2, 3, 8, -1, -2].filter((d) => d > 0 || dtype === 'i32')) {
      it(`div and mod of ${dtype} by the constant ${d}`, () => {
        const x = load(dtype, 0, [1]), c = constant(dtype, d);
        checkKernel(map([list.length], [
          { buffer: 1, dtype, at: affine(0, [1]), value: binary('div', x, c) }, { buffer: 2, dtype, at: affine(0, [1]), value: binary('mod', x, c) },
        ]), [buffer(dtype, of(list)), buffer(dtype, of(list)), buffer(dtype, of(list))]);
      });
    }
  }
  for (const op of ['and', 'or', 'xor'] satisfies BinaryName[]) {
    it(`${op} on bool`, () => { checkKernel(flat(19, 'bool', binary(op, load('bool', 0, [1]), load('bool', 1, [1])), 2), [buffer('bool', values('bool', 19)), buffer('bool', values('bool', 19, 5)), buffer('bool', new Uint8Array(19))]); });
  }
  for (const dtype of DTYPES) {
    for (const op of ['lt', 'le', 'eq'] as const) {
      it(`${op} and select on ${dtype}`, () => {
        const a = load(dtype, 0, [1]), b = load(dtype, 1, [1]), condition = compareTo(op, a, b);
        const x = values(dtype, 23), y = values(dtype, 23, 9);
        y.set(x.subarray(0, 9));
        checkKernel(map([23], [
          { buffer: 2, dtype: 'bool', at: affine(0, [1]), value: condition }, { buffer: 3, dtype, at: affine(0, [1]), value: { k: 'select', dtype, condition, a, b } },
        ]), [buffer(dtype, x), buffer(dtype, y), buffer('bool', new Uint8Array(23)), buffer(dtype, values(dtype, 23, 4))]);
      });
    }
    for (const to of DTYPES) {
      it(`cast ${dtype} to ${to}`, () => {
        const x = dtype === 'f32' ? Float32Array.from([...SPECIAL, 254.9, 255.5, -0.5, 3e9, 4294967040, 5e9]) : values(dtype, 23);
        checkKernel(flat(x.length, to, cast(to, load(dtype, 0, [1])), 1), [buffer(dtype, x), buffer(to, values(to, x.length, 3))]);
      });
    }
  }
  it('bitcast', () => {
    const x = values('f32', 9);
    checkKernel(flat(9, 'i32', { k: 'bitcast', dtype: 'i32', x: load('f32', 0, [1]) }, 1), [buffer('f32', x), buffer('i32', new Int32Array(9))]);
    checkKernel(flat(9, 'f32', { k: 'bitcast', dtype: 'f32', x: load('u32', 0, [1]) }, 1), [buffer('u32', new Uint32Array(x.buffer)), buffer('f32', new Float32Array(9))]);
  });
});

describe('map kernels: spaces', () => {
  for (const n of SIZES) {
    for (const dtype of DTYPES) {
      it(`copies ${n} of ${dtype}, forwards and backwards`, () => {
        checkKernel(map([n], [
          { buffer: 1, dtype, at: affine(0, [1]), value: load(dtype, 0, [1]) }, { buffer: 2, dtype, at: affine(0, [1]), value: load(dtype, 0, [-1], n - 1) },
          { buffer: 3, dtype, at: affine(n - 1, [-1]), value: load(dtype, 0, [1]) },
        ]), [buffer(dtype, values(dtype, n)), ...[2, 3, 4].map((s) => buffer(dtype, values(dtype, n, s)))]);
      });
    }
    it(`broadcast of a row, a column and a scalar over [5, ${n}]`, () => {
      const sum = binary('add', binary('mul', load('f32', 0, [n, 1]), load('f32', 1, [0, 1])), binary('sub', load('f32', 2, [1, 0]), load('f32', 3, [])));
      checkKernel(map([5, n], [{ buffer: 4, dtype: 'f32', at: affine(0, [n, 1]), value: sum }]), [
        buffer('f32', values('f32', 5 * n)), buffer('f32', values('f32', n, 2)), buffer('f32', values('f32', 5, 3)), buffer('f32', values('f32', 1, 4)), buffer('f32', new Float32Array(5 * n)),
      ]);
    });
    it(`transpose of [7, ${n}]`, () => {
      for (const dtype of ['f32', 'u8'] as const) {
        checkKernel(map([n, 7], [{ buffer: 1, dtype, at: affine(0, [7, 1]), value: load(dtype, 0, [1, n]) }]), [buffer(dtype, values(dtype, 7 * n)), buffer(dtype, values(dtype, 7 * n, 2))]);
      }
    });
  }
  it('transposes in tiles: batches, tails, several operands', () => {
    for (const [b, m, n] of [[1, 32, 32], [1, 16, 33], [3, 40, 37], [2, 70, 49]] as const) {
      for (const dtype of ['f32', 'u8'] as const) {
        const value = binary('max', load(dtype, 0, [m * n, 1, m]), binary('sub', load(dtype, 1, [m * n, n, 1]), load(dtype, 2, [1, 0, b])));
        checkKernel(map([b, m, n], [{ buffer: 3, dtype, at: affine(0, [m * n, n, 1]), value }]), [
          buffer(dtype, values(dtype, b * m * n)), buffer(dtype, values(dtype, b * m * n, 2)), buffer(dtype, values(dtype, b * n, 3)), buffer(dtype, values(dtype, b * m * n, 4)),
        ]);
      }
    }
  });
  it('a store with a stride', () => {
    checkKernel(map([9, 6], [{ buffer: 1, dtype: 'f32', at: affine(1, [12, 2]), value: load('f32', 0, [6, 1]) }]), [buffer('f32', values('f32', 54)), buffer('f32', values('f32', 108, 2))]);
  });
  it('no axes at all, and axes of extent 1', () => {
    checkKernel(map([], [{ buffer: 1, dtype: 'f32', at: affine(0, []), value: unary('neg', load('f32', 0, [])) }]), [buffer('f32', values('f32', 1)), buffer('f32', new Float32Array(1))]);
    checkKernel(map([1, 3, 1], [{ buffer: 1, dtype: 'f32', at: affine(0, [3, 1, 1]), value: load('f32', 0, [100, 1, 100]) }]), [buffer('f32', values('f32', 3)), buffer('f32', new Float32Array(3))]);
  });
  it('an empty space writes nothing', () => {
    expect(compileKernel(kernelOf(map([3, 0], [{ buffer: 0, dtype: 'f32', at: affine(0, [0, 1]), value: constant('f32', 1) }])), [buffer('f32', new Float32Array(2))]).phases).toEqual([]);
  });
  it('one long row in a two-dimensional space is cut into chunks', () => {
    const n = 5003;
    checkKernel(map([2, n], [{ buffer: 1, dtype: 'f32', at: affine(0, [n, 1]), value: binary('mul', load('f32', 0, [n + 5, 1]), load('f32', 2, [1])) }]), [
      buffer('f32', values('f32', 2 * n + 5)), buffer('f32', new Float32Array(2 * n)), buffer('f32', values('f32', 2)),
    ]);
  });
  it('many small outer axes', () => {
    checkKernel(map([3, 4, 5, 6], [{ buffer: 1, dtype: 'f32', at: affine(0, [120, 30, 6, 1]), value: load('f32', 0, [1, 3, 12, 60]) }]), [buffer('f32', values('f32', 360)), buffer('f32', new Float32Array(360))]);
    checkKernel(map([70, 3, 2, 5], [{ buffer: 1, dtype: 'i32', at: affine(0, [30, 10, 5, 1]), value: load('i32', 0, [1, 70, 210, 420]) }]), [buffer('i32', values('i32', 2100)), buffer('i32', new Int32Array(2100))]);
  });
  it('axis values', () => {
    checkKernel(map([6, 9], [
      { buffer: 0, dtype: 'i32', at: affine(0, [9, 1]), value: { k: 'axis', dtype: 'i32', at: affine(-20, [10, 3]) } },
      { buffer: 1, dtype: 'u32', at: affine(0, [9, 1]), value: binary('mod', { k: 'axis', dtype: 'u32', at: affine(0, [9, 1]) }, constant('u32', 8)) },
    ]), [buffer('i32', new Int32Array(54)), buffer('u32', new Uint32Array(54))]);
  });
  it('counters of enclosing loops come first', () => {
    const body = map([4, 5], [{ buffer: 1, dtype: 'f32', at: affine(0, [20, 0, 5, 1]), value: binary('add', load('f32', 0, [20, 0, 5, 1]), cast('f32', { k: 'axis', dtype: 'i32', at: affine(0, [1, 10]) })) }]);
    checkKernel(body, [buffer('f32', values('f32', 60)), buffer('f32', new Float32Array(60))], { counters: [2, 3] });
  });
});

describe('map kernels: sharing, guards, gathers', () => {
  it('a shared expression is computed once', () => {
    const deep = (): Expr => unary('exp', unary('exp', unary('exp', load('f32', 0, [1]))));
    const e = deep(), body = (value: Expr) => flat(16, 'f32', value, 1);
    const size = (value: Expr) => compileKernel(kernelOf(body(value)), [buffer('f32', new Float32Array(16)), buffer('f32', new Float32Array(16))]).codeBytes;
    expect(size(binary('mul', e, e))).toBeLessThan(size(binary('mul', e, deep())) * 0.7);
  });
  it('works in place, several buffers at once, as Adam does', () => {
    const n = 53, w = load('f32', 0, [1]), g = load('f32', 1, [1]), m = load('f32', 2, [1]), v = load('f32', 3, [1]), rate = load('f32', 4, []);
    const one = constant('f32', 1), b1 = constant('f32', 0.9), b2 = constant('f32', 0.999);
    const m2 = binary('add', binary('mul', m, b1), binary('mul', g, binary('sub', one, b1))), v2 = binary('add', binary('mul', v, b2), binary('mul', binary('mul', g, g), binary('sub', one, b2)));
    const w2 = binary('sub', w, binary('div', binary('mul', rate, m2), binary('add', unary('sqrt', v2), constant('f32', 1e-7))));
    const store = (to: number, value: Expr) => ({ buffer: to, dtype: 'f32' as const, at: affine(0, [1]), value });
    checkKernel(map([n], [store(0, w2), store(2, m2), store(3, v2)]), [
      buffer('f32', values('f32', n)), buffer('f32', values('f32', n, 2)), buffer('f32', values('f32', n, 3)), buffer('f32', values('f32', n, 4).map(Math.abs)), buffer('f32', Float32Array.of(0.001)),
    ]);
  });
  it('swaps two buffers: all reads before all writes', () => {
    checkKernel(map([11], [
      { buffer: 0, dtype: 'f32', at: affine(0, [1]), value: load('f32', 1, [1]) }, { buffer: 1, dtype: 'f32', at: affine(0, [1]), value: load('f32', 0, [1]) },
    ]), [buffer('f32', values('f32', 11)), buffer('f32', values('f32', 11, 2))]);
  });
  const guard = (dtype: DType, conditions: readonly Condition[], inside: Expr, outside: Expr): Expr => ({ k: 'guard', dtype, conditions, inside, outside });
  for (const n of [3, 5, 16, 30]) {
    for (const dtype of DTYPES) {
      it(`pads [4, ${n}] of ${dtype}`, () => {
        const value = guard(dtype, [{ at: affine(-1, [1, 0]), lo: 0, hi: 4 }, { at: affine(-2, [0, 1]), lo: 0, hi: n }], load(dtype, 0, [n, 1], -n - 2), constant(dtype, 1));
        checkKernel(map([6, n + 5], [{ buffer: 1, dtype, at: affine(0, [n + 5, 1]), value }]), [buffer(dtype, values(dtype, 4 * n)), buffer(dtype, values(dtype, 6 * (n + 5), 2))]);
      });
    }
    it(`puts holes between ${n} elements`, () => {
      const value = guard('f32', [{ at: affine(-1, [1]), lo: 0, hi: 3 * n - 2, divisor: 3 }], { k: 'load', dtype: 'f32', buffer: 0, at: affine(0, []), dynamic: [{ value: binary('div', { k: 'axis', dtype: 'i32', at: affine(-1, [1]) }, constant('i32', 3)), stride: 1 }] }, constant('f32', -1));
      checkKernel(flat(3 * n + 3, 'f32', value, 1), [buffer('f32', values('f32', n)), buffer('f32', new Float32Array(3 * n + 3))]);
    });
    it(`concatenates three rows of ${n}, reversed along the way`, () => {
      const c = guard('f32', [{ at: affine(0, [1]), lo: 0, hi: n }], load('f32', 0, [1]), guard('f32', [{ at: affine(0, [1]), lo: n, hi: 2 * n }], load('f32', 1, [-1], 2 * n - 1), load('f32', 2, [1], -2 * n)));
      checkKernel(flat(2 * n + 7, 'f32', binary('add', c, c), 3), [buffer('f32', values('f32', n)), buffer('f32', values('f32', n, 2)), buffer('f32', values('f32', 7, 3)), buffer('f32', new Float32Array(2 * n + 7))]);
    });
  }
  for (const dtype of DTYPES) {
    it(`gathers ${dtype}: along the vector axis, beside it, twice`, () => {
      const index = (coeffs: readonly number[]): Expr => load('i32', 1, coeffs);
      const ids = Int32Array.from([4, 0, 3, 3, 1, 2, 4]);
      const rows: Expr = { k: 'load', dtype, buffer: 0, at: affine(0, [0, 1]), dynamic: [{ value: index([1, 0]), stride: 7 }] };
      const columns: Expr = { k: 'load', dtype, buffer: 0, at: affine(0, [0, 0]), dynamic: [{ value: index([1, 0]), stride: 7 }, { value: index([0, 1]), stride: 1 }] };
      const back: Expr = { k: 'load', dtype, buffer: 0, at: affine(34, [0, -1]), dynamic: [{ value: index([1, 0]), stride: -7 }] };
      checkKernel(map([7, 7], [rows, columns, back].map((value, i) => ({ buffer: 2 + i, dtype, at: affine(0, [7, 1]), value }))), [
        buffer(dtype, values(dtype, 35)), buffer('i32', ids), ...[2, 3, 4].map((s) => buffer(dtype, values(dtype, 49, s))),
      ]);
    });
  }
});
