import { describe, expect, it } from 'vitest';
import { load, number, add, ProgramBuilder } from '../wasm/handmade.ts';
import { createNullBackend, workOf } from './backend.ts';

describe('null backend', () => {
  const b = new ProgramBuilder('counted');
  const x = b.buffer('input', 8), y = b.buffer('output', 8), w = b.state('w', 5);
  const program = b.build([
    b.map(y, 8, add(load(x), number(1))),
    { kind: 'loop', trip: 3, reverse: false, body: [b.map(y, 8, load(x, 0, 0, 1), { loops: 1 }), { kind: 'loop', trip: 2, reverse: true, body: [b.map(y, 4, load(x, 0, 0, 0, 1), { loops: 2 })] }] },
  ]);

  it('counts kernels, flops and bytes with loops unrolled', () => {
    expect(workOf(program)).toEqual({ kernels: 1 + 3 + 6, flops: 8 + 3 * 8 + 6 * 4, bytes: 8 * (8 + 3 * 8 + 6 * 4) });
  });
  it('runs nothing, gives zeros of the right size, and keeps the books', async () => {
    const backend = createNullBackend(), executable = backend.compile(program);
    expect(executable.run([new Float32Array(8).fill(3)])).toEqual([new Float32Array(8)]);
    await executable.runAsync([undefined]);
    expect(backend.counts).toEqual({ programs: 1, runs: 2, kernels: 20, flops: 112, bytes: 896 });
    backend.allocateState(w.slot);
    expect(backend.readState(w.slot)).toEqual(new Float32Array(5));
    expect(backend.memory().stateBytes).toBe(20);
    backend.releaseState(w.slot);
    expect(backend.hasState(w.slot)).toBe(false);
    expect(backend.memory().stateBytes).toBe(0);
  });
});
