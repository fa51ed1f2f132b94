/**
 * Elementwise functions on nodes. Real functions turn integers into f32. Each composite is written so that it neither overflows
 * nor loses digits over the range of f32, and so that its gradient does not either.
 */
import { isFloat } from '../../base/dtype.ts';
import * as g from '../../ir/build.ts';
import type { Node } from '../../ir/types.ts';
import { number, real } from './promote.ts';

const realUnary = (build: (x: Node) => Node) => (x: Node): Node => build(real(x));
export const exp = realUnary(g.exp), log = realUnary(g.log), log1p = realUnary(g.log1p), expm1 = realUnary(g.expm1);
export const sin = realUnary(g.sin), cos = realUnary(g.cos), tanh = realUnary(g.tanh), erf = realUnary(g.erf), sqrt = realUnary(g.sqrt);
export const neg = (x: Node): Node => g.neg(number(x));
export const square = (x: Node): Node => { const y = number(x); return g.mul(y, y); };
const whole = (build: (x: Node) => Node) => (x: Node): Node => (isFloat(x.type.dtype) ? build(x) : number(x));
export const floor = whole(g.floor);
/** Half to even. */
export const round = whole(g.round);
export const ceil = whole((x) => g.neg(g.floor(g.neg(x))));
/** Toward zero. */
export const trunc = whole((x) => g.where(g.lt(x, g.splatLike(0, x)), g.neg(g.floor(g.neg(x))), g.floor(x)));
/** |x|; its gradient at 0 is 0. */
export function abs(x: Node): Node {
  const y = number(x);
  return y.type.dtype === 'u8' || y.type.dtype === 'u32' ? y : g.mul(y, sign(y));
}
/** -1, 0 or 1; NaN stays. */
export function sign(x: Node): Node {
  const y = number(x), zero = g.splatLike(0, y), one = g.splatLike(1, y);
  const positive = g.where(g.lt(zero, y), one, y.type.dtype === 'u8' || y.type.dtype === 'u32' ? zero : g.where(g.lt(y, zero), g.splatLike(-1, y), g.mul(y, zero)));
  return g.stopGradient(positive);
}
export const reciprocal = realUnary(g.reciprocal);
export const rsqrt = realUnary((x) => g.reciprocal(g.sqrt(x)));
export const tan = realUnary((x) => g.div(g.sin(x), g.cos(x)));
/** (e^x - e^-x) / 2 through expm1: keeps its digits near 0. */
export const sinh = realUnary((x) => { const e = g.expm1(x), half = g.splatLike(0.5, x); return g.mul(half, g.add(e, g.div(e, g.add(e, g.splatLike(1, x))))); });
export const cosh = realUnary((x) => { const e = g.exp(x), half = g.splatLike(0.5, x); return g.mul(half, g.add(e, g.reciprocal(e))); });
export const log2 = realUnary((x) => g.mul(g.log(x), g.splatLike(Math.LOG2E, x)));
export const log10 = realUnary((x) => g.mul(g.log(x), g.splatLike(Math.LOG10E, x)));
/** |x| without care for its gradient at 0, which is taken from the side named by the caller. */
const magnitude = (x: Node, atZero: 1 | -1): Node => {
  const zero = g.splatLike(0, x);
  return atZero === 1 ? g.where(g.lt(x, zero), g.neg(x), x) : g.where(g.lt(zero, x), x, g.neg(x));
};
/**
 * 1 / (1 + e^-x), through z = e^-|x| ≤ 1: nothing overflows, in the value (relative precision down to e^-87) or in the gradient.
 */
export const sigmoid = realUnary((x) => {
  const z = g.exp(g.neg(magnitude(x, 1))), w = g.reciprocal(g.add(g.splatLike(1, x), z));
  return g.where(g.lt(x, g.splatLike(0, x)), g.mul(z, w), w);
});
/** log(1 + e^x) = max(x, 0) + log1p(e^-|x|). */
export const softplus = realUnary((x) => g.add(relu(x), g.log1p(g.exp(g.neg(magnitude(x, -1))))));
export const logSigmoid = realUnary((x) => g.neg(softplus(g.neg(x))));
/** max(x, 0), as a choice: its gradient at 0 is 0; NaN stays. */
export const relu = (x: Node): Node => { const y = number(x), zero = g.splatLike(0, y); return g.where(g.le(y, zero), zero, y); };
export const isNaN = (x: Node): Node => (isFloat(x.type.dtype) ? g.not(g.eq(x, x)) : g.splat(0, x.type.shape, 'bool'));
export const isFinite = (x: Node): Node => (isFloat(x.type.dtype) ? g.lt(abs(x), g.splatLike(Infinity, x)) : g.splat(1, x.type.shape, 'bool'));
export const isInf = (x: Node): Node => (isFloat(x.type.dtype) ? g.eq(abs(x), g.splatLike(Infinity, x)) : g.splat(0, x.type.shape, 'bool'));
export const stopGradient = g.stopGradient;

