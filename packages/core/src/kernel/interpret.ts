/**
 * The executable meaning of the kernel IR, in plain and slow JavaScript: an oracle for the lowering and for every printer.
 * Floats are rounded to f32 after every operation, as a backend does; f64 programs are not lowered.
 */
import { DTYPES, type DType, type HostArray } from '../base/dtype.ts';
import { InternalError } from '../base/errors.ts';
import { at } from '../base/shape.ts';
import type { Accumulator, Affine, BinaryName, BufferId, CompareName, Expr, Kernel, KernelBody, RowStage, ScatterBody, Store, UnaryName } from './ir.ts';
import { LIMITS, neutralOf } from '../ir/table/combine.ts';
import type { ReduceKind, ScatterKind } from '../ir/types.ts';
import { erf as erfDouble, pow, roundHalfEven } from '../ir/table/special.ts';

/** Buffers by id, as flat arrays. */
export type BufferArrays = (buffer: BufferId) => HostArray;

/** Rounds a double to what the dtype can hold. */
export const ROUND: Readonly<Record<DType, (x: number) => number>> = {
  f32: Math.fround, f64: (x) => x, i32: (x) => x | 0, u32: (x) => x >>> 0, u8: (x) => x & 0xff, bool: (x) => (x === 0 ? 0 : 1),
};
const UNARY: Readonly<Record<UnaryName, (x: number, dtype: DType) => number>> = {
  neg: (x) => -x, exp: Math.exp, log: Math.log, log1p: Math.log1p, expm1: Math.expm1, sin: Math.sin, cos: Math.cos, tanh: Math.tanh, erf: erfDouble,
  sqrt: Math.sqrt, floor: Math.floor, round: roundHalfEven, not: (x, dtype) => (dtype === 'bool' ? 1 - x : ~x),
};
const isWhole = (dtype: DType): boolean => !DTYPES[dtype].float;
const BINARY: Readonly<Record<BinaryName, (a: number, b: number, dtype: DType) => number>> = {
  add: (a, b) => a + b, sub: (a, b) => a - b,
  mul: (a, b, dtype) => (isWhole(dtype) ? Math.imul(a, b) : a * b),
  div: (a, b, dtype) => (isWhole(dtype) ? (b === 0 ? 0 : Math.trunc(a / b)) : a / b),
  mod: (a, b, dtype) => (isWhole(dtype) && b === 0 ? 0 : a % b),
  pow, min: (a, b) => Math.min(a, b), max: (a, b) => Math.max(a, b),
  and: (a, b) => a & b, or: (a, b) => a | b, xor: (a, b) => a ^ b,
  shl: (a, b) => a << (b & 31), shr: (a, b, dtype) => (dtype === 'i32' ? a >> (b & 31) : a >>> (b & 31)),
};
const COMPARE: Readonly<Record<CompareName, (a: number, b: number) => boolean>> = { lt: (a, b) => a < b, le: (a, b) => a <= b, eq: (a, b) => a === b };

const COMBINE: Readonly<Record<ReduceKind, (a: number, b: number, dtype: DType) => number>> = { sum: BINARY.add, prod: BINARY.mul, max: BINARY.max, min: BINARY.min };
const SCATTER: Readonly<Record<ScatterKind, (a: number, b: number, dtype: DType) => number>> = { set: (_, b) => b, add: BINARY.add, max: BINARY.max, min: BINARY.min };

/** Float → dtype as `cast` does: truncation, saturation, NaN to 0. (Integers wrap.) */
export function castValue(x: number, dtype: DType): number {
  if (dtype === 'bool') return x === 0 ? 0 : 1;
  if (DTYPES[dtype].float) return ROUND[dtype](x);
  const [lo, hi] = LIMITS[dtype];
  return Number.isNaN(x) ? 0 : Math.min(hi, Math.max(lo, Math.trunc(x)));
}

type Point = readonly number[];
const place = (a: Affine, point: Point): number => a.coeffs.reduce((sum, c, i) => (c === 0 ? sum : sum + c * at(point, i)), a.offset);

class Evaluator {
  private readonly memo = new Map<Expr, number>();
  private readonly arrays: BufferArrays;
  private readonly point: Point;
  private readonly accs: readonly number[];
  constructor(arrays: BufferArrays, point: Point, accs: readonly number[]) { this.arrays = arrays; this.point = point; this.accs = accs; }

  value(e: Expr): number {
    const known = this.memo.get(e);
    if (known !== undefined) return known;
    const result = ROUND[e.dtype](this.compute(e));
    this.memo.set(e, result);
    return result;
  }
  private compute(e: Expr): number {
    switch (e.k) {
      case 'const': return e.value;
      case 'axis': return place(e.at, this.point);
      case 'acc': return at(this.accs, e.index);
      case 'load': {
        let index = place(e.at, this.point);
        for (const d of e.dynamic ?? []) index += this.value(d.value) * d.stride;
        const value = this.arrays(e.buffer)[index];
        if (value === undefined) throw new InternalError(`load of buffer ${e.buffer} at ${index} is out of bounds`);
        return value;
      }
      case 'unary': return UNARY[e.op](this.value(e.x), e.dtype);
      case 'binary': return BINARY[e.op](this.value(e.a), this.value(e.b), e.dtype);
      case 'compare': return COMPARE[e.op](this.value(e.a), this.value(e.b)) ? 1 : 0;
      case 'select': return this.value(e.condition) === 0 ? this.value(e.b) : this.value(e.a);
      case 'guard': {
        const holds = e.conditions.every((c) => {
          const v = place(c.at, this.point);
          return v >= c.lo && v < c.hi && (c.divisor === undefined || (v - c.lo) % c.divisor === 0);
        });
        return this.value(holds ? e.inside : e.outside);
      }
      case 'cast': return isWhole(e.x.dtype) && e.dtype !== 'bool' ? ROUND[e.dtype](this.value(e.x)) : castValue(this.value(e.x), e.dtype);
      case 'bitcast': {
        const from = DTYPES[e.x.dtype].create(1);
        from[0] = this.value(e.x);
        return DTYPES[e.dtype].view(from.buffer, 0, 1)[0] ?? 0;
      }
    }
  }
}

/** Visits every point of `axes`, outermost first, appended to `prefix`. */
function walk(prefix: Point, axes: readonly number[], visit: (point: Point) => void): void {
  if (axes.length === 0) { visit(prefix); return; }
  for (let i = 0; i < at(axes, 0); i++) walk([...prefix, i], axes.slice(1), visit);
}

function store(stores: readonly Store[], point: Point, accs: readonly number[], arrays: BufferArrays): void {
  const evaluator = new Evaluator(arrays, point, accs);
  const values = stores.map((s) => evaluator.value(s.value)), moves = stores.map((s) => (s.dynamic ?? []).map((d) => evaluator.value(d.value)));
  stores.forEach((s, i) => {
    const indices = at(moves, i);
    if (indices.some((index) => index < 0 || index >= (s.extent ?? Infinity))) return;
    write(arrays, s.buffer, place(s.at, point) + (s.dynamic ?? []).reduce((sum, d, k) => sum + at(indices, k) * d.stride, 0), at(values, i));
  });
}
function write(arrays: BufferArrays, buffer: BufferId, index: number, value: number): void {
  const array = arrays(buffer);
  if (index < 0 || index >= array.length) throw new InternalError(`store to buffer ${buffer} at ${index} is out of bounds`);
  array[index] = value;
}

function reduceStage(accs: readonly Accumulator[], point: Point, inner: readonly number[], known: readonly number[], arrays: BufferArrays): number[] {
  const state = accs.map((a) => (a.op === 'argmax' || a.op === 'argmin' ? NaN : neutralOf(a.op, a.dtype)));
  const best = accs.map(() => NaN);
  let position = 0;
  walk(point, inner, (p) => {
    const evaluator = new Evaluator(arrays, p, known);
    accs.forEach((a, i) => {
      const v = evaluator.value(a.value), old = at(state, i);
      if (a.op !== 'argmax' && a.op !== 'argmin') { state[i] = ROUND[a.dtype](COMBINE[a.op](old, v, a.dtype)); return; }
      const b = at(best, i), first = Number.isNaN(old);
      const better = first || (!Number.isNaN(b) && (Number.isNaN(v) || (a.op === 'argmax' ? v > b : v < b)));
      if (better) { state[i] = position; best[i] = v; }
    });
    position++;
  });
  return state;
}

type Runner<B extends KernelBody> = (body: B, counters: Point, arrays: BufferArrays) => void;
const RUNNERS: { readonly [K in KernelBody['kind']]: Runner<Extract<KernelBody, { kind: K }>> } = {
  map: (body, counters, arrays) => { walk(counters, body.axes, (p) => { store(body.stores, p, [], arrays); }); },
  rows: (body, counters, arrays) => {
    walk(counters, body.axes, (row) => {
      let accs: number[] = [];
      const stage = (s: RowStage): void => {
        if (s.kind === 'reduce') accs = [...accs, ...reduceStage(s.accs, row, body.inner, accs, arrays)];
        else if (s.space === 'row') store(s.stores, row, accs, arrays);
        else walk(row, body.inner, (p) => { store(s.stores, p, accs, arrays); });
      };
      body.stages.forEach(stage);
    });
  },
  gemm: (body, counters, arrays) => {
    walk(counters, body.batch, (b) => {
      walk([], body.m, (m) => {
        walk([], body.n, (n) => {
          let sum = 0;
          walk([], body.k, (k) => {
            sum = Math.fround(sum + new Evaluator(arrays, [...b, ...m, ...k], []).value(body.a) * new Evaluator(arrays, [...b, ...k, ...n], []).value(body.b));
          });
          store(body.stores, [...b, ...m, ...n], [sum], arrays);
        });
      });
    });
  },
  scan: (body, counters, arrays) => {
    walk(counters, body.axes, (p) => {
      let value = neutralOf(body.op, body.dtype);
      for (let j = 0; j < body.length; j++) {
        const point = [...p, body.reverse ? body.length - 1 - j : j];
        const next = ROUND[body.dtype](COMBINE[body.op](value, new Evaluator(arrays, point, []).value(body.value), body.dtype));
        write(arrays, body.buffer, place(body.at, point), body.exclusive ? value : next);
        value = next;
      }
    });
  },
  scatter: (body: ScatterBody, counters, arrays) => {
    walk(counters, body.axes, (p) => {
      const evaluator = new Evaluator(arrays, p, []);
      const index = evaluator.value(body.index);
      if (index < 0 || index >= body.extent) return;
      const where = place(body.at, p) + index * body.stride;
      write(arrays, body.buffer, where, ROUND[body.dtype](SCATTER[body.op](arrays(body.buffer)[where] ?? 0, evaluator.value(body.value), body.dtype)));
    });
  },
  sort: (body, counters, arrays) => {
    walk(counters, body.axes, (p) => {
      const base = place(body.at, p);
      const keys = at(body.inputs, 0);
      const key = (j: number): number => arrays(keys.buffer)[base + j * body.stride] ?? 0;
      const order = Array.from({ length: body.length }, (_, j) => j);
      const rank = (a: number, b: number): number => (Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : Number.isNaN(b) ? -1 : a < b ? -1 : a > b ? 1 : 0);
      order.sort((i, j) => (body.descending ? -1 : 1) * rank(key(i), key(j)) || i - j);
      body.outputs.forEach((out, o) => {
        const from = at(body.inputs, o);
        const values = order.map((j) => arrays(from.buffer)[base + j * body.stride] ?? 0);
        values.forEach((v, j) => { write(arrays, out.buffer, base + j * body.stride, v); });
      });
    });
  },
};

/** Runs one kernel; `counters` are the enclosing loops' counters. */
export function interpretKernel(kernel: Kernel, counters: Point, arrays: BufferArrays): void {
  (RUNNERS[kernel.body.kind] as Runner<KernelBody>)(kernel.body, counters, arrays);
}
