/**
 * a to the power of b for four pairs of f32, within 1 ulp of the exact value, special cases as C's pow has them (1 to any
 * power is 1, also NaN; -1 to ±∞ is 1; anything to the power of 0 is 1).
 * Method: 2^(b·log2|a|) in f64, two lanes at a time: log2 by the series of 2·atanh((m-1)/(m+1)), 2^r by a polynomial; one rounding to f32 at the end,
 * so denormal results are right too. Where |a| is 0, ∞ or NaN, log2|a| is set to -∞, ∞, NaN, and the product with b does the rest.
 */
import type { FunctionWriter, Local } from '../../encoder.ts';
import type { Features } from '../context.ts';
import { EXP2, LOG2 } from './coefficients.ts';
import { splitExponent } from './log.ts';
import { demotePair, promote, ROUND_F64 } from './trig.ts';
import { f64, SIGN_BIT, SMALLEST_NORMAL, Vector } from './vector.ts';

/** Horner's rule in f64, coefficients lowest power first */
function poly64(v: Vector, x: Local, coefficients: readonly number[]): void {
  const { w } = v;
  coefficients.toReversed().forEach((c, i) => {
    if (i === 0) w.constant(f64(c));
    else if (v.features.relaxed) w.get(x).constant(f64(c)).op('f64x2.relaxed_madd');
    else w.get(x).op('f64x2.mul').constant(f64(c)).op('f64x2.add');
  });
}

/** pushes 2^(b·(n + log2 m)) of two lanes as f64x2; n may be ±∞ or NaN */
function powerOfPair(v: Vector, n: Local, m: Local, b: Local, half: 0 | 1): void {
  const { w } = v;
  const wide = v.let(promote(v, m, half));
  const s = v.let(() => w.get(wide).constant(f64(1)).op('f64x2.sub').get(wide).constant(f64(1)).op('f64x2.add').op('f64x2.div'));
  const z = v.let(() => w.get(s).get(s).op('f64x2.mul'));
  poly64(v, z, LOG2);
  w.get(s).op('f64x2.mul');
  v.push(promote(v, n, half));
  w.op('f64x2.add');
  v.push(promote(v, b, half));
  // 160 is beyond the f32 range in both directions; pmin and pmax keep NaN, which must stand first
  w.op('f64x2.mul').constant(f64(160)).op('f64x2.pmin').constant(f64(-160)).op('f64x2.pmax');
  const t = v.pop();
  const k = v.let(() => w.get(t).constant(f64(ROUND_F64)).op('f64x2.add'));
  const r = v.let(() => w.get(t).get(k).constant(f64(ROUND_F64)).op('f64x2.sub').op('f64x2.sub'));
  poly64(v, r, EXP2);
  // 2^k: k sits in the low bits of the rounded sum; 1.0 has exponent field 1023
  w.get(k).i32(52).op('i64x2.shl').constant(f64(1)).op('i64x2.add').op('f64x2.mul');
}

/** Pops b, then a; pushes a to the power of b. */
export function emitPow(w: FunctionWriter, features: Features): void {
  const v = new Vector(w, features);
  const b = v.pop();
  const a = v.pop();
  const magnitude = v.let(v.abs(a));
  const denormal = v.let(v.lt(magnitude, SMALLEST_NORMAL));
  const normal = v.let(v.select(denormal, v.mul(magnitude, 2 ** 23), magnitude));
  const { k, m } = splitExponent(v, normal);
  const special = v.select(v.eq(magnitude, 0), -Infinity, v.andNot(magnitude, v.lt(magnitude, Infinity)));
  const n = v.let(v.add(v.toFloat(v.isub(k, v.and(denormal, v.int(23)))), special));
  powerOfPair(v, n, m, b, 0);
  powerOfPair(v, n, m, b, 1);
  demotePair(v);
  const result = v.pop();
  // the sign of a goes to the result where b is an odd integer; a finite a < 0 with any other finite b than an integer is NaN
  const half = v.let(v.mul(b, 0.5));
  const whole = (value: Local): (() => void) => v.eq(value, () => w.get(value).op('f32x4.floor'));
  const integral = v.let(whole(b));
  const odd = v.andNot(integral, whole(half));
  const signed = v.or(result, v.and(v.and(a, v.int(SIGN_BIT)), odd));
  const invalid = v.andNot(v.and(v.lt(a, 0), v.lt(-Infinity, a)), integral);
  const valid = v.or(signed, invalid);
  // anything to the power of 0 is 1, 1 to anything too (also NaN), and -1 to ±∞
  const one = v.or(v.eq(b, 0), v.or(v.eq(a, 1), v.and(v.eq(magnitude, 1), v.eq(v.abs(b), Infinity))));
  v.push(v.select(one, 1, valid));
  v.done();
}
