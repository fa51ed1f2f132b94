/**
 * Gradient rules of the elementwise operations.
 *
 * min and max: where both operands are equal, each gets half (as JAX and PyTorch do). pow: the gradient with respect to the exponent is 0 where
 * the base is not positive, and with respect to the base 0 where the exponent is 0 (as TensorFlow does). where: the side that is not taken gets 0.
 */
import { isFloat } from '../../base/dtype.ts';
import { at } from '../../base/shape.ts';
import * as b from '../../ir/build.ts';
import type { Node, OpName } from '../../ir/types.ts';
import type { GradientRule } from '../rule.ts';
import { isRelu, reluGradient } from './relu.ts';

/** dy/dx from the operand and the result, to be multiplied with the gradient. */
const slope = <K extends OpName>(derivative: (x: Node, y: Node) => Node): GradientRule<K> => (node, grads) => [b.mul(at(grads, 0), derivative(at(node.inputs, 0), node))];
const one = (x: Node): Node => b.splatLike(1, x);
const zero = (x: Node): Node => b.splatLike(0, x);

/** min, max: the operand that is the extreme gets the gradient, half of it in a tie. */
const extreme = <K extends 'min' | 'max'>(wins: (own: Node, other: Node) => Node): GradientRule<K> => (node, grads, { wants }) => {
  const g = at(grads, 0), [x, y] = [at(node.inputs, 0), at(node.inputs, 1)];
  const share = (own: Node, other: Node): Node => b.where(wins(own, other), g, b.where(b.eq(own, other), b.mul(g, b.splatLike(0.5, g)), zero(g)));
  return [wants[0] === true ? share(x, y) : null, wants[1] === true ? share(y, x) : null];
};

export const elementwiseRules = {
  neg: (_node, grads) => [b.neg(at(grads, 0))],
  exp: slope((_x, y) => y),
  log: (node, grads) => [b.div(at(grads, 0), at(node.inputs, 0))],
  log1p: (node, grads) => [b.div(at(grads, 0), b.add(at(node.inputs, 0), one(node)))],
  expm1: slope((_x, y) => b.add(y, one(y))),
  sin: slope((x) => b.cos(x)),
  cos: slope((x) => b.neg(b.sin(x))),
  tanh: slope((_x, y) => b.sub(one(y), b.mul(y, y))),
  erf: slope((x) => b.mul(b.splatLike(2 / Math.sqrt(Math.PI), x), b.exp(b.neg(b.mul(x, x))))),
  sqrt: (node, grads) => [b.div(b.mul(at(grads, 0), b.splatLike(0.5, node)), node)],
  floor: 'none',
  round: 'none',
  not: 'none',
  cast: (node, grads) => {
    const { dtype } = at(node.inputs, 0).type;
    return [isFloat(dtype) && isFloat(node.type.dtype) ? b.cast(at(grads, 0), dtype) : null];
  },
  bitcast: 'none',

  add: (_node, grads) => [at(grads, 0), at(grads, 0)],
  sub: (_node, grads, { wants }) => [at(grads, 0), wants[1] === true ? b.neg(at(grads, 0)) : null],
  mul: (node, grads, { wants }) => {
    const g = at(grads, 0);
    return [wants[0] === true ? b.mul(g, at(node.inputs, 1)) : null, wants[1] === true ? b.mul(g, at(node.inputs, 0)) : null];
  },
  div: (node, grads, { wants }) => {
    const over = b.div(at(grads, 0), at(node.inputs, 1));
    return [over, wants[1] === true ? b.neg(b.mul(over, node)) : null];
  },
  // x mod y = x - y trunc(x / y), and the quotient is a step function
  mod: (node, grads, { wants }) => {
    const g = at(grads, 0), x = at(node.inputs, 0), y = at(node.inputs, 1);
    return [g, wants[1] === true ? b.neg(b.mul(g, b.round(b.div(b.sub(x, node), y)))) : null];
  },
  pow: (node, grads, { wants }) => {
    const g = at(grads, 0), x = at(node.inputs, 0), p = at(node.inputs, 1);
    const base = (): Node => b.mul(b.mul(g, p), b.pow(x, b.where(b.eq(p, zero(p)), one(p), b.sub(p, one(p)))));
    const positive = b.lt(zero(x), x);
    const exponent = (): Node => b.mul(g, b.mul(node, b.log(b.where(positive, x, one(x)))));
    return [wants[0] === true ? base() : null, wants[1] === true ? b.where(positive, exponent(), zero(g)) : null];
  },
  min: extreme((own, other) => b.lt(own, other)),
  max: extreme((own, other) => b.lt(other, own)),
  and: 'none', or: 'none', xor: 'none', shl: 'none', shr: 'none',
  lt: 'none', le: 'none', eq: 'none',
  where: (node, grads) => {
    const g = at(grads, 0), condition = at(node.inputs, 0);
    if (isRelu(node)) return [null, null, reluGradient(node, g)];
    return [null, b.where(condition, g, zero(g)), b.where(condition, zero(g), g)];
  },
} satisfies { [K in 'neg' | 'exp' | 'log' | 'log1p' | 'expm1' | 'sin' | 'cos' | 'tanh' | 'erf' | 'sqrt' | 'floor' | 'round' | 'not' | 'cast' | 'bitcast'
  | 'add' | 'sub' | 'mul' | 'div' | 'mod' | 'pow' | 'min' | 'max' | 'and' | 'or' | 'xor' | 'shl' | 'shr' | 'lt' | 'le' | 'eq' | 'where']: GradientRule<K> };
