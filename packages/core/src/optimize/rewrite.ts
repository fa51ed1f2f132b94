/**
 * Rewriting a graph bottom-up: every node once, operands first, with sharing of equal nodes (common subexpressions) on the way. What
 * nothing needs any more is dropped by construction.
 */
import type { HostArray } from '../base/dtype.ts';
import { at } from '../base/shape.ts';
import { makeGraph, makeNode, nodesOf } from '../ir/node.ts';
import { isOp, type Graph, type Node, type OpName } from '../ir/types.ts';

/** A rule looks at one node whose operands are already rewritten; it returns a replacement, or null. It may build new nodes with `make`. */
export type RewriteRule = (node: Node, context: RewriteContext) => Node | null;

export interface RewriteContext {
  /** number of users of the node in the graph before rewriting */
  users(node: Node): number;
}

const dataIds = new WeakMap<HostArray, number>();
let nextDataId = 0;
/** Operations that are never shared: each stands for itself. */
const UNIQUE: ReadonlySet<OpName> = new Set<OpName>(['input', 'barrier', 'loop', 'call', 'assign', 'allReduce']);

/** Equal keys, equal values. */
function keyOf(node: Node): string | null {
  if (UNIQUE.has(node.op)) return null;
  const operands = node.inputs.map((n) => n.id).join();
  if (isOp(node, 'state')) return `state ${node.attrs.slot.id}`;
  if (isOp(node, 'const')) {
    const { type, data } = node.attrs;
    if (data.length === 1) return `splat ${type.dtype} ${type.shape.join()} ${Object.is(data[0], -0) ? '-0' : String(data[0])}`;
    let id = dataIds.get(data);
    if (id === undefined) { id = nextDataId++; dataIds.set(data, id); }
    return `const ${id} ${type.dtype} ${type.shape.join()}`;
  }
  return `${node.op} ${operands} ${JSON.stringify(node.attrs, (_, v: unknown) => (typeof v === 'number' && !Number.isFinite(v) ? String(v) : v))} ${node.type.dtype}`;
}

/** Applies `rule` everywhere and shares equal nodes. */
export function rewrite(graph: Graph, rule: RewriteRule): Graph {
  const nodes = nodesOf(graph), users = new Map<Node, number>();
  for (const n of nodes) for (const x of n.inputs) users.set(x, (users.get(x) ?? 0) + 1);
  for (const n of graph.outputs) users.set(n, (users.get(n) ?? 0) + 1);
  const replaced = new Map<Node, Node>(), shared = new Map<string, Node>();
  const origin = new Map<Node, Node>();
  const context: RewriteContext = { users: (n) => users.get(origin.get(n) ?? n) ?? 0 };
  for (const old of nodes) {
    const inputs = old.inputs.map((x) => replaced.get(x) ?? x);
    const rebuilt = inputs.every((x, i) => x === at(old.inputs, i)) ? old : makeNode(old.op, inputs, old.attrs, old.scope);
    let node = rule(rebuilt, context) ?? rebuilt;
    const key = keyOf(node);
    if (key !== null) {
      const known = shared.get(key);
      if (known !== undefined) node = known; else shared.set(key, node);
    }
    replaced.set(old, node);
    // Nodes that became one are used by the users of both.
    const first = origin.get(node);
    if (first === undefined) origin.set(node, old);
    else users.set(first, (users.get(first) ?? 0) + (users.get(old) ?? 0));
  }
  const now = (n: Node): Node => replaced.get(n) ?? n;
  const effects = graph.effects.map((e) => {
    const n = now(e);
    return isOp(n, 'assign') ? n : e;
  });
  return makeGraph(graph.name, graph.inputs, graph.outputs.map(now), effects);
}
