/**
 * Triangles: what causal attention makes of its products. A factor that is chosen to be 0 where the column stands beyond the row, and a product of which
 * nobody reads that half, need half of the work. The zeros count as zeros even against infinity or NaN.
 */
import { at } from '../base/shape.ts';
import { isOp, type Node } from '../ir/types.ts';
import { isSplat } from './cuts.ts';

/** True where the condition holds at most where the last coordinate is not beyond the one before it. */
function holdsBelow(condition: Node): boolean {
  if (isOp(condition, 'and')) return condition.inputs.some(holdsBelow);
  const [rows, columns] = condition.type.shape.slice(-2);
  if (isOp(condition, 'broadcast') || isOp(condition, 'reshape')) {
    const x = at(condition.inputs, 0), [r, c] = x.type.shape.slice(-2);
    return x.type.shape.length >= 2 && r === rows && c === columns && holdsBelow(x);
  }
  if (!isOp(condition, 'le')) return false;
  const [column, row] = condition.inputs, rank = condition.type.shape.length;
  return column !== undefined && row !== undefined && isOp(column, 'iota') && isOp(row, 'iota') && column.attrs.axis === rank - 1 && row.attrs.axis === rank - 2;
}
const isZero = (node: Node | undefined): boolean => node !== undefined && isOp(node, 'const') && isSplat(node) && at(node.attrs.data, 0) === 0;

/** True where every element whose last coordinate is beyond the one before it is 0. */
export function isTriangular(node: Node): boolean {
  if (isOp(node, 'div')) return isTriangular(at(node.inputs, 0));
  return isOp(node, 'where') && isZero(node.inputs[2]) && holdsBelow(at(node.inputs, 0));
}
/** The nodes of which all users choose something else beyond the diagonal. */
export function halfRead(nodes: readonly Node[], roots: readonly Node[]): Set<Node> {
  const found = new Set<Node>(), spoilt = new Set<Node>(roots);
  for (const node of nodes) {
    const chooses = isOp(node, 'where') && holdsBelow(at(node.inputs, 0)) ? at(node.inputs, 1) : null;
    node.inputs.forEach((x, i) => { if (x === chooses && i === 1) found.add(x); else spoilt.add(x); });
  }
  for (const node of spoilt) found.delete(node);
  return found;
}
