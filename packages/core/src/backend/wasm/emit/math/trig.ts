/**
 * sin and cos of four f32, at most 2 ulp from the exact value for every finite argument; ±∞ and NaN give NaN.
 * Method: x = n·π/2 + r, |r| ≤ 0.79, by Cody–Waite in f64 (two parts of π/2; the first product is exact up to |x| = 2^17), then polynomials for sin r and cos r.
 * Beyond 2^17 a rarely taken branch reduces by the idea of Payne and Hanek without tables: each product of x with a 29-bit piece of 2/π is exact in f64,
 * whole turns (multiples of 4) drop out of it exactly, and the rests are added with their rounding errors kept.
 */
import type { FunctionWriter, Local } from '../../encoder.ts';
import type { Features } from '../context.ts';
import { COS, HALF_PI, SIN, TWO_OVER_PI } from './coefficients.ts';
import { f64, ROUND_MAGIC, SIGN_BIT, Vector } from './vector.ts';

const LARGE = 2 ** 17;
const HIGH_HALF = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
const LOW_HALVES = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const EVEN_WORDS = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
/** the f64 sibling of ROUND_MAGIC */
const ROUND_MAGIC_64 = 6755399441055744;

/** lanes 2·half, 2·half+1 of x as f64 */
export function promote(v: Vector, x: Local, half: 0 | 1): () => void {
  return () => {
    v.w.get(x);
    if (half === 1) v.w.get(x).shuffle(HIGH_HALF);
    v.w.op('f64x2.promote_low_f32x4');
  };
}
/** pops two f64x2 (lanes 0, 1 below lanes 2, 3), pushes them as four f32 */
export function demotePair(v: Vector): void {
  const high = v.pop();
  v.w.op('f32x4.demote_f64x2_zero').get(high).op('f32x4.demote_f64x2_zero').shuffle(LOW_HALVES);
}

/** r for every lane, from n (integral f32): x - n·π/2 in f64, rounded once */
function reduceModerate(v: Vector, x: Local, n: Local): Local {
  const { w } = v;
  for (const half of [0, 1] as const) {
    const whole = v.let(promote(v, n, half));
    v.push(promote(v, x, half));
    w.get(whole).constant(f64(HALF_PI[0])).op('f64x2.mul').op('f64x2.sub');
    w.get(whole).constant(f64(HALF_PI[1])).op('f64x2.mul').op('f64x2.sub');
  }
  demotePair(v);
  return v.pop();
}

/** two lanes of huge |x|: pushes r as f64x2, returns the local whose low words hold the quadrant */
function reduceHuge(v: Vector, x: Local, half: 0 | 1): Local {
  const { w } = v;
  const wide = v.let(promote(v, x, half));
  const sum = v.let(() => w.f64x2(0));
  const error = v.let(() => w.f64x2(0));
  const piece = w.local('v128');
  const next = w.local('v128');
  const back = w.local('v128');
  for (const c of TWO_OVER_PI) {
    // piece = x·c modulo 4, exactly
    w.get(wide).f64x2(c).op('f64x2.mul').tee(piece);
    w.get(piece).f64x2(0.25).op('f64x2.mul').op('f64x2.nearest').f64x2(4).op('f64x2.mul').op('f64x2.sub').set(piece);
    // sum + piece = next + (what rounding lost), Knuth's two-sum
    w.get(sum).get(piece).op('f64x2.add').tee(next).get(sum).op('f64x2.sub').set(back);
    w.get(error);
    w.get(sum).get(next).get(back).op('f64x2.sub').op('f64x2.sub').get(piece).get(back).op('f64x2.sub').op('f64x2.add');
    w.op('f64x2.add').set(error);
    w.get(next).set(sum);
  }
  w.free(piece, next, back);
  const quadrant = v.let(() => w.get(sum).f64x2(ROUND_MAGIC_64).op('f64x2.add'));
  w.get(sum).get(quadrant).f64x2(ROUND_MAGIC_64).op('f64x2.sub').op('f64x2.sub').get(error).op('f64x2.add').f64x2(Math.PI / 2).op('f64x2.mul');
  return quadrant;
}

function emitSinCos(w: FunctionWriter, features: Features, turn: 0 | 1): void {
  const v = new Vector(w, features);
  const x = v.pop();
  // quadrant: the integer is in its low bits
  const quadrant = v.let(v.madd(x, 2 / Math.PI, ROUND_MAGIC));
  const r = reduceModerate(v, x, v.let(v.sub(quadrant, ROUND_MAGIC)));
  const large = v.let(v.lt(LARGE, v.abs(x)));
  v.any(large)();
  v.rarely(() => {
    const low = reduceHuge(v, x, 0);
    const high = reduceHuge(v, x, 1);
    demotePair(v);
    const far = v.pop();
    v.push(v.select(large, far, r));
    w.set(r);
    v.push(v.select(large, () => w.get(low).get(high).shuffle(EVEN_WORDS), quadrant));
    w.set(quadrant);
  });
  if (turn === 1) {
    w.get(quadrant).i32x4(1).op('i32x4.add').set(quadrant);
  }
  const z = v.let(v.mul(r, r));
  const sine = v.let(v.madd(v.mul(z, r), v.poly(z, SIN), r));
  // 1 - z/2 loses up to half an ulp; the loss is known exactly and goes into the tail
  const half = v.let(v.mul(z, 0.5));
  const head = v.let(v.sub(1, half));
  const cosine = v.let(v.add(head, v.madd(v.mul(z, z), v.poly(z, COS), v.sub(v.sub(1, head), half))));
  const odd = v.sar(v.shl(quadrant, 31), 31);
  const value = v.let(v.select(odd, cosine, sine));
  v.push(v.xor(value, v.and(v.shl(quadrant, 30), v.int(SIGN_BIT))));
  if (turn === 0) {
    // sin(-0) = -0: the reduction makes it +0
    const result = v.pop();
    v.push(v.select(v.eq(x, 0), x, result));
  }
  v.done();
}

export const emitSin = (w: FunctionWriter, features: Features): void => emitSinCos(w, features, 0);
export const emitCos = (w: FunctionWriter, features: Features): void => emitSinCos(w, features, 1);
export const ROUND_F64 = ROUND_MAGIC_64;
