/**
 * Random graphs: what the optimizer, the lowering and the planner make of a graph, run by the kernel interpreter in the planned places, is what the
 * reference makes of the graph as it was written.
 */
import { describe, expect, it } from 'vitest';
import type { HostArray } from '../base/dtype.ts';
import { at } from '../base/shape.ts';
import { evaluateGraph } from '../backend/reference/evaluate.ts';
import { optimize } from '../optimize/index.ts';
import { lower } from '../kernel/lower.ts';
import { sampleGraph } from '../testing/sample-graph.ts';
import { difference, randomGraph } from '../testing/random-graph.ts';
import { OP_NAMES } from '../ir/table/index.ts';
import { samplesOf } from '../testing/samples/index.ts';
import type { OpName, StateSlot } from '../ir/types.ts';
import { interpretProgram } from './interpret-program.ts';
import { plan } from './plan.ts';

const COUNT = Number(process.env['LIMELIGHT_FUZZ'] ?? 400);

function check(seed: number, size: number, inPlace: boolean): string | null {
  const { graph, inputs, states, tolerances } = randomGraph(seed, size, { state: true });
  const before = new Map(states.map((s) => [s.slot, s.data]));
  const read = (slot: StateSlot): HostArray => before.get(slot) ?? new Float32Array(0);
  const expected = evaluateGraph(graph, inputs, read);
  const program = plan(lower(optimize(graph)), { inPlace });
  const state = new Map(states.map((s) => [s.slot, s.data.slice()]));
  const actual = interpretProgram(program, inputs.map((i) => i.data), state);
  for (let i = 0; i < actual.length; i++) {
    const d = difference(at(actual, i), at(expected.outputs, i), at(tolerances, i));
    if (d !== null) return `output ${i}: ${d}`;
  }
  for (const [i, effect] of graph.effects.entries()) {
    const slot = effect.attrs.slot;
    const d = difference(state.get(slot) ?? new Float32Array(0), expected.assigned.get(slot) ?? read(slot), at(tolerances, actual.length + i));
    if (d !== null) return `state ${slot.name}: ${d}`;
  }
  return null;
}

describe('optimize, lower, plan', () => {
  it(`${COUNT} random graphs mean the same`, () => {
    for (let seed = 1; seed <= COUNT; seed++) {
      const size = 1 + (seed % 30);
      const found = ((): string | null => { try { return check(seed, size, seed % 3 !== 0); } catch (error) { return String(error instanceof Error ? error.stack : error); } })();
      expect(found, `randomGraph(${seed}, ${size})`).toBeNull();
    }
  });

  it.each(OP_NAMES)('samples of %s', (op: OpName) => {
    for (const sample of samplesOf(op)) {
      const { graph, inputs } = sampleGraph(sample, op);
      const expected = evaluateGraph(graph, inputs, () => new Float32Array(0));
      const program = plan(lower(optimize(graph)));
      const actual = interpretProgram(program, inputs.map((i) => i.data), new Map());
      actual.forEach((a, i) => {
        const e = at(expected.outputs, i);
        for (let j = 0; j < e.length; j++) {
          const x = at(a, j), y = at(e, j);
          expect(Object.is(x, y) || x === y || Math.abs(x - y) <= 1e-5 * Math.max(1, Math.abs(y)), `${op} ${sample.name} [${j}]: ${x} against ${y}`).toBe(true);
        }
      });
    }
  });
});
