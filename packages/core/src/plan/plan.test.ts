import { describe, expect, it } from 'vitest';
import { byteSize } from '../base/dtype.ts';
import { at } from '../base/shape.ts';
import { broadcastTo, input, matmul2d, mul, sub, sum } from '../ir/build.ts';
import { makeGraph } from '../ir/node.ts';
import type { Node } from '../ir/types.ts';
import { lower } from '../kernel/lower.ts';
import { optimize } from '../optimize/index.ts';
import { randomGraph } from '../testing/random-graph.ts';
import { liveness, plan } from './plan.ts';
import { ALIGNMENT } from './program.ts';

const vector = (n: number) => ({ shape: [n], dtype: 'f32' as const });

describe('memory planner', () => {
  it('never gives one place to two buffers that are alive together', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const lowered = lower(optimize(randomGraph(seed, 5 + (seed % 40), { state: true }).graph));
      const program = plan(lowered, { inPlace: false });
      const intervals = [...liveness(lowered).values()];
      for (const [i, a] of intervals.entries()) {
        for (const b of intervals.slice(i + 1)) {
          if (a.start > b.end || b.start > a.end) continue;
          const x = at(program.buffers, a.buffer), y = at(program.buffers, b.buffer);
          expect(x.offset + x.elements * byteSize(x.dtype) <= y.offset || y.offset + y.elements * byteSize(y.dtype) <= x.offset, `seed ${seed}: ${x.name} and ${y.name}`).toBe(true);
        }
      }
      expect(program.segmentBytes.scratch).toBeGreaterThanOrEqual(program.scratchLowerBound);
      for (const b of program.buffers) expect(b.offset % ALIGNMENT).toBe(0);
    }
  });

  it('stays near its lower bound', () => {
    let used = 0, bound = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const program = plan(lower(optimize(randomGraph(seed, 30).graph)));
      used += program.segmentBytes.scratch;
      bound += program.scratchLowerBound;
    }
    expect(used / Math.max(1, bound)).toBeLessThan(1.1);
  });

  it('lets a result take the place of an operand that dies', () => {
    // Each step needs the whole sum of the step before, so it is a kernel of its own, and its operand dies in it.
    const x = input(0, 'x', vector(40_000));
    let v: Node = mul(x, x);
    for (let i = 0; i < 4; i++) v = sub(mul(v, v), broadcastTo(sum(v), [40_000]));
    const lowered = lower(makeGraph('chain', [x], [sum(v)]));
    expect(plan(lowered).segmentBytes.scratch).toBeLessThan(plan(lowered, { inPlace: false }).segmentBytes.scratch);
  });

  it('reuses memory along a chain of products', () => {
    const x = input(0, 'x', { shape: [64, 64], dtype: 'f32' });
    let v: Node = x;
    for (let i = 0; i < 10; i++) v = matmul2d(v, x);
    const program = plan(lower(makeGraph('products', [x], [v])));
    // Two live at any time: the one being read and the one being written.
    expect(program.segmentBytes.scratch).toBe(2 * 64 * 64 * 4);
  });
});
