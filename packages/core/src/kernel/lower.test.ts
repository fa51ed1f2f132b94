/**
 * Fusion is deterministic and printable: what becomes one kernel, and what does not.
 */
import { describe, expect, it } from 'vitest';
import {
  add, assign, broadcastTo, cast, concat, div, exp, gather, input, iota, le, loop, matmul2d, max, mul, pad, reduce, reduceKeep, reshape, slice, splat, splatLike, sqrt, state, sub, sum, transpose, where,
} from '../ir/build.ts';
import { makeGraph, makeSlot } from '../ir/node.ts';
import type { Graph, Node, TensorType } from '../ir/types.ts';
import { optimize } from '../optimize/index.ts';
import { plan } from '../plan/plan.ts';
import { printProgram } from '../plan/print.ts';
import type { Program } from '../plan/program.ts';
import { lower } from './lower.ts';

const f32 = (...shape: number[]): TensorType => ({ shape, dtype: 'f32' });
const compile = (graph: Graph): Program => plan(lower(optimize(graph)));
const text = (outputs: readonly Node[], inputs: readonly Node<'input'>[]): string => printProgram(compile(makeGraph('test', inputs, outputs)));
const kinds = (program: Program): string[] => program.kernels.map((k) => k.body.kind);

describe('fusion', () => {
  it('writes bias and relu into the product', () => {
    const x = input(0, 'x', f32(8, 4)), w = input(1, 'w', f32(4, 3)), b = input(2, 'b', f32(3));
    const h = add(matmul2d(x, w), broadcastTo(b, [8, 3]));
    expect(text([max(h, splatLike(0, h))], [x, w, b])).toMatchInlineSnapshot(`
      "program test: 1 kernels, scratch 0 B (lower bound 0 B)
        k0 gemm dot+max batch [] m [8] n [3] k [4]
          a = x[4i+j]
          b = w[3i+j]
          output0[3i+j] = max((acc0 + b[j]), 0)"
    `);
  });

  it('makes softmax one kernel', () => {
    const x = input(0, 'x', f32(32, 10));
    const e = exp(sub(x, broadcastTo(reduceKeep('max', x, [1]), [32, 10])));
    const program = compile(makeGraph('softmax', [x], [div(e, broadcastTo(reduceKeep('sum', e, [1]), [32, 10]))]));
    expect(kinds(program)).toEqual(['rows']);
  });

  it('makes a layer norm one kernel, kept axes and all', () => {
    const x = input(0, 'x', f32(8, 32, 16)), scale = (n: Node): Node => mul(n, splatLike(1 / 16, n));
    const centred = sub(x, broadcastTo(scale(reduceKeep('sum', x, [2])), [8, 32, 16]));
    const deviation = sqrt(scale(reduceKeep('sum', mul(centred, centred), [2])));
    expect(kinds(compile(makeGraph('norm', [x], [div(centred, broadcastTo(deviation, [8, 32, 16]))])))).toEqual(['rows']);
  });

  it('compares positions where they are needed', () => {
    const x = input(0, 'x', f32(4, 16, 16)), square = { shape: [16, 16], dtype: 'i32' } as const;
    const program = compile(makeGraph('causal', [x], [where(broadcastTo(le(iota(square, 1), iota(square, 0)), [4, 16, 16]), x, splatLike(0, x))]));
    expect(kinds(program)).toEqual(['map']);
  });

  it("updates Adam's m, v and w in one kernel and in place", () => {
    const slots = ['m', 'v', 'w'].map((name) => makeSlot(name, f32(100, 50)));
    const [m, v, w] = slots.map((s) => state(s)) as [Node, Node, Node];
    const g = input(0, 'g', f32(100, 50)), rate = input(1, 'rate', f32());
    const m1 = add(mul(m, splatLike(0.9, m)), mul(g, splatLike(0.1, g)));
    const v1 = add(mul(v, splatLike(0.999, v)), mul(mul(g, g), splatLike(0.001, g)));
    const w1 = sub(w, div(mul(m1, broadcastTo(rate, [100, 50])), add(sqrt(v1), splatLike(1e-7, v1))));
    const program = compile(makeGraph('adam', [g, rate], [], [m1, v1, w1].map((value, i) => assign(slots[i] as (typeof slots)[0], value))));
    expect(kinds(program)).toEqual(['map']);
    expect(program.segmentBytes.scratch).toBe(0);
  });

  it('swaps state in place where each element meets its partner only, else through a copy', () => {
    const a = makeSlot('a', f32(4)), b = makeSlot('b', f32(4));
    const reversed = (n: Node): Node => slice(n, { starts: [3], sizes: [4], strides: [-1] });
    expect(compile(makeGraph('swap', [], [], [assign(a, state(b)), assign(b, state(a))])).segmentBytes.scratch).toBe(0);
    expect(compile(makeGraph('swap', [], [], [assign(a, reversed(state(b))), assign(b, reversed(state(a)))])).segmentBytes.scratch).toBeGreaterThan(0);
  });

  it('never recomputes under a broadcast', () => {
    const x = input(0, 'x', f32(6)), y = input(1, 'y', f32(50, 6));
    const program = compile(makeGraph('expand', [x, y], [mul(broadcastTo(exp(x), [50, 6]), y)]));
    expect(kinds(program)).toEqual(['map', 'map']);
  });

  it('reads movement through coordinates', () => {
    const x = input(0, 'x', f32(4, 6));
    const moved = slice(transpose(x, [1, 0]), { starts: [1, 0], sizes: [4, 2], strides: [1, 2] });
    expect(text([mul(moved, moved)], [x])).toMatchInlineSnapshot(`
      "program test: 1 kernels, scratch 0 B (lower bound 0 B)
        k0 map mul [4,2]
          output0[2i+j] = (x[i+12j+1] * x[i+12j+1])"
    `);
  });

  it('guards padding and concatenation', () => {
    const x = input(0, 'x', f32(5)), y = input(1, 'y', f32(3));
    expect(text([concat([pad(x, { low: [1], high: [1], interior: [0], value: 0 }), y], 0)], [x, y])).toMatchInlineSnapshot(`
      "program test: 1 kernels, scratch 0 B (lower bound 0 B)
        k0 map concat [10]
          output0[i] = (0<=i<7 ? (0<=i-1<5 ? x[i-1] : 0) : y[i-7])"
    `);
  });

  it('flattens images from bytes without division', () => {
    const x = input(0, 'x', { shape: [2, 28, 28], dtype: 'u8' });
    const scaled = cast(x, 'f32');
    expect(text([reshape(mul(scaled, splatLike(1 / 256, scaled)), [2, 784])], [x])).toMatchInlineSnapshot(`
      "program test: 1 kernels, scratch 0 B (lower bound 0 B)
        k0 map mul [2,784]
          output0[784i+j] = (f32(x[784i+j]) * 0.00390625)"
    `);
  });

  it('looks up embeddings without a kernel of their own', () => {
    const table = input(0, 'table', f32(100, 8)), ids = input(1, 'ids', { shape: [4], dtype: 'i32' });
    expect(text([mul(gather(table, ids, 0), splat(2, [4, 8], 'f32'))], [table, ids])).toMatchInlineSnapshot(`
      "program test: 1 kernels, scratch 0 B (lower bound 0 B)
        k0 map mul [4,8]
          output0[8i+j] = (table[j+8*max(0, min(99, ids[i]))] * 2)"
    `);
  });

  it('counts the rows that are looked up, not the table, as bytes moved', () => {
    const ids = input(1, 'ids', { shape: [4], dtype: 'i32' });
    const bytes = (rows: number): readonly number[] => {
      const table = input(0, 'table', f32(rows, 8));
      return compile(makeGraph('test', [table, ids], [mul(gather(table, ids, 0), splat(2, [4, 8], 'f32'))])).kernels.map((k) => k.bytes);
    };
    const rows = 4 * 8 * 4, written = rows, positions = 4 * 4;
    expect(bytes(100_000)).toEqual([rows + written + positions]);
    expect(bytes(2)).toEqual([2 * 8 * 4 + written + positions]);
  });

  it('splits a long sum with few results into a fixed number of parts', () => {
    const x = input(0, 'x', f32(128, 1024));
    const program = compile(makeGraph('sum', [x], [sum(x)]));
    expect(program.kernels.map((k) => (k.body.kind === 'rows' ? k.body.axes : []))).toEqual([[64], []]);
  });

  it('gives a loop one body whatever its length', () => {
    const body = (): Graph => {
      const h = input(0, 'h', f32(4)), x = input(1, 'x', f32(4));
      const next = add(mul(h, splatLike(0.5, h)), x);
      return makeGraph('body', [h, x], [next, next]);
    };
    const program = (trip: number): Program => {
      const h = input(0, 'h', f32(4)), xs = input(1, 'xs', f32(trip, 4));
      return compile(makeGraph('rnn', [h, xs], loop([h, xs], { body: body(), trip, carries: 1, stacked: 1, reverse: false })));
    };
    expect(program(500).kernels.length).toBe(program(3).kernels.length);
    expect(program(3).steps.filter((s) => s.kind === 'loop')).toHaveLength(1);
  });

  it('prints the same program for the same graph', () => {
    const build = (): string => {
      const x = input(0, 'x', f32(8, 8));
      return text([reduce('max', matmul2d(x, x), [1]), sum(x)], [x]).replaceAll(/[a-z]+\d+/g, (n) => n.replace(/\d+/, '#'));
    };
    expect(build()).toBe(build());
  });
});
