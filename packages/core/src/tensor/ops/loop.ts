/**
 * `loop`: a recurrence as one node of the graph, whatever its length; its gradient is one loop backward. Prior art: JAX's `lax.scan`.
 *
 * What the body computes from tensors outside of it alone is computed once, before the loop; products of slices with such tensors are computed for all
 * steps at once, before the loop as well. So a body may be written step by step, plainly.
 */
import { ShapeError, StateError, ValueError } from '../../base/errors.ts';
import { at, sameShape, showShape } from '../../base/shape.ts';
import * as g from '../../ir/build.ts';
import { makeGraph, topological } from '../../ir/node.ts';
import { substitute } from '../../ir/substitute.ts';
import { isOp, type Node, type OpName } from '../../ir/types.ts';
import { isProduct, Vectorizer } from '../../ir/vectorize.ts';
import { currentTrace } from '../context.ts';
import { evaluateOnce } from '../eager.ts';
import { Tensor } from '../tensor.ts';

/** What a body returns. */
export interface LoopStep {
  /** The next values of the carries, of the same shapes and dtypes. */
  readonly carries: readonly Tensor[];
  /** Values of this step to keep. */
  readonly outputs?: readonly Tensor[];
}
/** What a loop works on. */
export interface LoopOptions {
  /** First values of the carries. Default: none. */
  readonly carries?: readonly Tensor[];
  /** Tensors of which each step gets one slice of the first axis. Default: none. */
  readonly inputs?: readonly Tensor[];
  /** Number of steps; needed where there are no inputs. */
  readonly steps?: number;
  /** From the last step to the first; outputs stay in the place of their step. Default false. */
  readonly reverse?: boolean;
}
/** Last values of the carries, and each output over all steps, [steps, …]. */
export interface LoopResult { readonly carries: Tensor[]; readonly outputs: Tensor[] }

const VIEWS: ReadonlySet<OpName> = new Set<OpName>(['reshape', 'transpose', 'broadcast', 'slice']);

/**
 * Runs `body(carries, slices)` for each step. The body is recorded once, so it must not look at values; it may use any tensor from outside, and must not assign variables.
 * Throws ShapeError where the inputs' first axes differ or a carry changes its shape.
 */
export function loop(body: (carries: Tensor[], slices: Tensor[]) => LoopStep, options: LoopOptions): LoopResult {
  const { carries = [], inputs = [], reverse = false } = options, trip = options.steps ?? inputs[0]?.shape[0];
  if (trip === undefined) throw new ValueError('loop: without inputs, steps must be given.');
  inputs.forEach((x, i) => { if (x.shape[0] !== trip) throw new ShapeError(`loop: input ${i} has shape ${showShape(x.shape)}; its first axis must be the ${trip} steps.`); });
  const formal = (t: Tensor, i: number, shape: readonly number[]): Node<'input'> => g.input(i, `step${i}`, { shape, dtype: t.dtype });
  const held = carries.map((t, i) => formal(t, i, t.shape)), slices = inputs.map((t, i) => formal(t, carries.length + i, t.shape.slice(1)));
  const before = currentTrace()?.effects().map((effect) => at(effect.inputs, 0)) ?? [];
  const step = body(held.map((n) => Tensor.ofNode(n)), slices.map((n) => Tensor.ofNode(n)));
  if (step.carries.length !== carries.length) throw new ShapeError(`loop: the body returns ${step.carries.length} carries, ${carries.length} were given.`);
  step.carries.forEach((t, i) => {
    const own = at(carries, i);
    if (!sameShape(t.shape, own.shape) || t.dtype !== own.dtype) throw new ShapeError(`loop: carry ${i} is ${own.dtype} ${showShape(own.shape)}, but the body returns ${t.dtype} ${showShape(t.shape)}.`);
  });
  const results = [...step.carries, ...(step.outputs ?? [])].map((t) => t.toNode());
  checkEffects(new Set<Node>([...held, ...slices]), before);

  const lifted = lift(results, held, slices, inputs.map((t) => t.toNode()), trip);
  const nodes = g.loop([...carries.map((t) => t.toNode()), ...lifted.stacked, ...lifted.invariants], {
    body: makeGraph('loop', lifted.formals, lifted.results), trip, carries: carries.length, stacked: lifted.stacked.length, reverse,
  });
  const symbolic = currentTrace() !== null || topological(nodes).some((n) => isOp(n, 'input') || isOp(n, 'state'));
  const tensors = symbolic ? nodes.map((n) => Tensor.ofNode(n)) : evaluateOnce(nodes).map((data, i) => { const { shape, dtype } = at(nodes, i).type; return Tensor.ofData(data, shape, dtype); });
  return { carries: tensors.slice(0, carries.length), outputs: tensors.slice(carries.length) };
}

function dependents(order: readonly Node[], seeds: Iterable<Node>): Set<Node> {
  const found = new Set<Node>(seeds);
  for (const node of order) if (node.inputs.some((x) => found.has(x))) found.add(node);
  return found;
}
function checkEffects(formals: ReadonlySet<Node>, before: readonly Node[]): void {
  const written = (currentTrace()?.effects() ?? []).map((effect) => at(effect.inputs, 0)).filter((value) => !before.includes(value));
  if (written.length > 0 && topological(written).some((node) => formals.has(node))) throw new StateError('loop: the body assigns a variable; carry the value, and assign it after the loop.');
}

/** Splits a recorded body into what stays inside and what is done before the loop. */
function lift(roots: readonly Node[], carries: readonly Node<'input'>[], slices: readonly Node<'input'>[], stacked: readonly Node[], trip: number) {
  const order = topological(roots), inside = dependents(order, [...carries, ...slices]), onCarries = dependents(order, carries);
  const isImmediate = (node: Node): boolean => isOp(node, 'const') && node.attrs.data.length === 1;
  const whole = [...stacked], replaced = new Map<Node, Node>(), formals: Node<'input'>[] = [...slices];
  // Products that need no carry, with the elementwise work on them: over all steps at once.
  const products = new Set<Node>();
  for (const node of order) if (inside.has(node) && !onCarries.has(node) && (isProduct(node) || node.inputs.some((x) => products.has(x)))) products.add(node);
  const vectorizer = new Vectorizer(trip, new Map(slices.map((node, i) => [node, at(stacked, i)])), (node) => (inside.has(node) ? null : node));
  const vectors = new Map<Node, Node>();
  const users = new Map<Node, Node[]>();
  for (const node of order) for (const x of node.inputs) users.set(x, [...(users.get(x) ?? []), node]);
  for (const node of order) { const all = products.has(node) && trip > 0 ? vectorizer.of(node) : null; if (all !== null) vectors.set(node, all); }
  for (const [node, all] of vectors) {
    // the last of a chain only, unless the loop itself wants an earlier one
    if (!roots.includes(node) && (users.get(node) ?? []).every((user) => vectors.has(user))) continue;
    const slice = g.input(0, 'slice', node.type);
    replaced.set(node, slice); formals.push(slice); whole.push(all);
  }
  // What is left of the body: walk from the roots, stop at what was replaced.
  const invariants: Node[] = [], held: Node<'input'>[] = [], done = new Set<Node>();
  const outside = (node: Node): void => {
    if (replaced.has(node) || isImmediate(node) || isOp(node, 'iota')) return;
    if (VIEWS.has(node.op)) { outside(at(node.inputs, 0)); return; }
    const own = g.input(0, 'shared', node.type);
    replaced.set(node, own); held.push(own); invariants.push(node);
  };
  const visit = (node: Node): void => {
    if (done.has(node) || replaced.has(node)) return;
    done.add(node);
    if (!inside.has(node)) { outside(node); return; }
    node.inputs.forEach(visit);
  };
  roots.forEach(visit);
  // slices whose products were all taken out are not needed any more
  const wanted = formals.map((node) => done.has(node) || [...replaced.values()].includes(node));
  const numbered = [...carries, ...formals.filter((_, i) => wanted[i]), ...held].map((node, i) => [node, g.input(i, node.attrs.name, node.type)] as const);
  const names = new Map<Node, Node>(numbered), all = new Map<Node, Node>([...replaced].map(([node, own]) => [node, names.get(own) ?? own]));
  for (const [node, own] of names) all.set(node, own);
  return { stacked: whole.filter((_, i) => wanted[i]), invariants, formals: numbered.map(([, own]) => own), results: substitute(roots, all) };
}
