import { describe, expect, it } from 'vitest';
import { evaluateGraph } from '../backend/reference/evaluate.ts';
import { broadcast, gather, input, reshape } from '../ir/build.ts';
import { makeGraph, nodesOf } from '../ir/node.ts';
import type { Node } from '../ir/types.ts';
import { optimize } from './index.ts';

const x = (...shape: number[]): Node<'input'> => input(0, 'x', { shape, dtype: 'f32' });
const ids = input(1, 'ids', { shape: [9], dtype: 'i32' });
// among them some outside of the table: they mean the nearest row
const wanted = Int32Array.from([0, 5, 23, 11, -1, -7, 24, 99, 12]);

function both(table: Node<'input'>, rows: Node): { before: number[]; after: number[]; ops: string[] } {
  const graph = makeGraph('g', [table, ids], [gather(rows, ids, 0)]), better = optimize(graph);
  const data = [{ type: table.type, data: Float32Array.from({ length: table.type.shape.reduce((a, b) => a * b, 1) }, (_, i) => i) }, { type: ids.type, data: wanted }];
  const run = (g: typeof graph): number[] => [...(evaluateGraph(g, data, () => new Float32Array(0)).outputs[0] ?? [])];
  return { before: run(graph), after: run(better), ops: nodesOf(better).map((n) => n.op) };
}

describe('gather of repeated rows', () => {
  it('reads the table without the repeats', () => {
    const one = x(4, 1, 5), two = x(2, 2, 1, 1, 5), none = x(1, 5);
    for (const [table, rows] of [[one, reshape(broadcast(one, [4, 6, 5]), [24, 5])], [two, reshape(broadcast(two, [2, 2, 2, 3, 5]), [24, 5])], [none, broadcast(none, [24, 5])]] as const) {
      const { before, after, ops } = both(table, rows);
      expect(after).toEqual(before);
      expect(ops).not.toContain('broadcast');
    }
  });
  it('leaves rows that are repeated elsewhere as well', () => {
    const outer = x(1, 4, 5), width = x(4, 1, 1);
    for (const [table, rows] of [[outer, reshape(broadcast(outer, [6, 4, 5]), [24, 5])], [width, reshape(broadcast(width, [4, 6, 5]), [24, 5])]] as const) {
      const { before, after, ops } = both(table, rows);
      expect(after).toEqual(before);
      expect(ops).toContain('broadcast');
    }
  });
});
