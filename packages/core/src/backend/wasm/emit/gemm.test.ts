import { describe, expect, it } from 'vitest';
import type { DType, HostArray } from '../../../base/dtype.ts';
import { createArray } from '../../../base/dtype.ts';
import { at, sizeOf, stridesOf } from '../../../base/shape.ts';
import type { Affine, Expr, GemmBody, Kernel } from '../../../kernel/ir.ts';
import { affine } from '../../../kernel/ir.ts';
import { detectFeatures } from '../features.ts';
import type { Features } from './context.ts';
import { gemmKernel, native, referenceGemm, runnable, whole } from './gemm.testing.ts';
import type { Split, TestBuffer } from './gemm.testing.ts';

const relaxed = detectFeatures().relaxed;
const engines: readonly Features[] = [
  { relaxed: false, tile: [4, 8] }, { relaxed: false, tile: [6, 8] },
  { relaxed: false, tile: [4, 8], native: { block: 0.02, shallow: 0.02, narrow: 0.02, small: 0.02 } },
  ...(relaxed ? [{ relaxed: true, tile: [4, 8] }, { relaxed: true, tile: [5, 8] }, { relaxed: true, tile: [6, 8] }, { relaxed: true, tile: [6, 16], turbo: true }] as const : []),
];

/** A small generator of reproducible numbers (mulberry32). */
function generator(seed: number): () => number {
  let s = seed;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const random = generator(7);
const integer = (lo: number, hi: number) => lo + Math.floor(random() * (hi - lo + 1));
const buffer = (n: number, dtype: DType = 'f32'): TestBuffer => {
  const data = createArray(dtype, n);
  for (let i = 0; i < n; i++) data[i] = dtype === 'f32' ? random() * 2 - 1 : dtype === 'bool' ? integer(0, 1) : integer(0, 255);
  return { dtype, data };
};
const load = (b: number, index: Affine, dtype: DType = 'f32'): Expr => ({ k: 'load', dtype, buffer: b, at: index });
const ACC: Expr = { k: 'acc', dtype: 'f32', index: 0 };

/** One split into single units backwards, one uneven split: what threads might do. */
const backwards: Split = (units) => Array.from({ length: units }, (_, i) => [units - 1 - i, units - i] as const);
const uneven: Split = (units) => {
  const cuts = [0, Math.floor(units / 3), Math.floor(units / 3) + 1, units].map((c) => Math.min(c, units));
  return cuts.slice(1).map((c, i) => [at(cuts, i), c] as const);
};

function sameBits(got: HostArray, want: HostArray, buffer: number): void {
  const g = new Uint8Array(got.buffer, got.byteOffset, got.byteLength), w = new Uint8Array(want.buffer, want.byteOffset, want.byteLength);
  const e = g.findIndex((byte, i) => byte !== w[i]) / got.BYTES_PER_ELEMENT | 0;
  if (g.some((byte, i) => byte !== w[i])) expect.fail(`buffer ${buffer} element ${e}: ${got[e]}, expected the bits of ${want[e]}`);
}

/** Runs on every engine: plain SIMD must give the reference's bits, fused ones nearly; every split gives the same bits. */
function check(kernel: Kernel, buffers: readonly TestBuffer[], features: readonly Features[] = engines, counters: readonly number[] = []): void {
  const k = sizeOf((kernel.body as GemmBody).k);
  const expected = { true: referenceGemm(kernel, buffers, true, counters), false: referenceGemm(kernel, buffers, false, counters) };
  for (const feature of features) {
    const want = expected[`${feature.relaxed}`];
    let first: HostArray[] | null = null;
    for (const split of [whole, backwards, uneven]) {
      const run = runnable(kernel, buffers, feature);
      run.run(split, counters);
      const got = buffers.map((_, i) => run.view(i).slice());
      if (first !== null) { got.forEach((values, i) => { sameBits(values, at(first ?? [], i), i); }); continue; }
      first = got;
      got.forEach((values, i) => {
        if (!feature.relaxed) { sameBits(values, at(want, i), i); return; }
        for (let e = 0; e < values.length; e++) {
          const w = at(at(want, i), e), g = at(values, e);
          if (!(Math.abs(w - g) <= 1e-6 * (k + Math.abs(w)))) expect.fail(`buffer ${i} element ${e}: ${g}, expected ${w}`);
        }
      });
    }
  }
}

type Layout = 'row' | 'column' | 'padded';
/** Strides of a matrix of the shape, and how many elements it takes. */
function layout(rows: number, columns: number, kind: Layout): { row: number; column: number; size: number } {
  if (kind === 'column') return { row: 1, column: rows, size: rows * columns };
  const row = kind === 'row' ? columns : columns * 2 + 3, column = kind === 'row' ? 1 : 2;
  return { row, column, size: (rows - 1) * row + (columns - 1) * column + 1 };
}
function matmul(m: number, n: number, k: number, la: Layout = 'row', lb: Layout = 'row', lc: Layout = 'row'): { kernel: Kernel; buffers: TestBuffer[] } {
  const a = layout(m, k, la), b = layout(k, n, lb), c = layout(m, n, lc);
  const kernel = gemmKernel({
    batch: [], m: [m], n: [n], k: [k],
    a: load(0, affine(0, [a.row, a.column])), b: load(1, affine(0, [b.row, b.column])),
    stores: [{ buffer: 2, dtype: 'f32', at: affine(0, [c.row, c.column]), value: ACC }],
  });
  return { kernel, buffers: [buffer(a.size), buffer(b.size), { dtype: 'f32', data: new Float32Array(c.size).fill(9) }] };
}

describe('gemm of plain matrices', () => {
  const layouts: readonly Layout[] = ['row', 'column', 'padded'];
  for (const la of layouts) for (const lb of layouts) for (const lc of layouts) {
    it(`a ${la}, b ${lb}, c ${lc}: odd sizes`, () => {
      for (let i = 0; i < 3; i++) {
        const { kernel, buffers } = matmul(integer(1, 40), integer(1, 40), integer(1, 300), la, lb, lc);
        check(kernel, buffers);
      }
    });
  }
  it('vectors, thin matrices and single elements', () => {
    for (const [m, n, k] of [[1, 1, 1], [1, 70, 33], [70, 1, 33], [2, 50, 20], [3, 31, 20], [40, 2, 9], [40, 3, 9], [1, 5, 700], [6, 8, 4], [12, 16, 1]] as const) {
      for (const la of ['row', 'column'] as const) for (const lb of ['row', 'column'] as const) {
        const { kernel, buffers } = matmul(m, n, k, la, lb);
        check(kernel, buffers);
      }
    }
  });
  it('large enough for shared panels and several blocks of k, m and n', () => {
    for (const [la, lb, lc] of [['row', 'row', 'row'], ['column', 'row', 'row'], ['row', 'column', 'column'], ['padded', 'padded', 'padded']] as const) {
      const { kernel, buffers } = matmul(67, 261, 1030, la, lb, lc);
      check(kernel, buffers, engines.filter((f) => (f.tile[0] === 6 || !f.relaxed) && (f.native === undefined || lc === 'column')));
    }
  });
  it('wide results, in several blocks of columns', () => {
    const { kernel, buffers } = matmul(13, 611, 401);
    check(kernel, buffers, engines.filter((f) => f.tile[0] === 6));
  });
  it('nothing along k gives zero; nothing along m or n has no phases', () => {
    const { kernel, buffers } = matmul(5, 9, 1);
    const empty = (change: Partial<GemmBody>): Kernel => ({ ...kernel, body: { ...(kernel.body as GemmBody), ...change } });
    const feature = at(engines, 0), run = runnable(empty({ k: [0] }), buffers, feature);
    run.run();
    expect(run.view(2)).toEqual(new Float32Array(45));
    expect(runnable(empty({ m: [0] }), buffers, feature).phases).toEqual([]);
    expect(runnable(empty({ n: [0] }), buffers, feature).phases).toEqual([]);
  });
  it('does not write outside the result', () => {
    const { kernel, buffers } = matmul(7, 11, 5, 'row', 'row', 'padded');
    const run = runnable(kernel, buffers, at(engines, 0));
    run.run();
    const got = run.view(2), l = layout(7, 11, 'padded');
    for (let i = 0; i < got.length; i++) {
      const row = Math.floor(i / l.row), rest = i % l.row;
      if (row >= 7 || rest % 2 === 1 || rest >= 22) expect(got[i]).toBe(9);
    }
  });
});

describe('gemm with several axes', () => {
  it('batches, with the axes of attention: [batch, time, heads, width]', () => {
    const [B, T, H, D] = [2, 13, 3, 10];
    const x = stridesOf([B, T, H, D]);
    // scores[b, h, t, s] = Σ_d q[b, t, h, d] · k[b, s, h, d]
    const kernel = gemmKernel({
      batch: [B, H], m: [T], n: [T], k: [D],
      a: load(0, affine(0, [at(x, 0), at(x, 2), at(x, 1), 1])), b: load(1, affine(0, [at(x, 0), at(x, 2), 1, at(x, 1)])),
      stores: [{ buffer: 2, dtype: 'f32', at: affine(0, [H * T * T, T * T, T, 1]), value: ACC }],
    });
    check(kernel, [buffer(B * T * H * D), buffer(B * T * H * D), { dtype: 'f32', data: new Float32Array(B * H * T * T) }]);
    // out[b, t, h, d] = Σ_s p[b, h, t, s] · v[b, s, h, d]
    const weighted = gemmKernel({
      batch: [B, H], m: [T], n: [D], k: [T],
      a: load(0, affine(0, [H * T * T, T * T, T, 1])), b: load(1, affine(0, [at(x, 0), at(x, 2), at(x, 1), 1])),
      stores: [{ buffer: 2, dtype: 'f32', at: affine(0, [at(x, 0), at(x, 2), at(x, 1), 1]), value: ACC }],
    });
    check(weighted, [buffer(B * H * T * T), buffer(B * T * H * D), { dtype: 'f32', data: new Float32Array(B * T * H * D) }]);
  });
  it('large batches with private panels', () => {
    const [B, M, N, K] = [5, 45, 50, 130];
    const kernel = gemmKernel({
      batch: [B], m: [M], n: [N], k: [K],
      a: load(0, affine(0, [M * K, 1, M])), b: load(1, affine(0, [N * K, 1, K])),
      stores: [{ buffer: 2, dtype: 'f32', at: affine(0, [M * N, N, 1]), value: ACC }],
    });
    check(kernel, [buffer(B * M * K), buffer(B * N * K), { dtype: 'f32', data: new Float32Array(B * M * N) }]);
  });
  it('a batch axis that one operand does not have', () => {
    const [B, M, N, K] = [3, 7, 9, 11];
    for (const shared of ['a', 'b'] as const) {
      const kernel = gemmKernel({
        batch: [B], m: [M], n: [N], k: [K],
        a: load(0, affine(0, [shared === 'a' ? 0 : M * K, K, 1])), b: load(1, affine(0, [shared === 'b' ? 0 : K * N, N, 1])),
        stores: [{ buffer: 2, dtype: 'f32', at: affine(0, [M * N, N, 1]), value: ACC }],
      });
      check(kernel, [buffer(B * M * K), buffer(B * K * N), { dtype: 'f32', data: new Float32Array(B * M * N) }]);
    }
  });
  it('m, n and k of several axes that do not merge', () => {
    const kernel = gemmKernel({
      batch: [2], m: [3, 5], n: [4, 3], k: [3, 7],
      a: load(0, affine(1, [200, 7, 21, 70, 1])), b: load(1, affine(2, [300, 1, 13, 100, 30])),
      stores: [{ buffer: 2, dtype: 'f32', at: affine(0, [180, 60, 3, 15, 1]), value: ACC }],
    });
    check(kernel, [buffer(600), buffer(900), { dtype: 'f32', data: new Float32Array(400) }]);
  });
  it('counters of enclosing loops', () => {
    const kernel = gemmKernel({
      batch: [], m: [6], n: [10], k: [12],
      a: load(0, affine(0, [72, 0, 12, 1])), b: load(1, affine(3, [0, 120, 10, 1])),
      stores: [{ buffer: 2, dtype: 'f32', at: affine(0, [0, 60, 10, 1]), value: { k: 'binary', op: 'add', dtype: 'f32', a: ACC, b: load(3, affine(0, [10, 0, 0, 1])) } }],
    }, 2);
    check(kernel, [buffer(216), buffer(363), { dtype: 'f32', data: new Float32Array(180) }, buffer(30)], engines, [2, 1]);
  });
});

describe('gemm of expressions', () => {
  const times = (a: Expr, b: Expr): Expr => ({ k: 'binary', op: 'mul', dtype: 'f32', a, b });
  it('operands cast from u8 and scaled, in both orders', () => {
    const [m, n, k] = [19, 23, 140];
    const u8 = (index: Affine) => times({ k: 'cast', dtype: 'f32', x: load(0, index, 'u8') }, { k: 'const', dtype: 'f32', value: Math.fround(1 / 255) });
    for (const [a, b] of [[affine(0, [k, 1]), affine(0, [n, 1])], [affine(0, [1, m]), affine(0, [1, k])]] as const) {
      const c: TestBuffer = { dtype: 'f32', data: new Float32Array(m * n) };
      const stores = [{ buffer: 2, dtype: 'f32', at: affine(0, [n, 1]), value: ACC }] as const;
      check(gemmKernel({ batch: [], m: [m], n: [n], k: [k], a: u8(a), b: load(1, b), stores }), [buffer(m * k, 'u8'), buffer(k * n), c]);
      const flipped = gemmKernel({ batch: [], m: [m], n: [n], k: [k], a: load(1, a), b: u8(b), stores });
      check(flipped, [buffer(k * n, 'u8'), buffer(m * k), c]);
    }
  });
  it('rows chosen by an index (gathered operand)', () => {
    const kernel = gemmKernel({
      batch: [], m: [17], n: [12], k: [20],
      a: { k: 'load', dtype: 'f32', buffer: 0, at: affine(0, [0, 1]), dynamic: [{ value: load(3, affine(0, [1]), 'i32'), stride: 20 }] },
      b: load(1, affine(0, [12, 1])), stores: [{ buffer: 2, dtype: 'f32', at: affine(0, [12, 1]), value: ACC }],
    });
    const chosen: TestBuffer = { dtype: 'i32', data: Int32Array.from({ length: 17 }, () => integer(0, 29)) };
    check(kernel, [buffer(600), buffer(240), { dtype: 'f32', data: new Float32Array(204) }, chosen]);
  });

  interface Conv { readonly n: number; readonly h: number; readonly w: number; readonly c: number; readonly o: number; readonly kh: number; readonly kw: number; readonly stride: number; readonly pad: number; readonly dilate?: number }
  /** im2col of an NHWC image by guarded indices, as the lowering makes it; axes (image, y, x, ky, kx, channel) at the given positions. */
  function image(s: Conv, order: readonly ('n' | 'y' | 'x' | 'i' | 'j' | 'c')[], divisor = 1): Expr {
    const d = s.dilate ?? 1;
    const place = (named: Partial<Record<'n' | 'y' | 'x' | 'i' | 'j' | 'c', number>>, offset: number) => affine(offset, order.map((o) => named[o] ?? 0));
    const row = { y: s.stride, i: d }, column = { x: s.stride, j: d };
    const line = s.w * s.c;
    const inside = divisor > 1
      ? load(0, place({ n: s.h * line, c: 1, i: 0 }, 0))
      : load(0, place({ n: s.h * line, y: s.stride * line, i: d * line, x: s.stride * s.c, j: d * s.c, c: 1 }, -s.pad * line - s.pad * s.c));
    return {
      k: 'guard', dtype: 'f32',
      conditions: [{ at: place(row, -s.pad), lo: 0, hi: s.h, divisor }, { at: place(column, -s.pad), lo: 0, hi: s.w }],
      inside, outside: { k: 'const', dtype: 'f32', value: 0 },
    };
  }
  const out = (s: Conv) => ({ y: Math.floor((s.h + 2 * s.pad - (s.dilate ?? 1) * (s.kh - 1) - 1) / s.stride) + 1, x: Math.floor((s.w + 2 * s.pad - (s.dilate ?? 1) * (s.kw - 1) - 1) / s.stride) + 1 });
  const convs: readonly Conv[] = [
    { n: 2, h: 9, w: 11, c: 1, o: 7, kh: 3, kw: 3, stride: 1, pad: 1 },
    { n: 2, h: 8, w: 7, c: 12, o: 9, kh: 3, kw: 3, stride: 1, pad: 1 },
    { n: 1, h: 10, w: 9, c: 5, o: 4, kh: 3, kw: 2, stride: 2, pad: 1, dilate: 2 },
    { n: 3, h: 6, w: 6, c: 70, o: 17, kh: 3, kw: 3, stride: 1, pad: 1 },
  ];
  for (const s of convs) {
    it(`convolution ${JSON.stringify(s)}`, () => {
      const { y, x } = out(s), k = s.kh * s.kw * s.c;
      const kernel = gemmKernel({
        batch: [], m: [s.n, y, x], n: [s.o], k: [s.kh, s.kw, s.c],
        a: image(s, ['n', 'y', 'x', 'i', 'j', 'c']), b: load(1, affine(0, [s.kw * s.c * s.o, s.c * s.o, s.o, 1])),
        stores: [{ buffer: 2, dtype: 'f32', at: affine(0, [y * x * s.o, x * s.o, s.o, 1]), value: ACC }],
      });
      check(kernel, [buffer(s.n * s.h * s.w * s.c), buffer(k * s.o), { dtype: 'f32', data: new Float32Array(s.n * y * x * s.o) }]);
    });
    it(`its gradient by the filter ${JSON.stringify(s)}`, () => {
      const { y, x } = out(s);
      const kernel = gemmKernel({
        batch: [], m: [s.kh, s.kw, s.c], n: [s.o], k: [s.n, y, x],
        a: image(s, ['i', 'j', 'c', 'n', 'y', 'x']), b: load(1, affine(0, [y * x * s.o, x * s.o, s.o, 1])),
        stores: [{ buffer: 2, dtype: 'f32', at: affine(0, [s.kw * s.c * s.o, s.c * s.o, s.o, 1]), value: ACC }],
      });
      check(kernel, [buffer(s.n * s.h * s.w * s.c), buffer(s.n * y * x * s.o), { dtype: 'f32', data: new Float32Array(s.kh * s.kw * s.c * s.o) }]);
    });
  }
  it('conditions with a divisor', () => {
    const s: Conv = { n: 2, h: 15, w: 15, c: 6, o: 5, kh: 3, kw: 3, stride: 1, pad: 1 };
    const kernel = gemmKernel({
      batch: [], m: [s.n, 13, 13], n: [s.o], k: [3, 3, 6],
      a: image(s, ['n', 'y', 'x', 'i', 'j', 'c'], 2), b: load(1, affine(0, [90, 30, 5, 1])),
      stores: [{ buffer: 2, dtype: 'f32', at: affine(0, [845, 65, 5, 1]), value: ACC }],
    });
    check(kernel, [buffer(s.n * 225 * 6), buffer(270), { dtype: 'f32', data: new Float32Array(2 * 845) }]);
  });
  it('an image as the right operand', () => {
    const s: Conv = { n: 2, h: 7, w: 8, c: 3, o: 6, kh: 3, kw: 3, stride: 1, pad: 1 };
    const kernel = gemmKernel({
      batch: [], m: [s.o], n: [s.n, 7, 8], k: [3, 3, 3],
      a: load(1, affine(0, [27, 9, 3, 1])), b: image(s, ['i', 'j', 'c', 'n', 'y', 'x']),
      stores: [{ buffer: 2, dtype: 'f32', at: affine(0, [112, 56, 8, 1]), value: ACC }],
    });
    check(kernel, [buffer(336), buffer(162), { dtype: 'f32', data: new Float32Array(672) }]);
  });
});

describe('gemm with an epilogue', () => {
  const bias = load(3, affine(0, [0, 1]));
  const plus: Expr = { k: 'binary', op: 'add', dtype: 'f32', a: ACC, b: bias };
  const zero: Expr = { k: 'const', dtype: 'f32', value: 0 };
  const sizes = [[1, 9, 30], [33, 10, 50], [20, 37, 600], [50, 300, 70]] as const;
  it('bias and relu', () => {
    for (const [m, n, k] of sizes) {
      const { kernel, buffers } = matmul(m, n, k);
      const body = kernel.body as GemmBody;
      const stores = [{ ...at(body.stores, 0), value: { k: 'binary', op: 'max', dtype: 'f32', a: plus, b: zero } as const }];
      check({ ...kernel, body: { ...body, stores } }, [...buffers, buffer(n)]);
    }
  });
  it('two results, one of them bool, one transposed', () => {
    for (const [m, n, k] of sizes) {
      const { kernel, buffers } = matmul(m, n, k);
      const body = kernel.body as GemmBody;
      const stores = [
        { buffer: 2, dtype: 'f32', at: affine(0, [1, m]), value: plus },
        { buffer: 4, dtype: 'bool', at: affine(0, [n, 1]), value: { k: 'compare', op: 'lt', dtype: 'bool', a: zero, b: ACC } },
      ] as const;
      const plain = engines.filter((f) => !f.relaxed);
      check({ ...kernel, body: { ...body, stores } }, [...buffers, buffer(n), { dtype: 'bool', data: new Uint8Array(m * n) }], plain);
    }
  });
  it('mask and accumulation in place', () => {
    const { kernel, buffers } = matmul(21, 29, 31);
    const body = kernel.body as GemmBody, here = affine(0, [29, 1]);
    const value: Expr = { k: 'binary', op: 'add', dtype: 'f32', a: load(2, here), b: { k: 'select', dtype: 'f32', condition: load(3, here, 'bool'), a: ACC, b: zero } };
    check({ ...kernel, body: { ...body, stores: [{ buffer: 2, dtype: 'f32', at: here, value }] } }, [...buffers, buffer(609, 'bool')]);
  });
  it('rows of several axes', () => {
    const kernel = gemmKernel({
      batch: [2], m: [5, 7], n: [3, 5], k: [12],
      a: load(0, affine(0, [420, 84, 12, 1])), b: load(1, affine(0, [180, 15, 5, 1])),
      stores: [{ buffer: 2, dtype: 'f32', at: affine(0, [525, 7, 1, 175, 35]), value: { k: 'binary', op: 'mul', dtype: 'f32', a: ACC, b: load(3, affine(0, [0, 0, 1, 0, 7])) } }],
    });
    check(kernel, [buffer(840), buffer(360), { dtype: 'f32', data: new Float32Array(1050) }, buffer(40)]);
  });
});

describe('native products', () => {
  it('are what the cases above ran on, where they are large enough', () => {
    expect(native.calls).toBeGreaterThan(300);
    const { kernel, buffers } = matmul(8, 8, 16), before = native.calls;
    runnable(kernel, buffers, at(engines, 2)).run();
    expect(native.calls).toBe(before);
  });
  it('are used for the classes alone that have a rate', () => {
    const calls = (m: number, n: number, k: number, kind: 'block' | 'shallow' | 'narrow' | 'small') => {
      const { kernel, buffers } = matmul(m, n, k), rates = { block: null, shallow: null, narrow: null, small: null, [kind]: 0.02 }, before = native.calls;
      runnable(kernel, buffers, { relaxed: false, tile: [4, 8], native: rates }).run();
      return native.calls - before;
    };
    for (const [m, n, k, wanted] of [[64, 64, 64, 'block'], [512, 32, 9, 'shallow'], [256, 10, 64, 'narrow'], [32, 32, 32, 'small']] as const) {
      for (const kind of ['block', 'shallow', 'narrow', 'small'] as const) expect([wanted, kind, calls(m, n, k, kind) > 0]).toEqual([wanted, kind, kind === wanted]);
    }
  });
});

describe('phases', () => {
  it('small gemms are one phase; large ones pack b first', () => {
    const phases = (m: number, n: number, k: number) => { const { kernel, buffers } = matmul(m, n, k); return runnable(kernel, buffers, at(engines, 0)).phases.length; };
    expect(phases(128, 10, 128)).toBe(1);
    expect(phases(1, 784, 128)).toBe(1);
    expect(phases(12, 128, 900)).toBe(1);
    expect(phases(128, 128, 784)).toBe(2);
    expect(phases(128, 512, 512)).toBe(2);
  });
});
