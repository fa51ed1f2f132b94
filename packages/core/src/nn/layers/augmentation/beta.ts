/** Numbers of the symmetric beta distribution, within the compiled program. */
import * as ops from '../../../tensor/ops/index.ts';
import { normal, uniform } from '../../../tensor/random.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Keys } from './base.ts';

/** Proposals of the method of Marsaglia and Tsang; each is refused in at most 5 of 100 cases, so that none is left once in 10⁸. */
const PROPOSALS = 6;
/** log of Gamma(alpha) draws, [n], for any alpha > 0: Gamma(alpha + 1) by Marsaglia and Tsang (2000), times u^(1 / alpha). */
export function logGamma(n: number, alpha: Tensor | number, keys: Keys): Tensor {
  const d = ops.add(alpha as Tensor, 2 / 3), c = ops.divide(1, ops.sqrt(ops.multiply(d, 9)));
  const z = normal([PROPOSALS, n], keys.next()), u = uniform([PROPOSALS, n], keys.next()), v = ops.power(ops.add(ops.multiply(z, c), 1), 3), positive = ops.greater(v, 0), logV = ops.log(ops.where(positive, v, 1));
  const good = ops.logicalAnd(positive, ops.less(ops.log(ops.maximum(u, 1e-30)), ops.add(ops.multiply(ops.square(z), 0.5), ops.multiply(d, ops.add(ops.subtract(1, v), logV)))));
  const candidates = ops.unstack(ops.add(logV, ops.log(d)), 0), accepted = ops.unstack(good, 0);
  const last = ops.log(ops.add(ops.multiply(uniform([n], keys.next()), 0), d));
  const found = candidates.reduceRight((kept, own, i) => ops.where(accepted[i] ?? own, own, kept), last);
  return ops.add(found, ops.divide(ops.log(ops.maximum(uniform([n], keys.next()), 2 ** -25)), alpha));
}
/** Beta(alpha, alpha), [n]: the share of one gamma number in two. */
export const symmetricBeta = (n: number, alpha: Tensor | number, keys: Keys): Tensor => ops.sigmoid(ops.subtract(logGamma(n, alpha, keys), logGamma(n, alpha, keys)));
