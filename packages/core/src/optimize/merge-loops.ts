/**
 * Loops over the same operands with the same carries become one loop with the outputs of all (a gradient writes its loop anew, with what it wants kept), and stacked
 * outputs that nobody reads are left out.
 */
import { at } from '../base/shape.ts';
import { makeGraph, makeNode, nodesOf } from '../ir/node.ts';
import { isOp, type Graph, type Node } from '../ir/types.ts';

const keyOf = ({ inputs, attrs: { body, trip, carries, stacked, reverse } }: Node<'loop'>): string =>
  [inputs, body.inputs, body.outputs.slice(0, carries)].map((list) => list.map((n) => n.id).join()).join('/') + `/${trip}/${carries}/${stacked}/${reverse}`;

/** The graph with merged loops. */
export function mergeLoops(graph: Graph): Graph {
  const nodes = nodesOf(graph), loops = nodes.filter((n): n is Node<'loop'> => isOp(n, 'loop'));
  if (loops.length === 0) return graph;
  /** for each kind of loop the values that are stacked and read */
  const groups = new Map<string, Set<Node>>();
  for (const loop of loops) groups.set(keyOf(loop), new Set());
  for (const node of nodes) {
    const source = node.inputs[0];
    if (!isOp(node, 'pick') || source === undefined || !isOp(source, 'loop') || node.attrs.index < source.attrs.carries) continue;
    groups.get(keyOf(source))?.add(at(source.attrs.body.outputs, node.attrs.index));
  }
  const made = new Map<Node, Node>(), merged = new Map<string, Node<'loop'>>();
  const now = (n: Node): Node => made.get(n) ?? n;
  for (const node of nodes) {
    const inputs = node.inputs.map(now), source = node.inputs[0];
    if (isOp(node, 'loop')) {
      const key = keyOf(node), { body, carries } = node.attrs, kept = body.outputs.slice(0, carries);
      const outputs = [...kept, ...(groups.get(key) ?? [])];
      let own = merged.get(key);
      if (own === undefined) {
        own = outputs.length === 0 || (outputs.length === body.outputs.length && inputs.every((x, i) => x === at(node.inputs, i))) ? node : makeNode('loop', inputs, { ...node.attrs, body: makeGraph(body.name, body.inputs, outputs) }, node.scope);
        merged.set(key, own);
      }
      made.set(node, own);
    } else if (isOp(node, 'pick') && source !== undefined && isOp(source, 'loop')) {
      const target = now(source), { carries, body } = source.attrs;
      if (!isOp(target, 'loop')) continue;
      const { index } = node.attrs, place = index < carries ? index : target.attrs.body.outputs.indexOf(at(body.outputs, index), carries);
      made.set(node, makeNode('pick', [target], { index: place }, node.scope));
    } else if (inputs.some((x, i) => x !== at(node.inputs, i))) made.set(node, makeNode(node.op, inputs, node.attrs, node.scope));
  }
  const effects = graph.effects.map((e) => { const n = now(e); return isOp(n, 'assign') ? n : e; });
  return makeGraph(graph.name, graph.inputs, graph.outputs.map(now), effects);
}
