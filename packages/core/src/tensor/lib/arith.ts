/**
 * Arithmetic, comparison and logic on nodes, with NumPy broadcasting and the dtype rules of `promote.ts`.
 */
import { isFloat } from '../../base/dtype.ts';
import { broadcastShapes } from '../../base/shape.ts';
import * as g from '../../ir/build.ts';
import type { Node } from '../../ir/types.ts';
import { isNode, number, operands, promote, real, scalar, truth, type Operand } from './promote.ts';

type Build2 = (a: Node, b: Node) => Node;
const arithmetic = (who: string, build: Build2) => (a: Operand, b: Operand): Node => build(...operands(a, b, who, number));
export const add = arithmetic('add', g.add), sub = arithmetic('subtract', g.sub), mul = arithmetic('multiply', g.mul);
export const maximum = arithmetic('maximum', g.max), minimum = arithmetic('minimum', g.min);
/** True division: integers become f32. */
export const div = (a: Operand, b: Operand): Node => g.div(...operands(a, b, 'divide', real));
/** Largest integer not above the quotient; keeps integers. x / 0 is 0 for integers. */
export function floorDiv(a: Operand, b: Operand): Node {
  const [x, y] = operands(a, b, 'floorDivide', number);
  if (isFloat(x.type.dtype)) return g.floor(g.div(x, y));
  const q = g.div(x, y);
  if (x.type.dtype !== 'i32') return q;
  // division truncates toward zero: one too many where a remainder is left and the signs differ
  const off = g.and(g.not(g.eq(g.mul(q, y), x)), g.lt(g.xor(x, y), g.splatLike(0, x)));
  return g.sub(q, g.cast(g.and(off, g.not(g.eq(y, g.splatLike(0, y)))), 'i32'));
}
/** Remainder with the sign of the divisor, as NumPy's mod and Python's %. */
export function mod(a: Operand, b: Operand): Node {
  const [x, y] = operands(a, b, 'mod', number), r = g.mod(x, y), zero = g.splatLike(0, x);
  if (x.type.dtype === 'u8' || x.type.dtype === 'u32') return r;
  const wrong = g.and(g.not(g.eq(r, zero)), g.xor(g.lt(r, zero), g.lt(y, zero)));
  return g.where(wrong, g.add(r, y), r);
}
/** Remainder with the sign of the dividend, as JavaScript's % and C's fmod. */
export const fmod = arithmetic('fmod', g.mod);
/** a to the power b. Small whole exponents are multiplications (exact, and differentiable at 0 and below). */
export function pow(a: Operand, b: Operand): Node {
  if (isNode(a) && typeof b === 'number') {
    const x = number(a);
    if (b === 1) return x;
    if (b === 2) return g.mul(x, x);
    if (b === 3) return g.mul(g.mul(x, x), x);
    if (b === 0.5 && isFloat(x.type.dtype)) return g.sqrt(x);
    if (b === -1 && isFloat(x.type.dtype)) return g.reciprocal(x);
    if (!isFloat(x.type.dtype) && Number.isInteger(b) && b >= 0 && b < 64) return power(x, b);
  }
  return g.pow(...operands(a, b, 'power', real));
}
function power(x: Node, n: number): Node {
  let result: Node = g.splatLike(1, x);
  for (let base = x, rest = n; rest > 0; rest >>= 1) {
    if (rest & 1) result = g.mul(result, base);
    if (rest > 1) base = g.mul(base, base);
  }
  return result;
}

const comparison = (who: string, build: Build2) => (a: Operand, b: Operand): Node => build(...operands(a, b, who));
export const less = comparison('less', g.lt), lessEqual = comparison('lessEqual', g.le), equal = comparison('equal', g.eq);
export const greater = comparison('greater', (a, b) => g.lt(b, a)), greaterEqual = comparison('greaterEqual', (a, b) => g.le(b, a));
export const notEqual = comparison('notEqual', (a, b) => g.not(g.eq(a, b)));

const logical = (who: string, build: Build2) => (a: Operand, b: Operand): Node =>
  build(...operands(isNode(a) ? truth(a) : Boolean(a), isNode(b) ? truth(b) : Boolean(b), who));
export const logicalAnd = logical('logicalAnd', g.and), logicalOr = logical('logicalOr', g.or), logicalXor = logical('logicalXor', g.xor);
export const logicalNot = (x: Node): Node => g.not(truth(x));

const bitwise = (who: string, build: Build2) => (a: Operand, b: Operand): Node => build(...operands(a, b, who));
export const bitwiseAnd = bitwise('bitwiseAnd', g.and), bitwiseOr = bitwise('bitwiseOr', g.or), bitwiseXor = bitwise('bitwiseXor', g.xor);
export const leftShift = bitwise('leftShift', g.shl), rightShift = bitwise('rightShift', g.shr);
export const bitwiseNot = (x: Node): Node => g.not(x);

/** a where the condition holds, else b; all three broadcast together. */
export function where(condition: Node, a: Operand, b: Operand): Node {
  const dtype = isNode(a) ? (isNode(b) ? promote(a.type.dtype, b.type.dtype, 'where') : a.type.dtype) : isNode(b) ? b.type.dtype : 'f32';
  const x = isNode(a) ? g.cast(a, dtype) : scalar(a, dtype, 'where'), y = isNode(b) ? g.cast(b, dtype) : scalar(b, dtype, 'where');
  const shape = broadcastShapes(condition.type.shape, broadcastShapes(x.type.shape, y.type.shape, 'where'), 'where');
  return g.where(g.broadcastTo(truth(condition), shape), g.broadcastTo(x, shape), g.broadcastTo(y, shape));
}
/** Limits x to low..high; NaN stays. By choice, so that the gradient of x is 1 on the limits themselves, as TensorFlow has it. */
export const clip = (x: Node, low: Operand, high: Operand): Node => { const y = number(x); return where(less(y, low), low, where(greater(y, high), high, y)); };
