import { describe, expect, it } from 'vitest';
import { evaluateGraph } from '../backend/reference/evaluate.ts';
import { cast, exp, gather, input, mul, reshape, splat } from '../ir/build.ts';
import { makeGraph, nodesOf } from '../ir/node.ts';
import type { Node } from '../ir/types.ts';
import { optimize } from './index.ts';

const table = input(0, 'table', { shape: [5, 2, 3], dtype: 'u8' }), ids = input(1, 'ids', { shape: [4], dtype: 'i32' });
function both(result: Node): { before: number[]; after: number[]; ops: string[] } {
  const graph = makeGraph('g', [table, ids], [result]), better = optimize(graph);
  const data = [{ type: table.type, data: Uint8Array.from({ length: 30 }, (_, i) => i) }, { type: ids.type, data: Int32Array.of(4, 0, 9, -2) }];
  const run = (g: typeof graph): number[] => [...(evaluateGraph(g, data, () => new Float32Array(0)).outputs[0] ?? [])];
  return { before: run(graph), after: run(better), ops: nodesOf(better).map((n) => n.op) };
}
const scaled = (x: Node): Node => mul(cast(x, 'f32'), splat(0.5, x.type.shape, 'f32'));

describe('gather of rows in another shape', () => {
  it('reshapes the table, also through what stands between', () => {
    const { before, after, ops } = both(reshape(scaled(gather(table, ids, 0)), [4, 6]));
    expect(after).toEqual(before);
    expect(ops.indexOf('reshape')).toBeLessThan(ops.indexOf('gather'));
    expect(ops.filter((op) => op === 'reshape')).toHaveLength(1);
  });
  it('leaves reshapes that mix rows, and tables that are computed', () => {
    for (const result of [reshape(scaled(gather(table, ids, 0)), [8, 3]), reshape(gather(exp(cast(table, 'f32')), ids, 0), [4, 6])]) {
      const { before, after, ops } = both(result);
      expect(after).toEqual(before);
      expect(ops.indexOf('reshape')).toBeGreaterThan(ops.indexOf('gather'));
    }
  });
});
