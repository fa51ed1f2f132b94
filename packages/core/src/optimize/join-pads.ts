/** The gradient of a split is a sum of padded pieces: written as the concatenation that it is. */
import { at } from '../base/shape.ts';
import { concat } from '../ir/build.ts';
import { isOp, type Node } from '../ir/types.ts';
import type { RewriteRule } from './rewrite.ts';

/** The sum of pieces padded with zeros to one axis that they fill without overlap is their concatenation. */
export const joinPads: RewriteRule = (node, context) => {
  if (!isOp(node, 'add')) return null;
  const pieces: Node<'pad'>[] = [];
  const collect = (n: Node, top: boolean): boolean => (isOp(n, 'pad') ? pieces.push(n) > 0 : isOp(n, 'add') && (top || context.users(n) <= 1) && n.inputs.every((x) => collect(x, false)));
  if (!collect(node, true)) return null;
  const shape = node.type.shape, axis = shape.findIndex((d, i) => pieces.some((p) => at(at(p.inputs, 0).type.shape, i) !== d));
  const start = (p: Node<'pad'>): number => at(p.attrs.low, axis);
  const fits = pieces.every((p) => p.attrs.value === 0 && p.attrs.interior.every((n) => n === 0) && at(p.inputs, 0).type.shape.every((d, i) => i === axis || d === at(shape, i)));
  if (axis < 0 || !fits) return null;
  pieces.sort((p, q) => start(p) - start(q));
  let end = 0;
  for (const p of pieces) {
    if (start(p) !== end) return null;
    end += at(at(p.inputs, 0).type.shape, axis);
  }
  return end === at(shape, axis) ? concat(pieces.map((p) => at(p.inputs, 0)), axis) : null;
};
