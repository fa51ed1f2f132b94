/**
 * log and log1p of four f32, at most 2 ulp from the exact value, denormal arguments included.
 * Method (Cephes logf, fdlibm log1p): x = 2^k·m with m in [√½, √2), f = m - 1, a polynomial for log(1+f), k·ln2 in two parts. log1p adds what rounding 1 + x lost to f,
 * scaled by 2^-k, which makes f = x exactly where k is 0. A branch that is hardly ever taken serves zero, negative, denormal, infinite and NaN.
 */
import type { FunctionWriter, Local } from '../../encoder.ts';
import type { Features } from '../context.ts';
import { LOG } from './coefficients.ts';
import { LN2_HIGH, LN2_LOW } from './exp.ts';
import { SIGN_BIT, SMALLEST_NORMAL, Vector } from './vector.ts';

const SQRT_HALF_BITS = 0x3f3504f3;
const ONE_BITS = 0x3f800000;

/** x = 2^k·m, m in [√½, √2): the bits of √½ are taken off, so that the exponent field counts from there */
export function splitExponent(v: Vector, x: Local): { k: Local; m: Local } {
  const off = v.let(v.isub(x, v.int(SQRT_HALF_BITS)));
  const k = v.let(v.sar(off, 23));
  const m = v.let(v.iadd(v.and(off, v.int(0x7fffff)), v.int(SQRT_HALF_BITS)));
  return { k, m };
}

/** k·ln2 + log(1 + f); n is k as f32 */
function combine(v: Vector, n: Local, f: Local): () => void {
  const square = v.let(v.mul(f, f));
  const tail = v.madd(v.poly(f, [-0.5, ...LOG]), square, v.mul(n, LN2_LOW));
  return v.madd(n, LN2_HIGH, v.add(f, tail));
}

export function emitLog(w: FunctionWriter, features: Features): void {
  const v = new Vector(w, features);
  const x = v.pop();
  const given = v.let(x);
  const unusual = w.local('i32');
  // bits - bits(2^-126) as unsigned is below 0x7f000000 just for positive normal numbers
  v.push(v.isub(x, v.int(0x00800000)));
  v.push(v.int(0x7effffff));
  w.op('i32x4.le_u').op('i32x4.all_true').op('i32.eqz').set(unusual);
  const shift = v.let(v.int(0));
  w.get(unusual);
  v.rarely(() => {
    const small = v.let(v.lt(x, SMALLEST_NORMAL));
    w.get(small).i32x4(-23).op('v128.and').set(shift);
    v.push(v.select(small, v.mul(x, 2 ** 23), x));
    w.set(x);
  });
  const { k, m } = splitExponent(v, x);
  const n = v.let(v.toFloat(v.iadd(k, shift)));
  const f = v.let(v.sub(m, 1));
  const result = v.let(combine(v, n, f));
  w.get(unusual);
  v.rarely(() => {
    // +∞ and NaN are themselves, ±0 is -∞, below 0 is NaN
    v.push(v.select(v.lt(given, Infinity), result, given));
    w.set(result);
    v.push(v.select(v.eq(given, 0), -Infinity, v.select(v.lt(given, 0), NaN, result)));
    w.set(result);
  });
  w.get(result);
  w.free(unusual);
  v.done();
}

export function emitLog1p(w: FunctionWriter, features: Features): void {
  const v = new Vector(w, features);
  const x = v.pop();
  const u = v.let(v.add(x, 1));
  // 1 + x = u + lost exactly (Knuth's two-sum)
  const part = v.let(v.sub(u, 1));
  const lost = v.let(v.add(v.sub(1, v.sub(u, part)), v.sub(x, part)));
  const { k, m } = splitExponent(v, u);
  const n = v.let(v.toFloat(k));
  // from k = 126 on the lost part is far below the last bit
  const scale = v.isub(v.int(ONE_BITS), v.shl(() => { v.push(k); w.i32x4(126).op('i32x4.min_s'); }, 23));
  const f = v.let(v.madd(lost, scale, v.sub(m, 1)));
  const result = v.let(v.or(combine(v, n, f), v.and(x, v.int(SIGN_BIT))));
  // all lanes in (-1, ∞)? else: -1 gives -∞, below it NaN, +∞ and NaN are themselves
  const inside = v.let(v.and(v.lt(-1, x), v.lt(x, Infinity)));
  w.get(inside).op('i32x4.all_true').op('i32.eqz');
  v.rarely(() => {
    v.push(v.select(inside, result, v.select(v.eq(x, -1), -Infinity, v.select(v.lt(x, -1), NaN, x))));
    w.set(result);
  });
  w.get(result);
  v.done();
}
