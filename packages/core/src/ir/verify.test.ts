import { describe, expect, it } from 'vitest';
import * as b from './build.ts';
import { makeGraph, makeSlot } from './node.ts';
import type { Graph, Node } from './types.ts';
import { verifyGraph } from './verify.ts';

const F = (...shape: number[]) => ({ shape, dtype: 'f32' as const });
const x = b.input(0, 'x', F(2)), y = b.input(1, 'y', F(2)), slot = makeSlot('w', F(2));

describe('verifyGraph', () => {
  it('accepts a good graph', () => {
    verifyGraph(makeGraph('good', [x, y], [b.add(x, y), ...b.sort(x, [y], 0)], [b.assign(slot, b.mul(b.state(slot), x))]));
  });
  const sorted = b.sort(x, [y], 0)[0] as Node, tuple = sorted.inputs[0] as Node;
  const bad: readonly (readonly [string, () => Graph, RegExp])[] = [
    ['an input of another graph', () => makeGraph('g', [x], [b.add(x, y)]), /'y' is not an input of this graph/],
    ['inputs out of order', () => makeGraph('g', [y, x], [b.add(x, y)]), /stands at place 0, but says index 1/],
    ['an input twice', () => makeGraph('g', [x, x], [x]), /listed twice/],
    ['two assigns of one slot', () => makeGraph('g', [x, y], [], [b.assign(slot, x), b.assign(slot, y)]), /assigns 'w' a second time/],
    ['an assign that is not an effect', () => makeGraph('g', [x], [b.assign(slot, x)]), /not in the list of effects/],
    ['the value of an assign', () => makeGraph('g', [x], [b.neg(b.assign(slot, x))]), /not in the list of effects|uses an assign/],
    ['a wrong type', () => makeGraph('g', [x], [{ ...b.exp(x), type: F(3) }]), /exp #\d+: its type is f32\[3\], but its row says f32\[2\]/],
    ['operands that do not fit', () => makeGraph('g', [x], [{ ...b.add(x, x), inputs: [x, b.splat(1, [3], 'f32')] }]), /operands do not fit: add: operands f32\[2\] and f32\[3\]/],
    ['a tuple as an operand', () => makeGraph('g', [x, y], [b.neg({ ...tuple })]), /uses the tuple of sort without pick/],
    ['a tuple as an output', () => makeGraph('g', [x, y], [tuple]), /a tuple is an output/],
    ['a pick beyond the tuple', () => makeGraph('g', [x, y], [{ ...sorted, attrs: { index: 2 } }]), /picks result 2 of 2/],
    ['state in a body', () => {
      const inner = b.input(0, 'a', F(2));
      return makeGraph('g', [x], b.call([x], makeGraph('body', [inner], [b.add(inner, b.state(slot))]), 'body'));
    }, /graph 'body', node state .* reads state inside a body/],
    ['a foreign input in a body', () => {
      const inner = b.input(0, 'a', F(2));
      return makeGraph('g', [x], b.call([x], makeGraph('body', [inner], [b.add(inner, x)]), 'body'));
    }, /'x' is not an input of this graph/],
  ];
  it.each(bad)('refuses %s', (_name, make, message) => { expect(() => { verifyGraph(make()); }).toThrow(message); });
});
