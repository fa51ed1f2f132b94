/**
 * Every function against Math.* in double rounded to f32, in ulp, on samples that cover every exponent, the edges of every branch and the special values;
 * with and without relaxed SIMD. erf and the references have no Math.*: erf is summed here in double.
 */
import { setFlagsFromString } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { ModuleWriter } from '../encoder.ts';
import type { FunctionWriter } from '../encoder.ts';
import { emitMath, emitPow } from './math.ts';
import type { MathOp } from './math.ts';
import { pow } from '../../../ir/table/special.ts';

// Node 20 has relaxed SIMD behind a flag that may be set at run time
if (Number.parseInt(process.versions.node, 10) < 22) setFlagsFromString('--experimental-wasm-relaxed-simd');

type Kernel = (a: Float32Array, b?: Float32Array) => Float32Array;

/** builds run(n): out[i] = f(a[i], b[i]) for n bytes, arrays in linear memory; 4 lanes at a time */
function build(emit: (w: FunctionWriter) => void, binary: boolean, capacity: number): Kernel {
  const pages = Math.ceil((capacity * 4 * 3) / 65536) + 1;
  const module = new ModuleWriter({ sharedMemory: false, minPages: pages, maxPages: pages });
  const { writer: w } = module.function('run', ['i32', 'i32', 'i32', 'i32'], [], true);
  const [a, b, out, end] = [w.param(0), w.param(1), w.param(2), w.param(3)];
  w.loop(() => {
    w.get(out).get(a).memory('v128.load');
    if (binary) w.get(b).memory('v128.load');
    emit(w);
    w.memory('v128.store');
    for (const p of [a, b, out]) w.get(p).i32(16).op('i32.add').set(p);
    w.get(a).get(end).op('i32.lt_u').brIf(0);
  });
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), { env: { memory } });
  const run = instance.exports['run'] as (a: number, b: number, out: number, end: number) => void;
  return (x, y) => {
    const n = Math.ceil(x.length / 4) * 4;
    const view = new Float32Array(memory.buffer);
    view.fill(0, 0, 3 * n);
    view.set(x, 0);
    if (y !== undefined) view.set(y, n);
    run(0, n * 4, n * 8, n * 4);
    return view.slice(2 * n, 2 * n + x.length);
  };
}

const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);
/** f32 on a line of integers: neighbours differ by 1, ±0 both 0 */
function order(x: number): number {
  float[0] = x;
  const i = bits[0] as number;
  return i < 0 ? -0x80000000 - i : i;
}
/** distance of an f32 from the exact (double) value in units of the last place of its rounding; specials must match, the sign of zero too */
function ulps(got: number, exact: number): number {
  const want = Math.fround(exact);
  if (Object.is(got, want)) {
    if (!Number.isFinite(want)) return 0;
  } else if (Number.isNaN(got) || Number.isNaN(want) || (want === 0 && got === 0) || !Number.isFinite(want)) {
    // a finite neighbour of an overflow counts as one step, everything else is wrong
    return Number.isFinite(got) && !Number.isNaN(want) && want !== 0 ? Math.abs(order(got) - order(want)) : Infinity;
  }
  if (!Number.isFinite(got)) return Math.abs(order(got) - order(want));
  const exponent = Math.max(-126, Math.floor(Math.log2(Math.abs(want) || 2 ** -149)));
  return Math.abs(got - exact) / 2 ** (exponent - 23);
}

/** erf in double: Taylor series below 3, the continued fraction of erfc (Lentz) above */
function erf(x: number): number {
  const a = Math.abs(x);
  if (Number.isNaN(x) || x === 0) return x;
  if (a < 3) {
    let sum = 0;
    let term = a;
    for (let i = 0; i < 100 && Math.abs(term) > 1e-20 * Math.abs(sum); i++) {
      sum += term / (2 * i + 1);
      term *= -(a * a) / (i + 1);
    }
    // for denormals the product must be formed once, in double
    return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * sum;
  }
  if (a > 6) return Math.sign(x);
  let tail = 0;
  for (let i = 60; i >= 1; i--) tail = i / 2 / (a + tail);
  return Math.sign(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + tail));
}

const REFERENCE: Record<MathOp, (x: number) => number> = {
  exp: Math.exp, log: Math.log, log1p: Math.log1p, expm1: Math.expm1, sin: Math.sin, cos: Math.cos, tanh: Math.tanh, erf,
};
/** measured worst case, rounded up; the promise of the file is 2 */
const BOUND: Record<MathOp, number> = { exp: 1.2, log: 1.2, log1p: 1.6, expm1: 1.4, sin: 1.6, cos: 1.6, tanh: 1.5, erf: 1.4 };

function random(seed: number): () => number {
  let s = seed >>> 0;
  return () => {
    s = (Math.imul(s ^ (s >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    const t = Math.imul(s ^ (s >>> 12), 0x297a2d39);
    return ((t ^ (t >>> 15)) >>> 0) / 2 ** 32;
  };
}

const SPECIAL = [0, -0, 1, -1, Infinity, -Infinity, NaN, 2 ** -149, -(2 ** -149), 2 ** -126, -(2 ** -126), 3.4028234663852886e38, -3.4028234663852886e38, 0.5, -0.5, 2, -2];

/** every exponent and sign, with `perExponent` evenly spaced mantissas and as many random ones; the neighbourhoods of `edges` */
function samples(perExponent: number, edges: readonly number[]): Float32Array {
  const next = random(7);
  const words: number[] = [];
  for (let exponent = 0; exponent < 255; exponent++) {
    for (let i = 0; i < perExponent; i++) {
      const spaced = Math.floor(((i + next()) * 2 ** 23) / perExponent);
      words.push((exponent << 23) | spaced, (exponent << 23) | spaced | 0x80000000);
    }
  }
  const out: number[] = [...SPECIAL];
  for (const word of words) { bits[0] = word; out.push(float[0] as number); }
  for (const edge of edges) {
    float[0] = edge;
    const middle = bits[0] as number;
    for (let d = -300; d <= 300; d++) { bits[0] = middle + d; out.push(float[0] as number); }
  }
  // the range networks live in, evenly
  for (let i = 0; i < 60000; i++) out.push((next() - 0.5) * 24, (next() - 0.5) * 4);
  for (let i = 0; i < 20000; i++) out.push((next() - 0.5) * 2 ** 18, (next() - 0.5) * 210);
  return Float32Array.from(out);
}
const multiples = (step: number, count: number): number[] => Array.from({ length: 2 * count + 1 }, (_, i) => (i - count) * step);
const EDGES: Record<MathOp, readonly number[]> = {
  exp: [...multiples(Math.LN2 / 2, 300), 88.722839, -87.3365, -103.97, -104],
  expm1: [...multiples(Math.LN2 / 2, 60), 88.722839, -17.32868, -18],
  log: [0.5, Math.SQRT1_2, 1, Math.SQRT2, 2, 2 ** -126, 2 ** 127],
  log1p: [-1, -0.5, Math.SQRT1_2 - 1, -1e-4, 1e-4, Math.SQRT2 - 1, 1, 2 ** 24, 2 ** 25, 2 ** 126, 2.4e38],
  sin: [...multiples(Math.PI / 4, 200), 2 ** 17, 2 ** 24, 2 ** 22 * 1.5707963],
  cos: [...multiples(Math.PI / 4, 200), 2 ** 17, 2 ** 24, 2 ** 22 * 1.5707963],
  tanh: [0.625, -0.625, 9.01, 8.66, 0.17],
  erf: [0.92, -0.92, 3.93, -3.93, 3.83],
};

const FEATURES = [{ relaxed: false, tile: [4, 8] }, { relaxed: true, tile: [6, 8] }] as const;

describe.each(FEATURES)('math with relaxed SIMD $relaxed', (features) => {
  it.each(Object.keys(REFERENCE) as MathOp[])('%s stays within its bound over the whole f32 range', (op) => {
    const x = samples(500, EDGES[op]);
    expect(x.length).toBeGreaterThan(400_000);
    const kernel = build((w) => emitMath(w, op, features), false, x.length + 4);
    const got = kernel(x);
    const reference = REFERENCE[op];
    let worst = -1;
    let where = 0;
    for (let i = 0; i < x.length; i++) {
      const distance = ulps(got[i] as number, reference(x[i] as number));
      if (distance > worst) { worst = distance; where = i; }
    }
    if (process.env['LIMELIGHT_SHOW_ULP'] !== undefined) console.log(`${op} relaxed=${features.relaxed} worst ${worst} at ${x[where]}: ${got[where]} for ${reference(x[where] as number)}`);
    expect(worst, `at ${x[where]}: got ${got[where]}, exact ${reference(x[where] as number)}`).toBeLessThanOrEqual(BOUND[op]);
  });

  it('pow stays within its bound, specials as in C', () => {
    const next = random(11);
    const a: number[] = [];
    const b: number[] = [];
    const interesting = [...SPECIAL, 3, -3, 4, -4, 1.5, -1.5, 0.1, -0.1, 16777216, 16777215, -16777215, 33554432, 1e-30, 1e30, -1e30, 1 + 2 ** -23, 1 - 2 ** -24, -8, 1 / 3];
    for (const p of interesting) for (const q of interesting) { a.push(p); b.push(q); }
    for (let i = 0; i < 200_000; i++) {
      // random bits; then results all over the range; then the usual bases and exponents
      bits[0] = next() * 2 ** 32; a.push(float[0] as number);
      bits[0] = next() * 2 ** 32; b.push(float[0] as number);
      const base = 2 ** ((next() - 0.5) * 280);
      a.push(base); b.push(((next() - 0.5) * 310) / Math.log2(base));
      a.push((next() - 0.3) * 10); b.push(i % 2 === 0 ? Math.floor((next() - 0.5) * 40) : (next() - 0.5) * 8);
      a.push(1 + (next() - 0.5) / 1000); b.push((next() - 0.5) * 20000);
    }
    const x = Float32Array.from(a);
    const y = Float32Array.from(b);
    const got = build((w) => emitPow(w, features), true, x.length + 4)(x, y);
    let worst = -1;
    let where = 0;
    for (let i = 0; i < x.length; i++) {
      const distance = ulps(got[i] as number, pow(x[i] as number, y[i] as number));
      if (distance > worst) { worst = distance; where = i; }
    }
    if (process.env['LIMELIGHT_SHOW_ULP'] !== undefined) console.log(`pow relaxed=${features.relaxed} worst ${worst} at ${x[where]} ** ${y[where]}: ${got[where]}`);
    expect(worst, `at ${x[where]} ** ${y[where]}: got ${got[where]}, exact ${pow(x[where] as number, y[where] as number)}`).toBeLessThanOrEqual(0.51);
  });

  it('gives every lane the same bits, whatever its neighbours are', () => {
    const x = Float32Array.from({ length: 4096 }, (_, i) => (i % 97 === 0 ? 1e20 : i % 89 === 0 ? 2 ** -140 : (i - 1000) / 37));
    for (const op of Object.keys(REFERENCE) as MathOp[]) {
      const kernel = build((w) => emitMath(w, op, features), false, 4 * x.length);
      const together = kernel(x);
      const alone = kernel(Float32Array.from({ length: 4 * x.length }, (_, i) => x[i >> 2] as number)).filter((_, i) => i % 4 === 0);
      expect(new Uint32Array(together.buffer)).toEqual(new Uint32Array(alone.buffer));
    }
  });

  it('may be emitted twice into one function', () => {
    const x = Float32Array.from([0.1, 1, 2, 5]);
    const got = build((w) => { emitMath(w, 'exp', features); emitMath(w, 'log', features); emitMath(w, 'erf', features); emitMath(w, 'tanh', features); }, false, 16)(x);
    x.forEach((value, i) => expect(got[i]).toBeCloseTo(Math.tanh(erf(value)), 6));
  });
});
