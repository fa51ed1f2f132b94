import { describe, expect, it } from 'vitest';
import { at } from '../base/shape.ts';
import * as b from './build.ts';
import { makeGraph, makeSlot, withScope } from './node.ts';
import { printGraph } from './print.ts';
import type { Node } from './types.ts';

const F = (...shape: number[]) => ({ shape, dtype: 'f32' as const });

describe('printGraph', () => {
  it('prints a small network with state', () => {
    const x = b.input(0, 'x', F(2, 3)), slot = makeSlot('kernel', F(3, 4)), kernel = b.state(slot);
    const y = withScope('dense', () => b.max(b.matmul2d(x, kernel), b.splat(0, [2, 4], 'f32')));
    const graph = makeGraph('net', [x], [y, b.argReduce('max', y, 1)], [b.assign(slot, b.mul(kernel, b.splatLike(0.5, kernel)))]);
    expect(printGraph(graph)).toMatchInlineSnapshot(`
      "graph net(x: f32[2, 3]) {
        %1 = state 'kernel' : f32[3, 4]
        %2 = dot x %1 batchA=[] batchB=[] contractA=[1] contractB=[0] : f32[2, 4]
        %3 = const 0 : f32[2, 4]
        %4 = max %2 %3 : f32[2, 4]
        %5 = argReduce %4 kind=max axis=1 : i32[2]
        %6 = const 0.5 : f32[3, 4]
        %7 = mul %1 %6 : f32[3, 4]
        %8 = assign %7 'kernel' : f32[3, 4]
        return %4, %5
      }"
    `);
    expect(printGraph(graph, { scopes: true })).toContain('// dense');
  });
  it('prints attributes, tuples and bodies', () => {
    const x = b.input(0, 'x', F(5, 3)), h = b.input(0, 'h', F(3)), xi = b.input(1, 'xi', F(3)), next = b.tanh(b.add(h, xi));
    const results = b.loop([b.splat(0, [3], 'f32'), x], { body: makeGraph('cell', [h, xi], [next, next]), trip: 5, carries: 1, stacked: 1, reverse: true });
    const order = b.sort(at(results, 0), [b.iota({ shape: [3], dtype: 'i32' }, 0)], 0, true);
    const image = b.reshape(at(results, 1), [1, 5, 3, 1]), filter = b.constant(Float32Array.of(0.1, 2, 3, 4), [2, 2, 1, 1], 'f32');
    const conv = b.conv(image, filter, { strides: [2, 1], padding: [[0, 1], [0, 0]], kernelDilation: [1, 1], inputDilation: [1, 1], groups: 1 });
    const graph = makeGraph('kinds', [x], [at(order, 1), conv, b.pad(x, { low: [1, 0], high: [0, 0], interior: [0, 0], value: -Infinity })]);
    expect(printGraph(graph)).toMatchInlineSnapshot(`
      "graph kinds(x: f32[5, 3]) {
        %1 = const 0 : f32[3]
        %2 = loop %1 x body=@cell trip=5 carries=1 stacked=1 reverse=true : (f32[3], f32[5, 3])
        %3 = pick %2 0 : f32[3]
        %4 = iota axis=0 : i32[3]
        %5 = sort %3 %4 axis=0 descending=true : (f32[3], i32[3])
        %6 = pick %5 1 : i32[3]
        %7 = pick %2 1 : f32[5, 3]
        %8 = reshape %7 : f32[1, 5, 3, 1]
        %9 = const [0.1 2 3 4] : f32[2, 2, 1, 1]
        %10 = conv %8 %9 strides=[2, 1] padding=[[0, 1], [0, 0]] kernelDilation=[1, 1] inputDilation=[1, 1] groups=1 : f32[1, 3, 2, 1]
        %11 = pad x low=[1, 0] high=[0, 0] interior=[0, 0] value=-Infinity : f32[6, 3]
        return %6, %10, %11
      }

      graph cell(h: f32[3], xi: f32[3]) {
        %1 = add h xi : f32[3]
        %2 = tanh %1 : f32[3]
        return %2, %2
      }"
    `);
  });
  it('does not depend on the order in which nodes were made', () => {
    const make = (first: (x: Node) => Node, second: (x: Node) => Node): string => {
      const x = b.input(0, 'x', F(2)), made = new Map([first, second].map((op) => [op, op(x)]));
      return printGraph(makeGraph('g', [x], [b.add(made.get(b.exp) ?? x, made.get(b.sin) ?? x)]));
    };
    expect(make(b.exp, b.sin)).toBe(make(b.sin, b.exp));
  });
});
