/**
 * The whole engine against the reference: samples of every primitive, and random graphs, compiled by the WASM backend. One thread and two give the
 * same bits.
 */
import { afterAll, describe, expect, it } from 'vitest';
import type { HostArray } from '../base/dtype.ts';
import { at, sizeOf } from '../base/shape.ts';
import { evaluateGraph } from '../backend/reference/evaluate.ts';
import { OP_NAMES } from '../ir/table/index.ts';
import type { OpName, StateSlot } from '../ir/types.ts';
import { difference, randomGraph } from '../testing/random-graph.ts';
import { sampleGraph } from '../testing/sample-graph.ts';
import { samplesOf } from '../testing/samples/index.ts';
import { createDevice } from './device.ts';

/** The figure of the engine's promise; a quick run may ask for fewer. */
const COUNT = Number(process.env['LIMELIGHT_FUZZ'] ?? 2000);

const one = createDevice({ backend: 'wasm', threads: 1 }), two = createDevice({ backend: 'wasm', threads: 2 });
const plain = createDevice({ backend: 'wasm', threads: 1 });
afterAll(async () => { await one.close(); await two.close(); await plain.close(); });

/** Distance in units in the last place of f32; equal values (also NaN) are 0 apart. */
function ulps(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Infinity;
  const magnitude = Math.max(Math.abs(a), Math.abs(b), 2 ** -126);
  return Math.abs(a - b) / 2 ** (Math.floor(Math.log2(magnitude)) - 23);
}

describe('primitives on the WASM backend', () => {
  it.each(OP_NAMES)('samples of %s', (op: OpName) => {
    for (const sample of samplesOf(op)) {
      const { graph, inputs } = sampleGraph(sample, op);
      if (inputs.some((i) => i.type.dtype === 'f64')) continue;
      const expected = evaluateGraph(graph, inputs, () => new Float32Array(0));
      const compiled = one.compile(graph);
      const actual = compiled.run(inputs.map((i) => i.data));
      compiled.release();
      actual.forEach((a, i) => {
        const e = at(expected.outputs, i);
        expect(a.length).toBe(e.length);
        for (let j = 0; j < e.length; j++) expect(ulps(at(a, j), at(e, j)), `${op}, ${sample.name} [${j}]: ${at(a, j)} against ${at(e, j)}`).toBeLessThanOrEqual(sample.ulp ?? 0);
      });
    }
  });
});

describe('random graphs on the WASM backend', () => {
  function check(seed: number, size: number): string | null {
    const { graph, inputs, states, tolerances } = randomGraph(seed, size, { state: true });
    const before = new Map(states.map((s) => [s.slot, s.data]));
    const read = (slot: StateSlot): HostArray => before.get(slot) ?? new Float32Array(sizeOf(slot.type.shape));
    const expected = evaluateGraph(graph, inputs, read);
    const results = [one, two].map((device) => {
      const compiled = device.compile(graph);
      for (const s of states) device.write(s.slot, s.data);
      const outputs = compiled.run(inputs.map((i) => i.data));
      const after = graph.effects.map((e) => device.read(e.attrs.slot));
      compiled.release();
      return [...outputs, ...after];
    });
    const wanted = [...expected.outputs, ...graph.effects.map((e) => expected.assigned.get(e.attrs.slot) ?? read(e.attrs.slot))];
    for (const [i, e] of wanted.entries()) {
      const d = difference(at(at(results, 0), i), e, at(tolerances, i));
      if (d !== null) return `result ${i}: ${d}`;
      if (Buffer.compare(Buffer.from(at(at(results, 0), i).slice().buffer), Buffer.from(at(at(results, 1), i).slice().buffer)) !== 0) return `result ${i}: two threads give other bits`;
    }
    for (const s of states) { one.release(s.slot); two.release(s.slot); }
    return null;
  }
  it(`${COUNT} graphs: WASM = reference, one thread = two`, () => {
    for (let seed = 1; seed <= COUNT; seed++) {
      const size = 1 + (seed % 30);
      const found = ((): string | null => { try { return check(seed, size); } catch (error) { return String(error instanceof Error ? error.stack : error); } })();
      expect(found, `randomGraph(${seed}, ${size})`).toBeNull();
    }
  }, 300_000);
});
