/** Copies of graphs with some nodes replaced: how bodies of calls and loops are put in place. */
import { InternalError } from '../base/errors.ts';
import { at } from '../base/shape.ts';
import { makeNode, topological } from './node.ts';
import type { Graph, Node } from './types.ts';

/** The roots with every node of `replacements` replaced; nodes that do not depend on one are shared, not copied. */
export function substitute(roots: readonly Node[], replacements: ReadonlyMap<Node, Node>): Node[] {
  const made = new Map<Node, Node>(replacements);
  for (const node of topological(roots)) {
    if (made.has(node)) continue;
    const inputs = node.inputs.map((operand) => made.get(operand) ?? operand);
    made.set(node, inputs.every((operand, i) => operand === node.inputs[i]) ? node : makeNode(node.op, inputs, node.attrs, node.scope));
  }
  return roots.map((root) => made.get(root) ?? root);
}

/** The outputs of a graph for the given operands, as nodes of the surrounding graph. */
export function instantiate(graph: Graph, operands: readonly Node[]): Node[] {
  if (operands.length !== graph.inputs.length) throw new InternalError(`graph '${graph.name}' takes ${graph.inputs.length} inputs, got ${operands.length}`);
  return substitute(graph.outputs, new Map(graph.inputs.map((node, i) => [node, at(operands, i)])));
}
