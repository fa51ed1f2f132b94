/**
 * Reverse mode, from graph to graph: the gradients are nodes like any others, are optimized together with the forward pass and can be differentiated again.
 *
 * Only nodes on a path from `wrt` to the outputs are visited. Contributions are added up; paths through integers, comparisons and `stopGradient` carry none.
 */
import { isFloat } from '../base/dtype.ts';
import { DTypeError, ShapeError } from '../base/errors.ts';
import { at, sameShape } from '../base/shape.ts';
import * as b from '../ir/build.ts';
import { topological } from '../ir/node.ts';
import { showType } from '../ir/table/check.ts';
import { isOp, type Node, type OpName, type TensorType } from '../ir/types.ts';
import { ruleOf } from './rules/index.ts';

/** Gradients that have arrived at a node so far, one for each of its results. */
type Arrived = Map<Node, (Node | null)[]>;

function arrive(arrived: Arrived, node: Node, result: number, grad: Node): void {
  const list = arrived.get(node) ?? (node.tuple ?? [node.type]).map(() => null);
  const before = list[result] ?? null;
  list[result] = before === null ? grad : b.add(before, grad);
  arrived.set(node, list);
}

/** The nodes that depend on one of `wrt` by a path that gradients can take. */
function dependents(order: readonly Node[], wrt: ReadonlySet<Node>): Set<Node> {
  const found = new Set<Node>();
  for (const node of order) {
    const carries = (node.tuple ?? [node.type]).some((type) => isFloat(type.dtype));
    if (wrt.has(node) || (carries && ruleOf(node.op) !== 'none' && node.inputs.some((operand) => found.has(operand)))) found.add(node);
  }
  return found;
}

function applyRule<K extends OpName>(node: Node<K>, grads: readonly (Node | null)[], wants: readonly boolean[]): readonly (Node | null)[] {
  const rule = ruleOf(node.op), types = node.tuple ?? [node.type];
  if (rule === 'none') return [];
  return rule(node, grads.map((grad, i) => grad ?? b.splat(0, at(types, i).shape, at(types, i).dtype)), { wants, vjp: backward });
}

/** The gradient, when it has the type of what it is the gradient of: rules of calls are written by users. */
function fitting(node: Node, operand: number, grad: Node, type: TensorType): Node {
  if (grad.type.dtype === type.dtype && sameShape(grad.type.shape, type.shape)) return grad;
  const name = isOp(node, 'call') ? `call ${node.attrs.name}` : node.op;
  throw new ShapeError(`gradient of ${name}: operand ${operand} is ${showType(type)}, but its gradient is ${showType(grad.type)}; the rule must return the operand's type.`);
}

/** The gradients of `outputs`, weighted by `seeds` (null: not at all), with respect to `wrt`; null where no path leads there. */
function backward(outputs: readonly Node[], wrt: readonly Node[], seeds: readonly (Node | null)[]): (Node | null)[] {
  const order = topological(outputs), needed = dependents(order, new Set(wrt)), arrived: Arrived = new Map();
  outputs.forEach((output, i) => {
    const seed = seeds[i] ?? null;
    if (seed !== null && needed.has(output)) arrive(arrived, output, 0, seed);
  });
  for (const node of order.reverse()) {
    const grads = arrived.get(node), wants = node.inputs.map((operand) => needed.has(operand));
    if (grads === undefined || !wants.includes(true)) continue;
    applyRule(node, grads, wants).forEach((grad, i) => {
      if (grad === null || wants[i] !== true) return;
      const operand = at(node.inputs, i), result = isOp(node, 'pick') ? node.attrs.index : 0, type = at(operand.tuple ?? [operand.type], result);
      if (isFloat(type.dtype)) arrive(arrived, operand, result, fitting(node, i, grad, type));
    });
  }
  return wrt.map((node) => arrived.get(node)?.[0] ?? null);
}

function check(outputs: readonly Node[], wrt: readonly Node[]): void {
  for (const node of wrt) {
    if (!isFloat(node.type.dtype)) throw new DTypeError(`gradient: cannot differentiate with respect to a tensor of ${showType(node.type)}; only float tensors have gradients.`);
  }
  for (const node of outputs) {
    if (!isFloat(node.type.dtype)) throw new DTypeError(`gradient: cannot differentiate a result of ${showType(node.type)}; cast it to f32 on a path that is differentiable.`);
  }
}

/**
 * The gradients of several outputs, each weighted by its seed (same shape and dtype), summed: one for each of `wrt`, zeros where no path leads there.
 * Throws ShapeError or DTypeError where seeds do not fit or something is not a float.
 */
export function vjp(outputs: readonly Node[], wrt: readonly Node[], seeds: readonly Node[]): Node[] {
  check(outputs, wrt);
  outputs.forEach((output, i) => {
    const seed = at(seeds, i);
    if (seed.type.dtype !== output.type.dtype || !sameShape(seed.type.shape, output.type.shape)) {
      throw new ShapeError(`gradient: the seed ${showType(seed.type)} must have the type ${showType(output.type)} of the output.`);
    }
  });
  return backward(outputs, wrt, seeds).map((grad, i) => grad ?? b.splatLike(0, at(wrt, i)));
}

/**
 * d output / d each of `wrt`. The output is a scalar unless a seed of its type is given, which then weights its elements.
 * Throws ShapeError when a seed is needed and missing.
 */
export function differentiate(output: Node, wrt: readonly Node[], seed?: Node): Node[] {
  if (seed === undefined && output.type.shape.length > 0) {
    throw new ShapeError(`gradient: the output must be a scalar, got ${showType(output.type)}; take its sum or mean first.`);
  }
  return vjp([output], wrt, [seed ?? b.splatLike(1, output)]);
}
