import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateGraph } from '../backend/reference/evaluate.ts';
import { at } from '../base/shape.ts';
import { nodesOf } from '../ir/node.ts';
import { printGraph } from '../ir/print.ts';
import { verifyGraph } from '../ir/verify.ts';
import { doubleGraph, doubleTensor } from './double.ts';
import { arbitraryGraph, difference, randomGraph } from './random-graph.ts';

const noState = (): never => { throw new Error('no state expected'); };

describe('random graphs', () => {
  it('are well formed, finite, and stay within their error bounds of double precision', () => {
    fc.assert(fc.property(arbitraryGraph(), (made) => {
      verifyGraph(made.graph);
      const single = evaluateGraph(made.graph, made.inputs, noState).outputs;
      const double = evaluateGraph(doubleGraph(made.graph), made.inputs.map(doubleTensor), noState).outputs;
      single.forEach((output, i) => {
        expect(output.every(Number.isFinite), printGraph(made.graph)).toBe(true);
        expect(difference(output, at(double, i), at(made.tolerances, i)), printGraph(made.graph)).toBeNull();
      });
    }), { numRuns: 300, seed: 7 });
  });

  it('repeat from their seed', () => {
    expect(printGraph(randomGraph(11, 25).graph)).toBe(printGraph(randomGraph(11, 25).graph));
    expect(printGraph(randomGraph(11, 25).graph)).not.toBe(printGraph(randomGraph(12, 25).graph));
  });

  it('mix many operations, and state when asked', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 60; seed++) for (const node of nodesOf(randomGraph(seed, 30, { state: true }).graph)) seen.add(node.op);
    expect(seen.size).toBeGreaterThan(50);
    for (const op of ['state', 'assign', 'dot', 'conv', 'windowReduce', 'gather', 'scatter', 'sort', 'loop', 'scan', 'argReduce', 'pad', 'slice', 'concat', 'where', 'randomBits']) expect(seen).toContain(op);
  });

  it('difference tells where values differ', () => {
    expect(difference(Float32Array.of(1, 2), Float32Array.of(1, 2.5), 0.1)).toContain('element 1 is 2, expected 2.5');
    expect(difference(Float32Array.of(NaN, 1), Float32Array.of(NaN, 1.05), 0.1)).toBeNull();
    expect(difference(Float32Array.of(NaN), Float32Array.of(0), 1)).not.toBeNull();
  });
});
