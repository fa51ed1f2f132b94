/** Rows that are given another shape after they are looked up: looked up in that shape, so that the reshape falls on the table, where it costs nothing. */
import { at, sameShape } from '../base/shape.ts';
import { gather, reshape } from '../ir/build.ts';
import { isOp } from '../ir/types.ts';
import type { RewriteRule } from './rewrite.ts';

/** reshape(gather(x, i), [...i.shape, ...row]) → gather(reshape(x, [rows, ...row]), i). */
export const gatherReshaped: RewriteRule = (node) => {
  const looked = isOp(node, 'reshape') ? at(node.inputs, 0) : node;
  if (!isOp(node, 'reshape') || !isOp(looked, 'gather') || looked.attrs.axis !== 0 || looked.attrs.batchDims !== 0) return null;
  const x = at(looked.inputs, 0), indices = at(looked.inputs, 1), leading = indices.type.shape.length, { shape } = node.type;
  // a source only: what is computed would have to be computed, or stored, for this alone
  if ((!isOp(x, 'state') && !isOp(x, 'input') && !isOp(x, 'const')) || shape.length < leading || !sameShape(shape.slice(0, leading), indices.type.shape)) return null;
  return gather(reshape(x, [at(x.type.shape, 0), ...shape.slice(leading)]), indices, 0);
};
