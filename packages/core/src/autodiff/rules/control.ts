/**
 * Gradient rules of loop, call and pick.
 *
 * A loop's gradient is a loop the other way round. Each of its iterations gets the carries that the original iteration started from, evaluates the body again
 * and pulls the gradients through it. The carries are taken from the loop's own stacked outputs where the body hands them out (as recurrent layers do);
 * else the loop is run once more, stacking them.
 */
import { isFloat } from '../../base/dtype.ts';
import { at } from '../../base/shape.ts';
import * as b from '../../ir/build.ts';
import { makeGraph } from '../../ir/node.ts';
import { substitute } from '../../ir/substitute.ts';
import type { Graph, Node, TensorType } from '../../ir/types.ts';
import type { Backward, GradientRule } from '../rule.ts';

const zeros = (type: TensorType): Node => b.splat(0, type.shape, type.dtype);

/** The body's gradients for the given operands and seeds (null: no gradient arrives there). */
function bodyGradients(body: Graph, operands: readonly Node[], seeds: readonly (Node | null)[], wanted: readonly number[], backward: Backward): (Node | null)[] {
  // Placeholders keep the search for paths inside the body: an operand may depend on another one outside.
  const held = seeds.map((seed, i) => (seed === null ? null : b.input(-1 - i, `seed${i}`, seed.type)));
  const grads = backward.vjp(body.outputs, wanted.map((i) => at(body.inputs, i)), held);
  const replaced = new Map<Node, Node>(body.inputs.map((node, i) => [node, at(operands, i)]));
  held.forEach((node, i) => { const seed = seeds[i] ?? null; if (node !== null && seed !== null) replaced.set(node, seed); });
  const found = grads.filter((grad) => grad !== null), copies = substitute(found, replaced);
  return grads.map((grad) => (grad === null ? null : at(copies, found.indexOf(grad))));
}

/** The carries that each iteration starts from, stacked over the iterations. */
function startingCarries(node: Node<'loop'>): Node[] {
  const { body, trip, carries, reverse } = node.attrs, outputs = body.outputs;
  const kept = outputs.slice(0, carries).map((carry) => outputs.indexOf(carry, carries));
  if (trip > 0 && kept.every((k) => k >= 0)) {
    return kept.map((k, j) => {
      const first = at(node.inputs, j), own = b.pick(node, k), head = b.reshape(first, [1, ...first.type.shape]);
      const rest = b.slice(own, { starts: own.type.shape.map((_, i) => (i === 0 && reverse ? 1 : 0)), sizes: [trip - 1, ...first.type.shape], strides: own.type.shape.map(() => 1) });
      return trip === 1 ? head : b.concat(reverse ? [rest, head] : [head, rest], 0);
    });
  }
  const again = makeGraph(`${body.name}_carries`, body.inputs, [...outputs.slice(0, carries), ...body.inputs.slice(0, carries)]);
  return b.loop(node.inputs, { ...node.attrs, body: again }).slice(carries);
}

function loopRule(node: Node<'loop'>, grads: readonly Node[], backward: Backward): (Node | null)[] {
  const { body, trip, carries, stacked, reverse } = node.attrs, results: (Node | null)[] = node.inputs.map(() => null);
  const types = body.inputs.map((n) => n.type), float = (i: number): boolean => isFloat(at(types, i).dtype);
  const isCarry = (i: number): boolean => i < carries, isStacked = (i: number): boolean => i >= carries && i < carries + stacked;
  const carryGrads = types.flatMap((_, i) => (isCarry(i) && float(i) ? [i] : []));
  const sliceGrads = types.flatMap((_, i) => (isStacked(i) && float(i) && backward.wants[i] === true ? [i] : []));
  const sharedGrads = types.flatMap((_, i) => (!isCarry(i) && !isStacked(i) && float(i) && backward.wants[i] === true ? [i] : []));
  const outputGrads = body.outputs.flatMap((output, i) => (i >= carries && isFloat(output.type.dtype) ? [i] : []));

  // Operands of the reversed loop, and the body's inputs for them, in the order the loop wants: carries, stacked, invariants.
  const operands: Node[] = [], inputs: Node<'input'>[] = [];
  const take = (operand: Node, name: string, type: TensorType): Node => {
    operands.push(operand);
    inputs.push(b.input(inputs.length, name, type));
    return at(inputs, -1);
  };
  const arriving = new Map<number, Node>(carryGrads.map((i) => [i, take(at(grads, i), `d_carry${i}`, at(types, i))]));
  const totals = sharedGrads.map((i) => take(zeros(at(types, i)), `d_shared${i}`, at(types, i)));
  const inside: Node[] = startingCarries(node).map((values, i) => take(values, `carry${i}`, at(types, i)));
  for (let i = carries; i < carries + stacked; i++) inside.push(take(at(node.inputs, i), `slice${i}`, at(types, i)));
  for (const i of outputGrads) arriving.set(i, take(at(grads, i), `d_out${i}`, at(body.outputs, i).type));
  for (let i = carries + stacked; i < types.length; i++) inside.push(take(at(node.inputs, i), `shared${i}`, at(types, i)));

  const wanted = [...carryGrads, ...sliceGrads, ...sharedGrads];
  const leaving = bodyGradients(body, inside, body.outputs.map((_, i) => arriving.get(i) ?? null), wanted, backward)
    .map((grad, n) => grad ?? zeros(at(types, at(wanted, n))));
  const ofCarries = leaving.slice(0, carryGrads.length), ofSlices = leaving.slice(carryGrads.length, carryGrads.length + sliceGrads.length);
  const ofShared = leaving.slice(carryGrads.length + sliceGrads.length).map((grad, n) => b.add(at(totals, n), grad));
  const outputs = [...ofCarries, ...ofShared, ...ofSlices];
  if (outputs.length === 0) return results;
  const finals = b.loop(operands, {
    body: makeGraph(`${body.name}_gradient`, inputs, outputs), trip, reverse: !reverse,
    carries: carryGrads.length + sharedGrads.length, stacked: carries + stacked + outputGrads.length,
  });
  [...carryGrads, ...sharedGrads, ...sliceGrads].forEach((i, n) => { results[i] = at(finals, n); });
  return results;
}

export const controlRules = {
  loop: loopRule,
  call: (node, grads, backward) => {
    const { body, vjp } = node.attrs;
    if (vjp !== null) return vjp(node.inputs, (node.tuple ?? []).map((_, i) => b.pick(node, i)), grads);
    const wanted = node.inputs.flatMap((_, i) => (backward.wants[i] === true ? [i] : []));
    const seeds = grads.map((grad) => (isFloat(grad.type.dtype) ? grad : null));
    const found = bodyGradients(body, node.inputs, seeds, wanted, backward);
    return node.inputs.map((_, i) => (wanted.includes(i) ? at(found, wanted.indexOf(i)) : null));
  },
  // The walk adds it to the picked result of the tuple.
  pick: (_node, grads) => [at(grads, 0)],
} satisfies { [K in 'loop' | 'call' | 'pick']: GradientRule<K> };
