/**
 * The error function of four f32, at most 2 ulp from the exact value.
 * Method: below 0.92 x + x·P(x²), above 1 - exp(P(|x|)) where P fits log(erfc) (the idea is N. Juffa's); from 3.93 on the result rounds to 1.
 */
import type { FunctionWriter } from '../../encoder.ts';
import type { Features } from '../context.ts';
import { ERF, ERFC } from './coefficients.ts';
import { expOfSmall, reduceByLn2 } from './exp.ts';
import { SIGN_BIT, Vector } from './vector.ts';

export function emitErf(w: FunctionWriter, features: Features): void {
  const v = new Vector(w, features);
  const x = v.pop();
  const a = v.let(v.atMost(v.abs(x), 3.93));
  const exponent = v.let(v.poly(a, ERFC));
  const { k, r } = reduceByLn2(v, exponent);
  const p = v.let(expOfSmall(v, r));
  const big = v.let(v.or(v.nmadd(p, v.power2(k), 1), v.and(x, v.int(SIGN_BIT))));
  const z = v.let(v.mul(x, x));
  const small = v.let(v.madd(x, v.poly(z, ERF), x));
  v.push(v.select(v.lt(a, 0.92), small, big));
  v.done();
}
