import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { add, assign, constant, input, mul, state, splat } from '../ir/build.ts';
import { makeGraph, makeSlot } from '../ir/node.ts';
import type { Graph, StateSlot } from '../ir/types.ts';
import { createNullBackend } from '../backend/null/backend.ts';
import type { Backend } from '../backend/backend.ts';
import { CompiledGraph, createDevice, defaultDevice, optionsFromEnv, setDefaultDevice } from './device.ts';

const N = 50;
const f32 = { shape: [N], dtype: 'f32' } as const;
/** y = x · w + 1; w = w + x */
function graph(slot: StateSlot): Graph {
  const x = input(0, 'x', f32), w = state(slot);
  return makeGraph('step', [x], [add(mul(x, w), splat(1, [N], 'f32'))], [assign(slot, add(w, x))]);
}
const values = (f: (i: number) => number): Float32Array => Float32Array.from({ length: N }, (_, i) => f(i));
const collectGarbage = (): void => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
};
const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

describe.each(['wasm', 'reference'] as const)('Device on %s', (backend) => {
  it('compiles, runs, and keeps state between runs and programs', async () => {
    const device = createDevice({ backend, threads: 1 }), slot = makeSlot('w', f32), compiled = device.compile(graph(slot));
    expect(device.read(slot)).toEqual(new Float32Array(N));
    device.write(slot, values((i) => i));
    expect(compiled.run([values(() => 2)])[0]).toEqual(values((i) => 2 * i + 1));
    compiled.inputView(0)?.set(values(() => 3));
    const other = device.compile(graph(slot));
    expect((await other.runAsync([values(() => 1)]))[0]).toEqual(values((i) => i + 3));
    expect(compiled.run([undefined])[0]).toEqual(values((i) => 3 * (i + 3) + 1));
    expect(await device.readAsync(slot)).toEqual(values((i) => i + 6));
    compiled.release();
    compiled.release();
    await device.close();
  });
});

describe('Device', () => {
  it('gives back what nobody can reach: programs and variables in thousands do not grow memory', async () => {
    const device = createDevice({ threads: 1 });
    const model = (): void => {
      const slot = makeSlot('w', { shape: [10_000], dtype: 'f32' });
      const compiled = device.compile(makeGraph('m', [], [state(slot)], [assign(slot, add(state(slot), splat(1, [10_000], 'f32')))]));
      compiled.run([]);
    };
    for (let i = 0; i < 20; i++) model();
    expect(device.memory().stateBytes).toBe(20 * 40_000);
    for (let round = 0; round < 20 && device.memory().stateBytes > 0; round++) { collectGarbage(); await pause(5); }
    expect(device.memory()).toMatchObject({ stateBytes: 0, arenaBytes: 0 });
    const { totalBytes } = device.memory();
    for (let i = 0; i < 200; i++) {
      model();
      if (i % 10 === 9) { collectGarbage(); await pause(5); }
    }
    expect(device.memory().totalBytes).toBeLessThanOrEqual(totalBytes * 2);
  });

  it('runs 10,000 steps without growth of heap or device memory', () => {
    const device = createDevice({ threads: 1 }), compiled = device.compile(graph(makeSlot('w', f32))), x = values(() => 1);
    const steps = (): void => { for (let i = 0; i < 10_000; i++) compiled.run([x]); };
    const used = (): number => { collectGarbage(); const { heapUsed, external } = process.memoryUsage(); return heapUsed + external; };
    steps();
    const before = used(), memory = device.memory();
    steps();
    expect(used() - before).toBeLessThan(300_000); // 30 bytes for each step would show
    expect(device.memory()).toEqual(memory);
  });

  it('keeps the memory of a released variable as long as a program uses it', () => {
    const device = createDevice({ threads: 1 }), slot = makeSlot('w', f32), compiled = device.compile(graph(slot));
    device.release(slot);
    const other = makeSlot('other', f32);
    device.write(other, values(() => 77));
    compiled.run([values(() => 5)]);
    expect(device.read(other)).toEqual(values(() => 77));
  });

  it('runs on devices that are not synchronous in the order of the calls', async () => {
    const log: string[] = [];
    const inner = createNullBackend();
    const backend: Backend = {
      ...inner,
      capabilities: { ...inner.capabilities, sync: false },
      compile: (program) => ({ ...inner.compile(program), runAsync: async (inputs) => { const ms = inputs[0]?.[0] ?? 0; await pause(ms); log.push(String(ms)); return []; } }),
    };
    const device = createDevice({ backend }), slot = makeSlot('w', f32), compiled = device.compile(graph(slot));
    await Promise.all([30, 1, 10].map((ms) => compiled.runAsync([values(() => ms)])));
    expect(log).toEqual(['30', '1', '10']);
    expect(() => device.read(slot)).toThrow(/answers asynchronously/);
  });

  it('does not release a program that nobody holds any more while its run is under way', async () => {
    const log: string[] = [], inner = createNullBackend();
    const backend: Backend = {
      ...inner, capabilities: { ...inner.capabilities, sync: false },
      compile: (program) => ({ ...inner.compile(program), release: () => { log.push('released'); }, runAsync: async () => { await pause(60); log.push('done'); return []; } }),
    };
    const device = createDevice({ backend });
    const run = ((): Promise<unknown> => device.compile(graph(makeSlot('w', f32))).runAsync([values(() => 1)]))();
    for (let i = 0; i < 8; i++) { await pause(5); collectGarbage(); }
    await run;
    for (let i = 0; i < 50 && log.length < 2; i++) { await pause(5); collectGarbage(); }
    expect(log).toEqual(['done', 'released']);
  });

  it('goes on after a run that failed', async () => {
    const inner = createNullBackend();
    const backend: Backend = {
      ...inner, capabilities: { ...inner.capabilities, sync: false },
      compile: (program) => ({ ...inner.compile(program), runAsync: async (inputs) => { if (inputs[0] === undefined) throw new Error('lost'); return []; } }),
    };
    const compiled = createDevice({ backend }).compile(graph(makeSlot('w', f32)));
    const [bad, good] = await Promise.allSettled([compiled.runAsync([undefined]), compiled.runAsync([values(() => 1)])]);
    expect([bad?.status, good?.status]).toEqual(['rejected', 'fulfilled']);
  });

  it('profiles across programs, released ones included', () => {
    const device = createDevice({ threads: 1, profile: true });
    const compiled = device.compile(graph(makeSlot('w', f32))), again = device.compile(graph(makeSlot('w', f32)));
    for (let i = 0; i < 10; i++) { compiled.run([values(() => 1)]); again.run([values(() => 1)]); }
    compiled.release();
    const rows = device.profile();
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => row.calls % 20 === 0 && row.ms >= 0)).toBe(true);
    expect(device.profile()).toEqual([]);
  });

  it('prints what the debug level asks for', async () => {
    const printed = async (debug: 0 | 1 | 2 | 3 | 4): Promise<string> => {
      const lines: string[] = [];
      const device = createDevice({ threads: 1, debug, write: (line) => { lines.push(line); } });
      const compiled = device.compile(graph(makeSlot('w', f32)));
      expect(compiled.run([values(() => 2)])[0]).toEqual(values(() => 1));
      await device.close();
      return lines.join('\n');
    };
    const marks = ['limelight: step: ', 'graph step(x: f32[50])', '(func $step', 'memory plan of step'];
    for (const level of [0, 1, 2, 3, 4] as const) {
      const text = await printed(level);
      expect(marks.map((mark) => text.includes(mark))).toEqual(marks.map((_, i) => i < level));
    }
  });

  it('reads its options from the environment', () => {
    const from = (vars: Record<string, string>) => optionsFromEnv((name) => vars[name]);
    expect(from({})).toEqual({});
    expect(from({ LIMELIGHT_BACKEND: 'null', LIMELIGHT_THREADS: '3', LIMELIGHT_PROFILE: '1', LIMELIGHT_DEBUG: '2' })).toEqual({ backend: 'null', threads: 3, profile: true, debug: 2 });
    expect(from({ LIMELIGHT_PROFILE: '0', LIMELIGHT_TURBO: '1' })).toEqual({ profile: false, turbo: true });
    expect(() => from({ LIMELIGHT_BACKEND: 'wasn' })).toThrow(/Did you mean 'wasm'/);
    expect(() => from({ LIMELIGHT_THREADS: 'many' })).toThrow(/whole number from 1 on, got 'many'/);
    expect(() => from({ LIMELIGHT_DEBUG: '9' })).toThrow(/one of 0, 1, 2, 3, 4, got '9'/);
  });

  it('has a default that can be replaced', () => {
    const device = createDevice({ backend: 'null' });
    setDefaultDevice(device);
    expect(defaultDevice()).toBe(device);
    expect(device.compile(makeGraph('c', [], [constant(new Float32Array([1, 2]), [2], 'f32')])).run([])).toEqual([new Float32Array(2)]);
    expect(device.compile(makeGraph('c', [], [constant(new Float32Array([1]), [1], 'f32')]))).toBeInstanceOf(CompiledGraph);
  });
});
