/**
 * Cuts: which nodes are computed once into a place of their own, and which are written into the bodies of their consumers.
 *
 * A node is cut when it is a template's result (reduction, contraction…), a result of the graph, an operand that a template reads as a buffer,
 * expensive and used twice, or when inlining would recompute it: under an expanding broadcast or a reshape that splits axes. A cut
 * need not become a buffer: if all its consumers land in its own kernel, it stays a local value.
 */
import { at, reshapeSplits, sizeOf } from '../base/shape.ts';
import { primitiveOf } from '../ir/table/index.ts';
import { isOp, type Node, type OpName } from '../ir/types.ts';
import { isInlinable } from './expressions.ts';

/** Recomputing a node twice is fine up to this many scalar operations, counted down to its loads. */
const CHEAP = 2;
/** Bodies with more scalar operations or loads than this are cut. */
const MAX_BODY = 160;
const MAX_LEAVES = 24;

const SOURCES: ReadonlySet<OpName> = new Set<OpName>(['const', 'input', 'state', 'iota']);
/** Operations that only say where an element stands. */
const VIEWS: ReadonlySet<OpName> = new Set<OpName>(['reshape', 'transpose', 'broadcast', 'slice', 'pad', 'pick', 'barrier', 'stopGradient', 'allReduce']);
/** Which operands a template (or gather) reads as a buffer through views only. */
const BUFFER_OPERANDS: { readonly [K in OpName]?: 'all' | readonly number[] } = { dot: 'all', conv: 'all', sort: 'all', loop: 'all', gather: [0] };

export const isSource = (node: Node): boolean => SOURCES.has(node.op);
/** A constant stored as one value: an immediate in any kernel. */
export const isSplat = (node: Node): boolean => isOp(node, 'const') && node.attrs.data.length === 1;

/** The cuts among `nodes` (operands before users); `roots` are always cut. */
export function findCuts(nodes: readonly Node[], roots: readonly Node[]): Set<Node> {
  const users = new Map<Node, number>();
  for (const node of nodes) for (const operand of node.inputs) users.set(operand, (users.get(operand) ?? 0) + 1);
  const cuts = new Set<Node>(roots);
  for (const node of nodes) {
    if (!isInlinable(node.op) && !isSource(node) && !isOp(node, 'pick')) cuts.add(node);
    const wanted = BUFFER_OPERANDS[node.op];
    if (wanted !== undefined) node.inputs.forEach((x, i) => { if (wanted === 'all' || wanted.includes(i)) cutBase(x, cuts, node.op === 'sort' || node.op === 'loop'); });
    if (isOp(node, 'reshape') && reshapeSplits(node.type.shape, at(node.inputs, 0).type.shape)) cutBase(at(node.inputs, 0), cuts, true);
  }
  const work = new Map<Node, Work>();
  for (const node of nodes) {
    const own = workOf(node, cuts, work);
    // A comparison of positions (a causal mask) costs less than to load its result.
    const expands = (users.get(node) ?? 0) > 0 && own.cost > (own.leaves === 0 ? CHEAP : 0) && isExpanded(node, nodes);
    const twice = (users.get(node) ?? 0) > 1 && (own.cost > CHEAP || isOp(node, 'gather'));
    if (!cuts.has(node) && !isSource(node) && !isOp(node, 'pick') && (expands || twice || own.cost > MAX_BODY || own.leaves > MAX_LEAVES)) cuts.add(node);
    work.set(node, cuts.has(node) ? { cost: 0, leaves: 1 } : own);
  }
  return cuts;
}

/** Cuts the node under a chain of views (or the first view, when the reader wants rows of its own). */
function cutBase(x: Node, cuts: Set<Node>, exact: boolean): void {
  let node = x;
  if (!exact) while (VIEWS.has(node.op) && !isOp(node, 'pick')) node = at(node.inputs, 0);
  if (!isSource(node) && !isOp(node, 'pick')) cuts.add(node);
  else if (isOp(node, 'iota') || (exact && isSplat(node))) cuts.add(node);
}

interface Work { readonly cost: number; readonly leaves: number }
function workOf(node: Node, cuts: ReadonlySet<Node>, known: ReadonlyMap<Node, Work>): Work {
  if (isSource(node) || isOp(node, 'pick')) return { cost: 0, leaves: isSplat(node) || isOp(node, 'iota') ? 0 : 1 };
  const traits = primitiveOf(node.op).traits;
  let cost = VIEWS.has(node.op) || isOp(node, 'cast') || isOp(node, 'assign') ? 0 : Math.max(1, traits.cost), leaves = 0;
  for (const x of new Set(node.inputs)) {
    const w = known.get(x) ?? { cost: 0, leaves: 1 };
    cost += w.cost;
    leaves += w.leaves;
  }
  return { cost, leaves };
}

const expandedOperands = new WeakMap<readonly Node[], Set<Node>>();
/** True where a broadcast repeats the node's elements. */
function isExpanded(node: Node, nodes: readonly Node[]): boolean {
  let set = expandedOperands.get(nodes);
  if (set === undefined) {
    set = new Set();
    for (const n of nodes) {
      if (!isOp(n, 'broadcast') || sizeOf(n.type.shape) <= sizeOf(at(n.inputs, 0).type.shape)) continue;
      let x = at(n.inputs, 0);
      set.add(x);
      while (VIEWS.has(x.op) && x.inputs.length > 0) { x = at(x.inputs, 0); set.add(x); }
    }
    expandedOperands.set(nodes, set);
  }
  return set.has(node);
}
