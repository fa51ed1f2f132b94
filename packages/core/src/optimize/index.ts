/**
 * The optimizer: graph to graph. Calls are inlined, constants folded, equal work shared, small windows written out, reshapes sunk, long reductions split. Bodies of loops
 * are optimized by the same passes.
 */
import { makeNode, nodesOf } from '../ir/node.ts';
import { isOp, type Graph } from '../ir/types.ts';
import { gatherRepeats } from './gather-repeats.ts';
import { gatherReshaped } from './gather-reshaped.ts';
import { inlineCalls } from './inline.ts';
import { joinPads } from './join-pads.ts';
import { mergeLoops } from './merge-loops.ts';
import { rewrite, type RewriteRule } from './rewrite.ts';
import { sinkReshapes, splitReductions, unrollWindows } from './shape-rules.ts';
import { simplify } from './simplify.ts';

const bodies = new WeakMap<Graph, Graph>();
/** Loop bodies first. */
const optimizeBodies: RewriteRule = (node) => {
  if (!isOp(node, 'loop')) return null;
  let body = bodies.get(node.attrs.body);
  if (body === undefined) { body = optimize(node.attrs.body); bodies.set(node.attrs.body, body); bodies.set(body, body); }
  return body === node.attrs.body ? null : makeNode('loop', node.inputs, { ...node.attrs, body }, node.scope);
};

/** The passes in order. Each leaves a graph with the same meaning. */
export const PASSES: readonly { readonly name: string; readonly rule: RewriteRule }[] = [
  { name: 'optimize loop bodies', rule: optimizeBodies },
  { name: 'unroll windows', rule: unrollWindows },
  { name: 'simplify', rule: simplify },
  { name: 'join pads', rule: joinPads },
  { name: 'gather without repeats', rule: gatherRepeats },
  { name: 'sink reshapes', rule: sinkReshapes },
  { name: 'gather rows reshaped', rule: gatherReshaped },
  { name: 'split reductions', rule: splitReductions },
  { name: 'simplify again', rule: simplify },
];

/** Rewrites a graph to an equivalent, cheaper one without calls. Idempotent up to node identity. */
export function optimize(graph: Graph): Graph {
  let current = graph;
  // A call's body may hold calls itself: inline until none is left.
  while (nodesOf(current).some((n) => isOp(n, 'call'))) current = rewrite(current, inlineCalls);
  current = mergeLoops(current);
  for (const pass of PASSES) current = rewrite(current, pass.rule);
  return current;
}
