/** Samples of loop, call and pick, whose attributes hold graphs. */
import { add, cos, input, mul, reduce, reshape, sin, splatLike, tanh } from '../../ir/build.ts';
import { makeGraph } from '../../ir/node.ts';
import type { Sample } from '../../ir/primitive.ts';
import type { Graph, Node, TensorType, VjpRule } from '../../ir/types.ts';
import { i32, uniform } from '../data.ts';

const F = (...shape: number[]): TensorType => ({ shape, dtype: 'f32' });
function body(name: string, types: readonly TensorType[], make: (...inputs: readonly Node[]) => readonly Node[]): Graph {
  const inputs = types.map((type, i) => input(i, `b${i}`, type));
  return makeGraph(name, inputs, make(...inputs));
}

/** h ← tanh(h · w + x), and each h is kept: a recurrent network in small. */
const cell = (): Graph => body('cell', [F(3), F(3), F(3)], (h, x, w) => {
  const next = tanh(add(mul(h as Node, w as Node), x as Node));
  return [next, next];
});
/** Two carries, one of them an integer counter; the stacked output does not depend on the invariant. */
const counting = (): Graph => body('counting', [F(2), { shape: [], dtype: 'i32' }, F(2)], (total, count, k) => [
  add(mul(total as Node, k as Node), k as Node), add(count as Node, splatLike(1, count as Node)), sin(total as Node),
]);
/** No carries: a map over the stacked input. */
const mapping = (): Graph => body('mapping', [F(4)], (x) => [reduce('sum', mul(x as Node, x as Node), [0])]);
const square = (): Graph => body('square_sine', [F(2, 3), F(2, 3)], (a, b) => [mul(a as Node, sin(b as Node)), add(a as Node, b as Node)]);

const handWritten: VjpRule = ([a, b], _outputs, [g, h]) => [
  add(mul(g as Node, sin(b as Node)), h as Node), add(mul(mul(g as Node, a as Node), cos(b as Node)), h as Node),
];

export const controlSamples = {
  loop: () => [
    ...[false, true].map((reverse): Sample<'loop'> => ({
      name: reverse ? 'recurrence in reverse' : 'recurrence', inputs: [uniform([3], 1), uniform([5, 3], 2), uniform([3], 3)],
      attrs: { body: cell(), trip: 5, carries: 1, stacked: 1, reverse }, ulp: 8, differentiable: true,
    })),
    { name: 'counter', inputs: [uniform([2], 4), i32([], [3]), uniform([2], 5)], attrs: { body: counting(), trip: 4, carries: 2, stacked: 0, reverse: false }, ulp: 8, differentiable: true },
    { name: 'map', inputs: [uniform([3, 4], 6)], attrs: { body: mapping(), trip: 3, carries: 0, stacked: 1, reverse: false }, ulp: 4, differentiable: true },
    { name: 'one trip', inputs: [uniform([3], 7), uniform([1, 3], 8), uniform([3], 9)], attrs: { body: cell(), trip: 1, carries: 1, stacked: 1, reverse: false }, ulp: 4, differentiable: true },
  ],
  call: () => [
    { name: 'through the body', inputs: [uniform([2, 3], 10), uniform([2, 3], 11)], attrs: { body: square(), name: 'square_sine', vjp: null }, ulp: 4, differentiable: true },
    { name: 'own gradient', inputs: [uniform([2, 3], 12), uniform([2, 3], 13)], attrs: { body: square(), name: 'square_sine', vjp: handWritten }, ulp: 4, differentiable: true },
    { name: 'reshaping', inputs: [uniform([6], 14)], attrs: { body: body('fold', [F(6)], (x) => [reshape(x as Node, [2, 3])]), name: 'fold', vjp: null }, differentiable: true },
  ],
  // One result stands for itself: pick 0 of a node without a tuple is that node. Real tuples are covered by sort, loop and call.
  pick: () => [{ name: 'single result', inputs: [uniform([2, 3], 15)], attrs: { index: 0 }, differentiable: true }],
} satisfies { [K in 'loop' | 'call' | 'pick']: () => readonly Sample<K>[] };
