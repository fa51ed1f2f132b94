/**
 * Loops: one body, lowered once, whatever the trip count. Carried values live in buffers of their own; slices of stacked operands and
 * results are affine in the loop's counter, so nothing is copied to form them. A carry whose values are also stacked (old or new ones) lives in the stack:
 * one place more than iterations, each reads its own and writes the next.
 */
import { at, sizeOf } from '../base/shape.ts';
import type { Node } from '../ir/types.ts';
import { addAffine, axisCoord, scaleCoord } from './coords.ts';
import { pushCopy } from './fixed.ts';
import { Frame, ZERO, type Binding, type Want } from './frame.ts';

/** Places a loop node: copies of the initial carries, then one loop item. */
export function placeLoop(node: Node<'loop'>, frame: Frame): void {
  const { body, carries, stacked, trip, reverse } = node.attrs;
  const counter = axisCoord(frame.loops).at;
  const slice = (whole: Binding, elements: number): Binding => ({ buffer: whole.buffer, base: addAffine(whole.base, scaleCoord({ at: counter, dynamic: [] }, elements).at) });
  const inner = new Frame(frame.buffers, frame.loops + 1, frame.fill);
  const results: Binding[] = [];
  /** the stacks of carries: where old and new values stand in an iteration, and the whole of both */
  const chains = new Map<number, { readonly fresh: Binding; readonly olds: Binding; readonly news: Binding }>();
  body.inputs.forEach((formal, i) => {
    const actual = at(node.inputs, i), elements = sizeOf(formal.type.shape);
    if (i < carries && body.outputs.slice(carries).some((n) => n === formal || n === body.outputs[i])) {
      const buffer = frame.buffers.add(`carry${node.id}_${i}`, formal.type.dtype, elements * (trip + 1), 'scratch');
      const from = (place: number): Binding => ({ buffer, base: { offset: place * elements, coeffs: [] } });
      const olds = from(reverse ? 1 : 0), news = from(reverse ? 0 : 1);
      pushCopy(frame, actual, from(reverse ? trip : 0));
      inner.bind(formal, slice(olds, elements), -1);
      chains.set(i, { fresh: slice(news, elements), olds, news });
      results.push(from(reverse ? 0 : trip));
    } else if (i < carries) {
      const carry: Binding = { buffer: frame.buffers.add(`carry${node.id}_${i}`, formal.type.dtype, elements, 'scratch'), base: ZERO };
      pushCopy(frame, actual, carry);
      results.push(carry);
      inner.bind(formal, carry, -1);
    } else if (i < carries + stacked) inner.bind(formal, slice(frame.bindingOf(actual), elements), -1);
    else inner.bind(formal, frame.bindingOf(actual), -1);
  });
  const wants = body.outputs.flatMap((output, i): Want[] => {
    if (i < carries) { const chain = chains.get(i); return [chain === undefined ? { node: output, target: at(results, i), protects: true } : { node: output, target: chain.fresh, protects: false }]; }
    for (const [c, chain] of chains) {
      if (output !== body.inputs[c] && output !== body.outputs[c]) continue;
      results.push(output === body.inputs[c] ? chain.olds : chain.news);
      return [];
    }
    const elements = sizeOf(output.type.shape);
    const whole: Binding = { buffer: frame.buffers.add(`stack${node.id}_${i}`, output.type.dtype, elements * trip, 'scratch'), base: ZERO };
    results.push(whole);
    return [{ node: output, target: slice(whole, elements), protects: false }];
  });
  const items = frame.fill(inner, wants);
  frame.items.push({ kind: 'loop', trip, reverse, items });
  frame.bindTuple(node, results, frame.items.length - 1);
}
