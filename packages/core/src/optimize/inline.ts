/**
 * Calls are written out before lowering: their own gradients have done their work by then.
 */
import { at } from '../base/shape.ts';
import { isOp, type Node } from '../ir/types.ts';
import { substitute, type RewriteRule } from './rewrite.ts';

/** pick(call(…), i) becomes the i-th output of the body. */
export const inlineCalls: RewriteRule = (node) => {
  if (!isOp(node, 'pick')) return null;
  const source = at(node.inputs, 0);
  if (!isOp(source, 'call')) return null;
  const bindings = new Map<Node, Node>(source.attrs.body.inputs.map((formal, i) => [formal, at(source.inputs, i)]));
  return at(substitute([at(source.attrs.body.outputs, node.attrs.index)], bindings), 0);
};
