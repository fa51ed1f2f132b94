/**
 * exp and expm1 of four f32, at most 2 ulp from the exact value over the whole range, denormal results included.
 * Method: x = k·ln2 + r with ln2 in two parts (Cody and Waite; the split 355/512 is Cephes's, so that k·high is exact), a polynomial for r, then
 * scaling by 2^k: an addition to the exponent field; in a rarely taken branch, for results
 * that are denormal, 0 or infinite, two products, of which only the last one rounds.
 */
import type { FunctionWriter, Local } from '../../encoder.ts';
import type { Features } from '../context.ts';
import { EXP, EXPM1 } from './coefficients.ts';
import { MAGIC_BITS, ROUND_MAGIC, SIGN_BIT, Vector } from './vector.ts';

export const LOG2_E = Math.LOG2E;
export const LN2_HIGH = 0.693359375;
export const LN2_LOW = -2.12194440054690583e-4;

/** x = k·ln2 + r, |r| a little over ln2/2. `k` carries the magic number: its low bits hold the integer. */
export function reduceByLn2(v: Vector, x: Local): { k: Local; n: Local; high: Local; r: Local } {
  const k = v.let(v.madd(x, LOG2_E, ROUND_MAGIC));
  const n = v.let(v.sub(k, ROUND_MAGIC));
  const high = v.let(v.nmadd(n, LN2_HIGH, x));
  const r = v.let(v.nmadd(n, LN2_LOW, high));
  return { k, n, high, r };
}

/** exp(r) for |r| ≤ 0.353 */
export function expOfSmall(v: Vector, r: Local): () => void {
  return v.poly(r, [1, 1, ...EXP]);
}

/** beyond this |x|, and for NaN, exp leaves the range where adding k to the exponent field is all there is to scaling by 2^k */
const ORDINARY_BITS = 0x42ae0000; // 87

export function emitExp(w: FunctionWriter, features: Features): void {
  const v = new Vector(w, features);
  const x = v.pop(), result = v.let(0);
  const unusual = w.local('i32');
  v.push(v.and(x, v.int(0x7fffffff)));
  v.push(v.int(ORDINARY_BITS));
  w.op('i32x4.gt_s').op('v128.any_true').set(unusual);
  w.block(() => {
    w.get(unusual);
    v.rarely(() => {
      // Softmax hides scores behind numbers so low that they give 0: where all four are hidden nothing is computed.
      v.push(v.lt(x, -104));
      w.op('i32x4.all_true').brIf(1);
      // beyond these the result is 0 or infinite; within, k stays in -150..128
      v.push(v.atLeast(v.atMost(x, 89), -104));
      w.set(x);
    });
    const { k, r } = reduceByLn2(v, x);
    const p = v.let(expOfSmall(v, r));
    v.push(v.iadd(p, v.shl(k, 23)));
    w.set(result).get(unusual);
    v.rarely(() => {
      const whole = v.let(v.isub(k, v.int(MAGIC_BITS)));
      const half = v.let(v.sar(whole, 1));
      v.push(v.mul(v.mul(p, v.power2(half)), v.power2(v.isub(whole, half))));
      w.set(result);
    });
  });
  w.get(result);
  w.free(unusual);
  v.done();
}

export function emitExpm1(w: FunctionWriter, features: Features): void {
  const v = new Vector(w, features);
  const given = v.pop();
  const x = v.let(v.atLeast(v.atMost(given, 89), -18));
  const { k, n, high, r } = reduceByLn2(v, x);
  // what rounding r lost matters where 2^k - 1 cancels against it
  const lost = v.nmadd(n, LN2_LOW, v.sub(high, r));
  const square = v.let(v.mul(r, r));
  const y = v.let(v.madd(v.poly(r, EXPM1), square, lost));
  // 2^128 has no f32: scale by 2^min(k, 127), and once more by 2 where k is 128
  const whole = v.let(v.isub(k, v.int(MAGIC_BITS)));
  const kept = v.let(() => { v.push(whole); w.i32x4(127).op('i32x4.min_s'); });
  const scale = v.let(v.power2(kept));
  const sum = v.add(v.madd(r, scale, v.sub(scale, 1)), v.mul(y, scale));
  const result = v.let(v.mul(sum, v.power2(v.isub(whole, kept))));
  // expm1(x) has the sign of x: this keeps -0
  v.push(v.or(result, v.and(given, v.int(SIGN_BIT))));
  v.done();
}
