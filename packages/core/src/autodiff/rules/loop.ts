/**
 * The gradient of a loop: one loop the other way round.
 *
 * What an iteration of it needs from the original one is *kept*: stacked by the original loop, which is written anew with further outputs (the optimizer makes one
 * loop of both). Kept are results of products and costly functions and the starting values of carries; sums, views and comparisons are done again.
 * Gradients of what is the same in all iterations are sums over iterations. Sums of products are one product over all iterations, after the loop.
 * Prior art: JAX's partial evaluation of scan (Bradbury et al. 2018).
 */
import { isFloat } from '../../base/dtype.ts';
import { at, sizeOf } from '../../base/shape.ts';
import * as b from '../../ir/build.ts';
import { makeGraph, topological } from '../../ir/node.ts';
import { substitute } from '../../ir/substitute.ts';
import { primitiveOf } from '../../ir/table/index.ts';
import { isOp, type Node, type OpName, type TensorType } from '../../ir/types.ts';
import type { Backward } from '../rule.ts';

const VIEWS: ReadonlySet<OpName> = new Set<OpName>(['reshape', 'transpose', 'broadcast', 'slice']);
const zeros = (type: TensorType): Node => b.splat(0, type.shape, type.dtype);
const isZero = (node: Node): boolean => isOp(node, 'const') && node.attrs.data.length === 1 && node.attrs.data[0] === 0;
const up = (axes: readonly number[]): number[] => axes.map((a) => a + 1);

/** Nodes that depend on one of `seeds`. */
function dependents(order: readonly Node[], seeds: Iterable<Node>): Set<Node> {
  const found = new Set<Node>(seeds);
  for (const node of order) if (node.inputs.some((x) => found.has(x))) found.add(node);
  return found;
}

/** What the gradient's nodes need of an iteration: which of the body's nodes are kept, and which are computed again. */
function chooseKept(needed: readonly Node[], varying: ReadonlySet<Node>, isInput: (node: Node) => boolean): Set<Node> {
  const kept = new Set<Node>(), again = new Map<Node, boolean>();
  const isCheap = (node: Node): boolean => {
    const { elementwise, cost } = primitiveOf(node.op).traits;
    return VIEWS.has(node.op) || (elementwise && cost <= 1 && node.op !== 'barrier');
  };
  const available = (node: Node): boolean => !varying.has(node) || isInput(node) || kept.has(node) || again.get(node) === true;
  for (const node of topological(needed)) {
    if (!varying.has(node) || isInput(node)) continue;
    if (needed.includes(node) && !isCheap(node)) { kept.add(node); continue; }
    if (isCheap(node) && node.inputs.every(available)) { again.set(node, true); continue; }
    if (!needed.includes(node)) continue;
    // a view that makes more of less: what it shows is kept
    let least = node;
    while (VIEWS.has(least.op) && sizeOf(at(least.inputs, 0).type.shape) <= sizeOf(least.type.shape)) least = at(least.inputs, 0);
    kept.add(least);
    for (let view = node; view !== least; view = at(view.inputs, 0)) again.set(view, true);
  }
  return kept;
}

export function loopRule(node: Node<'loop'>, grads: readonly Node[], backward: Backward): (Node | null)[] {
  const { body, trip, carries, stacked, reverse } = node.attrs, results: (Node | null)[] = node.inputs.map(() => null);
  const formals = body.inputs, types = formals.map((n) => n.type), float = (i: number): boolean => isFloat(at(types, i).dtype);
  const isShared = (i: number): boolean => i >= carries + stacked, numbers = types.map((_, i) => i);
  const ofCarries = numbers.filter((i) => i < carries && float(i));
  const ofSlices = numbers.filter((i) => i >= carries && !isShared(i) && float(i) && backward.wants[i] === true);
  const ofShared = numbers.filter((i) => isShared(i) && float(i) && backward.wants[i] === true);
  // Where no gradient arrives, none is carried along.
  const outputSeeds = body.outputs.map((output, i) => (isFloat(output.type.dtype) && (i < carries || !isZero(at(grads, i))) ? b.input(-1 - i, `d${i}`, output.type) : null));
  const wanted = [...ofCarries, ...ofSlices, ...ofShared];
  if (wanted.length === 0 || trip === 0) { for (const i of wanted) results[i] = i < carries ? at(grads, i) : zeros(at(node.inputs, i).type); return results; }
  const found = backward.vjp(body.outputs, wanted.map((i) => at(formals, i)), outputSeeds);
  const own = new Map(wanted.map((i, n) => [i, found[n] ?? null]));

  // ---- what is kept ----
  const order = topological(found.filter((n) => n !== null)), seeded = dependents(order, outputSeeds.filter((n) => n !== null));
  const varying = dependents(topological([...order, ...body.outputs]), formals.slice(0, carries + stacked)), isFormal = (x: Node): boolean => formals.some((n) => n === x);
  const needed = [...new Set([...order.filter((n) => seeded.has(n)).flatMap((n) => n.inputs), ...found.filter((n) => n !== null)])].filter((n) => !seeded.has(n));
  const kept = chooseKept(needed, varying, isFormal);
  const reached = topological(stopAt(needed, kept));
  for (const formal of formals.slice(0, carries)) if (reached.includes(formal)) kept.add(formal);
  const keeps = [...kept].filter((n) => formals.indexOf(n as Node<'input'>) < carries || !isFormal(n));
  const extended = keeps.length === 0 ? [] : b.loop(node.inputs, { ...node.attrs, body: makeGraph(body.name, formals, [...body.outputs, ...keeps]) }).slice(body.outputs.length);

  // ---- the loop backward: carries, stacked, shared ----
  const operands: { readonly kind: 0 | 1 | 2; readonly actual: Node; readonly formal: Node<'input'> }[] = [], inside = new Map<Node, Node>();
  const take = (kind: 0 | 1 | 2, actual: Node, of: Node | null, type: TensorType): Node => {
    const formal = b.input(0, 'x', type);
    operands.push({ kind, actual, formal });
    if (of !== null) inside.set(of, formal);
    return formal;
  };
  ofCarries.forEach((i) => take(0, at(grads, i), outputSeeds[i] ?? null, at(types, i)));
  const whole = new Map<Node, Node>(keeps.map((n, k) => [n, at(extended, k)]));
  formals.forEach((formal, i) => { if (i >= carries && !isShared(i)) whole.set(formal, at(node.inputs, i)); });
  for (const [n, all] of whole) take(1, all, n, n.type);
  outputSeeds.forEach((seed, i) => { if (seed !== null && i >= carries) { take(1, at(grads, i), seed, seed.type); whole.set(seed, at(grads, i)); } });
  formals.forEach((formal, i) => { if (isShared(i)) take(2, at(node.inputs, i), formal, formal.type); });

  // ---- sums over the iterations ----
  const stacks = new Map<Node, Node>(), placeholders = new Map<Node, Node>();
  /** The values of all iterations, as a node after the loop. */
  const allOf = (n: Node): Node => {
    const known = whole.get(n) ?? placeholders.get(n);
    if (known !== undefined) return known;
    if (isOp(n, 'transpose')) return b.transpose(allOf(at(n.inputs, 0)), [0, ...up(n.attrs.perm)]);
    if (isOp(n, 'reshape')) return b.reshape(allOf(at(n.inputs, 0)), [trip, ...n.attrs.shape]);
    const held = b.input(0, 'stack', { shape: [trip, ...n.type.shape], dtype: n.type.dtype });
    placeholders.set(n, held);
    stacks.set(held, n);
    return held;
  };
  const varies = (n: Node): boolean => seeded.has(n) || varying.has(n);
  /** The sum over the iterations as a node after the loop, or null where that is best added up on the way. */
  const sumAfter = (n: Node): Node | null => {
    if (isOp(n, 'transpose') || isOp(n, 'reshape')) { const sum = sumAfter(at(n.inputs, 0)); return sum === null ? null : isOp(n, 'transpose') ? b.transpose(sum, n.attrs.perm) : b.reshape(sum, n.type.shape); }
    if (isOp(n, 'pad') && n.attrs.value === 0) { const sum = sumAfter(at(n.inputs, 0)); return sum === null ? null : b.pad(sum, n.attrs); }
    if (isOp(n, 'dot') && n.inputs.every(varies)) {
      const { batchA, batchB, contractA, contractB } = n.attrs;
      return b.dot(allOf(at(n.inputs, 0)), allOf(at(n.inputs, 1)), { batchA: up(batchA), batchB: up(batchB), contractA: [0, ...up(contractA)], contractB: [0, ...up(contractB)] });
    }
    if (isOp(n, 'reduce') && n.attrs.kind === 'sum' && varies(n)) {
      const x = at(n.inputs, 0);
      return whole.has(x) || placeholders.has(x) ? b.reduce('sum', allOf(x), [0, ...up(n.attrs.axes)]) : null;
    }
    return null;
  };
  const terms = (n: Node): Node[] => (isOp(n, 'add') ? n.inputs.flatMap(terms) : [n]);
  const totals: { readonly operand: number; readonly add: Node; readonly total: Node }[] = [], sums = new Map<number, Node[]>();
  // Products first: what they stack, sums may use.
  const parts = ofShared.flatMap((i) => { const n = own.get(i) ?? null; return n === null ? [] : terms(n).map((term) => ({ i, term })); });
  const first = [...parts].sort((p, q) => Number(hasReduce(p.term)) - Number(hasReduce(q.term)));
  for (const { i, term } of first) {
    const after = sumAfter(term);
    if (after !== null) sums.set(i, [...(sums.get(i) ?? []), after]);
    else totals.push({ operand: i, add: term, total: take(0, zeros(at(types, i)), null, at(types, i)) });
  }
  operands.sort((p, q) => p.kind - q.kind);
  const count = (kind: number): number => operands.filter((o) => o.kind === kind).length;
  const numbered = operands.map(({ formal }, i) => b.input(i, formal.attrs.name, formal.type)), renamed = new Map<Node, Node>(operands.map(({ formal }, i) => [formal, at(numbered, i)]));
  for (const [of, formal] of inside) renamed.set(of, renamed.get(formal) ?? formal);
  const gradientOf = (i: number): Node => own.get(i) ?? zeros(at(types, i));
  const bodyOutputs = substitute([...ofCarries.map(gradientOf), ...totals.map(({ add, total }) => b.add(total, add)), ...ofSlices.map(gradientOf), ...stacks.values()], renamed);
  const back = bodyOutputs.length === 0 ? [] : b.loop(operands.map((o) => o.actual), { body: makeGraph(`${body.name}_gradient`, numbered, bodyOutputs), trip, reverse: !reverse, carries: count(0), stacked: count(1) });
  let n = 0;
  for (const i of ofCarries) results[i] = at(back, n++);
  for (const { operand } of totals) sums.set(operand, [...(sums.get(operand) ?? []), at(back, n++)]);
  for (const i of ofSlices) results[i] = at(back, n++);
  const filled = new Map<Node, Node>([...stacks.keys()].map((held) => [held, at(back, n++)]));
  for (const i of ofShared) {
    const all = substitute(sums.get(i) ?? [], filled);
    results[i] = all.length === 0 ? null : all.reduce((p, q) => b.add(p, q));
  }
  return results;
}

/** What the roots need when the kept nodes are there: the operands at which the walk ends. */
function stopAt(roots: readonly Node[], kept: ReadonlySet<Node>): Node[] {
  const cut = new Map<Node, Node>([...kept].map((n) => [n, b.input(0, 'kept', n.type)]));
  return substitute(roots.filter((n) => !kept.has(n)), cut);
}
const hasReduce = (n: Node): boolean => isOp(n, 'reduce') || (n.inputs.length === 1 && hasReduce(at(n.inputs, 0)));
