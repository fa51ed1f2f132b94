/**
 * Elementwise operations. Names are NumPy's and Keras's in camelCase; operands broadcast; a number adopts the tensor's dtype.
 * Integers: `divide` and the real functions give f32; `floorDivide` and `mod` keep integers (x / 0 is 0); i32 with u32 is refused.
 */
import type { DType } from '../../base/dtype.ts';
import * as lib from '../lib/index.ts';
import type { Countable, Promote } from '../lib/index.ts';
import { compute, type Tensor } from '../tensor.ts';
import { arithmetic, comparison, countable, on, realBinary, realUnary, truthOf, type Like } from './wrap.ts';

export const add = arithmetic(lib.add);
export const subtract = arithmetic(lib.sub);
export const multiply = arithmetic(lib.mul);
export const maximum = arithmetic(lib.maximum);
export const minimum = arithmetic(lib.minimum);
/** True division. */
export const divide = realBinary(lib.div);
export const floorDivide = arithmetic(lib.floorDiv);
/** Remainder with the sign of the divisor. */
export const mod = arithmetic(lib.mod);
/** Remainder with the sign of the dividend. */
export const fmod = arithmetic(lib.fmod);
/** Whole exponents of integers keep integers; all else is real. */
export const power = (a: Like, b: Like): Tensor => compute([a, b], lib.pow);
export { subtract as sub, multiply as mul, divide as div, power as pow };

export const negative = countable(lib.neg), abs = countable(lib.abs), square = countable(lib.square), sign = countable(lib.sign);
export { negative as neg };
export const floor = countable(lib.floor), ceil = countable(lib.ceil), /** Half to even. */ round = countable(lib.round), trunc = countable(lib.trunc);
export const relu = countable(lib.relu);
export const exp = realUnary(lib.exp), log = realUnary(lib.log), log1p = realUnary(lib.log1p), expm1 = realUnary(lib.expm1), log2 = realUnary(lib.log2), log10 = realUnary(lib.log10);
export const sin = realUnary(lib.sin), cos = realUnary(lib.cos), tan = realUnary(lib.tan), sinh = realUnary(lib.sinh), cosh = realUnary(lib.cosh);
// Names that activations export as well have a declaration each: the bundler of the declarations renames only the first of a list.
export const tanh = realUnary(lib.tanh);
export const erf = realUnary(lib.erf), sqrt = realUnary(lib.sqrt), rsqrt = realUnary(lib.rsqrt), reciprocal = realUnary(lib.reciprocal);
export const sigmoid = realUnary(lib.sigmoid);
/** log(1 + e^x) without overflow. */
export const softplus = realUnary(lib.softplus);
export const logSigmoid = realUnary(lib.logSigmoid);
/** Limits every element to low..high. */
export const clip = <D extends DType>(x: Tensor<D>, low: Like, high: Like): Tensor<Countable<D>> => compute([x, low, high], (a, b, c) => lib.clip(a as Parameters<typeof lib.clip>[0], b, c)) as Tensor<Countable<D>>;

export const equal = comparison(lib.equal), notEqual = comparison(lib.notEqual), less = comparison(lib.less), lessEqual = comparison(lib.lessEqual);
export const greater = comparison(lib.greater), greaterEqual = comparison(lib.greaterEqual);
/** Operands count as true where they are not 0. */
export const logicalAnd = comparison(lib.logicalAnd), logicalOr = comparison(lib.logicalOr), logicalXor = comparison(lib.logicalXor);
export const logicalNot = truthOf(lib.logicalNot), isNaN = truthOf(lib.isNaN), isFinite = truthOf(lib.isFinite), isInf = truthOf(lib.isInf);
export const bitwiseAnd = arithmetic(lib.bitwiseAnd), bitwiseOr = arithmetic(lib.bitwiseOr), bitwiseXor = arithmetic(lib.bitwiseXor);
/** Integers only; counts are taken modulo 32; the right shift is arithmetic on i32. */
export const leftShift = arithmetic(lib.leftShift), rightShift = arithmetic(lib.rightShift);
/** a where the condition holds, else b; all broadcast. */
export const where = <A extends DType, B extends DType = A>(condition: Tensor, a: Like<A>, b: Like<B>): Tensor<Promote<A, B>> =>
  compute([condition, a, b], (c, x, y) => lib.where(c as Parameters<typeof lib.where>[0], x, y)) as Tensor<Promote<A, B>>;
/** Float → integer truncates and saturates; anything → bool is x ≠ 0. */
export const cast = <E extends DType>(x: Like, dtype: E): Tensor<E> => on(x, (a) => lib.cast(a, dtype)) as Tensor<E>;
/** The same values; no gradient flows back. */
export const stopGradient = <D extends DType>(x: Tensor<D>): Tensor<D> => on(x, lib.stopGradient) as Tensor<D>;
