/**
 * relu as the operation library writes it, where(x ≤ 0, 0, x): its gradient looks at the result, so that the operand need not be kept, and is left out
 * where the gradient that arrives is known to be zero already.
 */
import { at } from '../../base/shape.ts';
import * as b from '../../ir/build.ts';
import { isOp, type Node } from '../../ir/types.ts';

const isZero = (node: Node): boolean => isOp(node, 'const') && node.attrs.data.length === 1 && node.attrs.data[0] === 0;

export function isRelu(node: Node): boolean {
  if (!isOp(node, 'where')) return false;
  const condition = at(node.inputs, 0), x = at(node.inputs, 2);
  return isOp(condition, 'le') && condition.inputs[0] === x && isZero(at(condition.inputs, 1)) && isZero(at(node.inputs, 1));
}

const zeros = new WeakMap<Node, Node>();
/** Says of a gradient that it is zero wherever the result of `relu` is not positive. */
export const noteZeros = (gradient: Node, relu: Node): void => { zeros.set(gradient, relu); };

/** The gradient of relu's operand. */
export const reluGradient = (relu: Node, g: Node): Node => (zeros.get(g) === relu ? g : b.where(b.le(relu, b.splatLike(0, relu)), b.splatLike(0, g), g));
