/** Gradient rules of call and pick; that of loop is in loop.ts. */
import { isFloat } from '../../base/dtype.ts';
import { at } from '../../base/shape.ts';
import * as b from '../../ir/build.ts';
import { substitute } from '../../ir/substitute.ts';
import type { Graph, Node } from '../../ir/types.ts';
import type { Backward, GradientRule } from '../rule.ts';
import { loopRule } from './loop.ts';

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
