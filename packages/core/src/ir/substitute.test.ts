import { describe, expect, it } from 'vitest';
import * as b from './build.ts';
import { makeGraph } from './node.ts';
import { printGraph } from './print.ts';
import { instantiate, substitute } from './substitute.ts';

const F = { shape: [2], dtype: 'f32' } as const;

describe('substitute', () => {
  it('copies what depends on a replaced node and shares the rest', () => {
    const x = b.input(0, 'x', F), y = b.input(1, 'y', F), shared = b.exp(y), out = b.add(b.sin(x), shared);
    const [copy] = substitute([out], new Map([[x, y]]));
    expect(copy?.inputs[1]).toBe(shared);
    expect(copy?.inputs[0]?.inputs[0]).toBe(y);
    expect(substitute([shared], new Map([[x, y]]))).toEqual([shared]);
  });
  it('puts a body in place of a call', () => {
    const x = b.input(0, 'x', F), p = b.input(0, 'p', F), q = b.input(1, 'q', F), body = makeGraph('body', [p, q], [b.mul(p, q), p]);
    expect(printGraph(makeGraph('g', [x], instantiate(body, [x, b.exp(x)])))).toMatchInlineSnapshot(`
      "graph g(x: f32[2]) {
        %1 = exp x : f32[2]
        %2 = mul x %1 : f32[2]
        return %2, x
      }"
    `);
    expect(() => instantiate(body, [x])).toThrow(/takes 2 inputs, got 1/);
  });
});
