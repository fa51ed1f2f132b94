/**
 * tanh of four f32, at most 2 ulp from the exact value.
 * Method (Cephes tanhf): below 0.625 an odd polynomial, above 1 - 2/(exp(2x) + 1); the sign is put back at the end.
 */
import type { FunctionWriter } from '../../encoder.ts';
import type { Features } from '../context.ts';
import { TANH } from './coefficients.ts';
import { expOfSmall, reduceByLn2 } from './exp.ts';
import { SIGN_BIT, Vector } from './vector.ts';

export function emitTanh(w: FunctionWriter, features: Features): void {
  const v = new Vector(w, features);
  const x = v.pop();
  const sign = v.let(v.and(x, v.int(SIGN_BIT)));
  const a = v.let(v.abs(x));
  // tanh(9.02) already rounds to 1; the limit keeps 2^k in range
  const twice = v.let(v.atMost(v.add(a, a), 40));
  const { k, r } = reduceByLn2(v, twice);
  const p = v.let(expOfSmall(v, r));
  const big = v.let(v.sub(1, v.div(2, v.madd(p, v.power2(k), 1))));
  const z = v.let(v.mul(a, a));
  const small = v.let(v.madd(v.mul(z, a), v.poly(z, TANH), a));
  v.push(v.or(v.select(v.lt(a, 0.625), small, big), sign));
  v.done();
}
