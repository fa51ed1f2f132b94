/**
 * Calls are written out before lowering: their own gradients have done their work by then.
 */
import { at } from '../base/shape.ts';
import { instantiate } from '../ir/substitute.ts';
import { isOp } from '../ir/types.ts';
import type { RewriteRule } from './rewrite.ts';

/** pick(call(…), i) becomes the i-th output of the body. */
export const inlineCalls: RewriteRule = (node) => {
  if (!isOp(node, 'pick')) return null;
  const source = at(node.inputs, 0);
  return isOp(source, 'call') ? at(instantiate(source.attrs.body, source.inputs), node.attrs.index) : null;
};
