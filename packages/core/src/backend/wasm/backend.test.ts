import { spawnSync } from 'node:child_process';
import { describe, expect, it, vi } from 'vitest';
import { at } from '../../base/shape.ts';
import type { Program } from '../../plan/program.ts';
import { createWasmBackend, type WasmBackendOptions } from './backend.ts';
import { WORDS } from './control.ts';
import { add, handEmitter, load, mul, number, ProgramBuilder, trapAt } from './handmade.ts';
import { startWorker } from './pool.ts';
import type { Executable } from '../backend.ts';

const LONG = handEmitter(() => 1e6), SHORT = handEmitter(() => 100);
const features = { relaxed: false, tile: [4, 8], simd: 'simd128' } as const;
const make = (options: WasmBackendOptions = {}) => createWasmBackend({ features, emit: LONG, ...options });
const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

interface Inside { readonly multi: boolean; readonly poolProgram: unknown; readonly host: { readonly pool: { isReady(): boolean; workerCount: number; words: Int32Array } | null } }
const inside = (e: Executable): Inside => e as unknown as Inside;
/** Waits until all workers have the program, so that the next run uses them. */
async function threadsReady(e: Executable): Promise<void> {
  const { poolProgram, host } = inside(e);
  for (let i = 0; i < 500; i++) {
    if (poolProgram !== null && host.pool?.isReady() === true) return;
    await pause(10);
  }
  throw new Error('workers did not become ready');
}

const N = 1003;
/** x → y = 2x + w; w = w + y; z[i] = y[i + 1 wrapped by hand] · y[i], through scratch that a later buffer uses again */
function chain(): { program: Program; slot: ReturnType<ProgramBuilder['state']>['slot'] } {
  const b = new ProgramBuilder('chain');
  const x = b.buffer('input', N), z = b.buffer('output', N), two = b.buffer('const', 1, { data: new Float32Array([2]) });
  const y = b.buffer('scratch', N), t = b.buffer('scratch', N), again = b.buffer('scratch', N, { offset: 0 }), w = b.state('w', N);
  return {
    slot: w.slot,
    program: b.build([
      b.map(y, N, add(mul(load(x), load(two, 0, 0)), load(w.id))),
      b.map(w.id, N, add(load(w.id), load(y))),
      b.map(t, N - 1, mul(load(y, 1), load(y))),
      b.map(again, N - 1, add(load(t), number(1))), // over y's memory
      b.map(z, N - 1, load(again, N - 2, -1)), // reversed: every thread needs another one's part
      b.map(z, 1, load(w.id), { at: { offset: N - 1, coeffs: [1] } }),
    ]),
  };
}
const ramp = (n: number, f = (i: number): number => i / 16): Float32Array => Float32Array.from({ length: n }, (_, i) => f(i));
function expected(x: Float32Array, w: Float32Array): Float32Array {
  const y = x.map((v, i) => Math.fround(2 * v) + at(w, i));
  w.forEach((v, i) => { w[i] = v + at(y, i); });
  const t = Float32Array.from({ length: N - 1 }, (_, i) => Math.fround(at(y, i + 1) * at(y, i)) + 1);
  return Float32Array.from([...t.reverse(), at(w, 0)]);
}

describe('WASM backend', () => {
  it('runs a program with state, constants and reused scratch; poison changes nothing', () => {
    for (const poison of [false, true]) {
      const backend = make({ threads: 1, poison });
      const { program, slot } = chain();
      const executable = backend.compile(program), w = new Float32Array(N);
      for (let step = 0; step < 3; step++) {
        const x = ramp(N, (i) => Math.sin(i + step));
        expect(executable.run([x])[0]).toEqual(expected(x, w));
      }
      expect(backend.readState(slot)).toEqual(w);
    }
  });

  it('gives the same bits with 1, 2 and 3 threads, before and after the workers are there', async () => {
    const run = async (threads: number): Promise<Float32Array[]> => {
      const backend = make({ threads });
      const { program, slot } = chain(), executable = backend.compile(program), results: Float32Array[] = [];
      expect(inside(executable).multi).toBe(threads > 1);
      for (let step = 0; step < 40; step++) {
        if (step === 3 && threads > 1) await threadsReady(executable);
        results.push(at(executable.run([ramp(N, (i) => Math.cos(i * step))]), 0) as Float32Array);
      }
      results.push(backend.readState(slot) as Float32Array);
      await backend.close();
      return results;
    };
    const one = await run(1);
    expect(await run(2)).toEqual(one);
    expect(await run(3)).toEqual(one);
  });

  it('runs nested loops forward and backward, split over threads', async () => {
    const n = 37, trips = [4, 5] as const;
    const build = (): Program => {
      const b = new ProgramBuilder('loops');
      const x = b.buffer('input', n), out = b.buffer('output', trips[0] * trips[1] * n), s = b.buffer('scratch', n), t = b.buffer('scratch', n);
      const where = { offset: 0, coeffs: [trips[1] * n, n, 1] };
      return b.build([
        b.map(s, n, load(x)),
        { kind: 'loop', trip: trips[0], reverse: true, body: [
          { kind: 'loop', trip: trips[1], reverse: false, body: [
            b.map(t, n, add(load(s, n - 1, 0, 0, -1), number(1)), { loops: 2 }), // reversed: crosses the threads' shares
            b.map(s, n, load(t, 0, 0, 0, 1), { loops: 2 }),
            b.map(out, n, load(s, 0, 0, 0, 1), { loops: 2, at: where }),
          ] },
          b.map(s, n, mul(load(s, 0, 0, 1), number(0.5)), { loops: 1 }),
        ] },
        { kind: 'loop', trip: 0, reverse: false, body: [b.map(out, n, number(99), { loops: 1 })] },
      ]);
    };
    let s = [...ramp(n)];
    const want = new Float32Array(trips[0] * trips[1] * n);
    for (let i = trips[0] - 1; i >= 0; i--) {
      for (let j = 0; j < trips[1]; j++) {
        s = s.map((_, e) => Math.fround(at(s, n - 1 - e) + 1));
        want.set(s, (i * trips[1] + j) * n);
      }
      s = s.map((v) => v * 0.5);
    }
    for (const threads of [1, 2]) {
      const backend = make({ threads }), executable = backend.compile(build());
      if (threads > 1) await threadsReady(executable);
      for (let i = 0; i < 20; i++) expect(executable.run([ramp(n)])[0]).toEqual(want);
      await backend.close();
    }
  });

  it('leaves loops and kernels of thread 0 alone between split ones', async () => {
    const emit = handEmitter((k) => (k.name.startsWith('long') ? 1e6 : 1));
    const b = new ProgramBuilder('mixed'), n = 64;
    const x = b.buffer('input', n), y = b.buffer('output', n), s = b.buffer('scratch', n);
    const program = b.build([
      b.map(s, n, add(load(x), number(1)), { name: 'long1' }),
      { kind: 'loop', trip: 3, reverse: false, body: [b.map(s, n, mul(load(s, 0, 0, 1), number(2)), { loops: 1 })] },
      b.map(y, n, load(s, n - 1, -1), { name: 'long2' }),
      b.map(y, 8, number(7)),
    ]);
    const backend = make({ threads: 2, emit }), executable = backend.compile(program);
    await threadsReady(executable);
    const want = ramp(n, (i) => (i < 8 ? 7 : ((n - 1 - i) / 16 + 1) * 8));
    for (let i = 0; i < 2000; i++) expect(executable.run([ramp(n)])[0]).toEqual(want);
    await backend.close();
  });

  it('holds 10,000 steps under stress: many barriers, spinning and sleeping, with pauses', async () => {
    for (const [spins, spinMs] of [[1, 0], [20_000, 0.05]] as const) {
      const b = new ProgramBuilder('stress'), n = 16;
      const s = b.state('s', n), t = b.buffer('scratch', n), out = b.buffer('output', n);
      const turn = (): ReturnType<ProgramBuilder['map']>[] => [b.map(t, n, add(load(s.id, n - 1, -1), number(1))), b.map(s.id, n, load(t))];
      const program = b.build([...turn(), ...turn(), ...turn(), b.map(out, n, load(s.id))]);
      const backend = make({ threads: 3, tuning: { spins, spinMs } });
      const executable = backend.compile(program);
      await threadsReady(executable);
      const steps = spins === 1 ? 2000 : 10_000;
      for (let step = 1; step <= steps; step++) {
        const got = at(executable.run([]), 0);
        if (got.some((v) => v !== step * 3)) throw new Error(`step ${step}: ${got.join()}`);
        if (step % 1000 === 0) await pause(2); // lets the workers fall asleep
      }
      const pool = inside(executable).host.pool;
      expect(pool?.workerCount).toBe(2);
      await pause(20);
      expect(pool?.words[WORDS.sleeping]).toBe(2); // idle workers sleep
      await backend.close();
    }
  }, 60_000);

  it('hands programs to sleeping and busy workers, and drops them', async () => {
    const backend = make({ threads: 2 });
    const first = backend.compile(chain().program);
    await threadsReady(first);
    for (let round = 0; round < 10; round++) {
      const { program } = chain(), other = backend.compile(program), w = new Float32Array(N), x = ramp(N);
      if (round % 2 === 0) await threadsReady(other);
      for (let i = 0; i < 5; i++) {
        first.run([x]);
        expect(other.run([x])[0]).toEqual(expected(x, w));
      }
      other.release();
      expect(() => other.run([x])).toThrow(/released/);
    }
    await backend.close();
  });

  it('lets sleeping workers use memory that has grown since they started', async () => {
    const backend = make({ threads: 2 }), first = backend.compile(chain().program);
    await threadsReady(first);
    const before = backend.memory().totalBytes, n = 2_000_000;
    const b = new ProgramBuilder('big'), x = b.buffer('input', n), y = b.buffer('output', n);
    const big = backend.compile(b.build([b.map(y, n, add(load(x, n - 1, -1), number(1)))]));
    expect(backend.memory().totalBytes).toBeGreaterThan(Math.max(before, 8 * n));
    await threadsReady(big);
    const result = at(big.run([ramp(n, (i) => i)]), 0);
    expect(result.every((v, i) => v === n - i)).toBe(true);
    first.run([ramp(N)]);
    await backend.close();
  });

  it('does not start threads for short work', () => {
    const backend = make({ threads: 4, emit: SHORT, workerFactory: () => { throw new Error('must not be called'); } });
    const executable = backend.compile(chain().program);
    executable.run([ramp(N)]);
    expect(inside(executable).multi).toBe(false);
  });

  it('gives all memory back, and does not grow over 10,000 steps and 200 programs', () => {
    const backend = make({ threads: 1 });
    const { program, slot } = chain(), executable = backend.compile(program);
    executable.run([ramp(N)]);
    const before = backend.memory();
    const x = ramp(N);
    for (let i = 0; i < 10_000; i++) executable.run([x]);
    for (let i = 0; i < 200; i++) {
      const other = chain(), e = backend.compile(other.program);
      e.run([x]);
      backend.releaseState(other.slot); // while the program still uses it
      expect(backend.hasState(other.slot)).toBe(false);
      e.run([x]);
      e.release();
    }
    expect(backend.memory()).toEqual(before);
    backend.releaseState(slot);
    executable.release();
    expect(backend.memory()).toMatchObject({ stateBytes: 0, arenaBytes: 0 });
  });

  it('keeps input views good while memory grows', () => {
    const backend = make({ threads: 1 });
    const { program } = chain(), executable = backend.compile(program), x = ramp(N);
    (executable.inputView(0) as Float32Array).set(x);
    const more = Array.from({ length: 40 }, () => { const b = new ProgramBuilder('big'); return b.state('big', 100_000).slot; });
    for (const slot of more) backend.allocateState(slot);
    expect(executable.run([undefined])[0]).toEqual(expected(x, new Float32Array(N)));
    expect(executable.inputView(0)?.byteLength).toBe(N * 4);
  });

  it('profiles every kernel, with one thread and two', async () => {
    for (const threads of [1, 2]) {
      const backend = make({ threads, profile: true }), { program } = chain(), executable = backend.compile(program);
      if (threads > 1) await threadsReady(executable);
      for (let i = 0; i < 10; i++) executable.run([ramp(N)]);
      const rows = executable.profile();
      expect(rows.map((r) => [r.name, r.calls, r.flops])).toEqual(program.kernels.map((k) => [k.name, 10, 10 * k.flops]));
      expect(rows.every((r) => r.ms >= 0) && rows.some((r) => r.ms > 0)).toBe(true);
      expect(executable.profile()).toEqual([]);
      await backend.close();
    }
  });

  it('prints its code', () => {
    const executable = make({ threads: 2 }).compile(chain().program);
    expect(executable.text()).toContain('func $step');
    expect(executable.text()).toContain(';; -- all k1 f');
    expect(executable.text()).toContain('memory.atomic.wait32');
    expect(make({ threads: 1 }).compile(chain().program).text()).not.toContain('atomic');
  });
});

describe('WASM backend: what can go wrong', () => {
  it('says once that shared memory was refused, and runs on one thread with the same result', () => {
    const warn = vi.fn();
    const backend = make({ threads: 4, shared: false, warn });
    const { program } = chain(), x = ramp(N);
    expect(backend.compile(program).run([x])[0]).toEqual(expected(x, new Float32Array(N)));
    expect(backend.capabilities.threads).toBe(1);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/one thread: shared memory is not available.*COOP/));
  });

  it('says once that a large shared memory was refused', () => {
    const host = globalThis as unknown as { WebAssembly: { Memory: unknown } }, { Memory } = host.WebAssembly, warn = vi.fn();
    try {
      host.WebAssembly.Memory = function (descriptor: { maximum: number; shared?: boolean }): object {
        if (descriptor.shared === true && descriptor.maximum > 1) throw new RangeError('could not allocate memory');
        return Reflect.construct(Memory as new () => object, [descriptor]);
      };
      const x = ramp(N);
      expect(make({ threads: 2, warn }).compile(chain().program).run([x])[0]).toEqual(expected(x, new Float32Array(N)));
      expect(warn.mock.calls).toEqual([[expect.stringMatching(/one thread: shared memory was refused/)]]);
    } finally { host.WebAssembly.Memory = Memory; }
  });

  it('says once that workers cannot be made', async () => {
    for (const workerFactory of [() => { throw new Error('no workers here'); }, () => Promise.reject(new Error('no workers here'))]) {
      const warn = vi.fn(), backend = make({ threads: 2, workerFactory, warn });
      const x = ramp(N), one = backend.compile(chain().program);
      expect(one.run([x])[0]).toEqual(expected(x, new Float32Array(N)));
      await pause(5);
      expect(backend.compile(chain().program).run([x])[0]).toEqual(expected(x, new Float32Array(N)));
      expect(warn).toHaveBeenCalledTimes(1);
      expect(warn).toHaveBeenCalledWith(expect.stringContaining('no workers here'));
      expect(backend.capabilities.threads).toBe(1);
    }
  });

  it('works with workers that come late (an asynchronous factory)', async () => {
    const backend = make({ threads: 2, workerFactory: async (...args) => { await pause(20); return startWorker(...args); } });
    const executable = backend.compile(chain().program), x = ramp(N), w = new Float32Array(N);
    expect(executable.run([x])[0]).toEqual(expected(x, w));
    await threadsReady(executable);
    expect(executable.run([x])[0]).toEqual(expected(x, w));
    await backend.close();
  });

  it('does not hang when a worker traps: DeviceError, then one thread', async () => {
    const warn = vi.fn();
    const trapping: typeof LONG = (context, kernel) => {
      if (kernel.name !== 'trap') return LONG(context, kernel);
      const { writer, index } = context.module.function('trap', ['i32', 'i32']);
      trapAt(writer, 40); // only the second half: the worker's share
      return [{ fn: index, units: 64, ns: 1e6, align: 4 }];
    };
    for (const last of [false, true]) {
      const b = new ProgramBuilder('faulty'), out = b.buffer('output', 64), x = b.buffer('input', 64);
      const steps = [b.map(out, 64, load(x)), b.map(out, 64, load(x), { name: 'trap' })];
      const program = b.build(last ? steps : [...steps, b.map(out, 64, load(x))]);
      const backend = make({ threads: 2, emit: trapping, warn });
      const executable = backend.compile(program), other = backend.compile(chain().program);
      await threadsReady(other);
      expect(() => executable.run([ramp(64)])).toThrow(/Worker thread 1 failed while program faulty ran: unreachable/);
      const v = ramp(N);
      expect(other.run([v])[0]).toEqual(expected(v, new Float32Array(N)));
      expect(backend.capabilities.threads).toBe(1);
      await backend.close();
    }
  });

  it('does not hang when the calling thread traps', async () => {
    const trapping: typeof LONG = (context, kernel) => {
      const { writer, index } = context.module.function('trap', ['i32', 'i32']);
      writer.get(writer.param(0)).op('i32.eqz').if(() => { writer.op('unreachable'); });
      return [{ fn: index, units: 64, ns: 1e6, align: 4 }, ...LONG(context, kernel)];
    };
    for (const threads of [1, 2]) {
      const b = new ProgramBuilder('faulty'), out = b.buffer('output', 64), x = b.buffer('input', 64);
      const backend = make({ threads, emit: trapping, warn: () => undefined });
      const executable = backend.compile(b.build([b.map(out, 64, load(x))]));
      if (threads > 1) await threadsReady(executable);
      expect(() => executable.run([ramp(64)])).toThrow(/failed while/);
      await backend.close();
    }
  });

  it('refuses a host without SIMD, impossible thread counts and wrong inputs', () => {
    expect(() => make({ features: { ...features, simd: 'none' } })).toThrow(/needs WebAssembly with 128-bit SIMD.*reference/);
    for (const threads of [0, -1, 1.5, 1000]) expect(() => make({ threads })).toThrow(/threads must be a whole number from 1 to 64/);
    const backend = make({ threads: 1 }), { program, slot } = chain(), executable = backend.compile(program);
    expect(() => executable.run([new Float32Array(5)])).toThrow(/input 'input0' needs 1003 elements of f32, got 5/);
    expect(() => executable.run([new Int32Array(N)])).toThrow(/needs a Float32Array, got a Int32Array/);
    expect(() => { backend.writeState(slot, new Float32Array(2)); }).toThrow(/Variable w \[1003\] holds 1003 elements, got 2/);
    expect(() => { backend.writeState(slot, new Int32Array(N)); }).toThrow(/needs a Float32Array/);
  });

  it('gives the memory back when compiling fails half-way', () => {
    const backend = make({ threads: 1, emit: () => { throw new Error('emitter broke'); } });
    const { program, slot } = chain();
    expect(() => backend.compile(program)).toThrow('emitter broke');
    backend.releaseState(slot);
    expect(backend.memory()).toMatchObject({ stateBytes: 0, arenaBytes: 0 });
  });

  it('lets the process end by itself while workers sleep', () => {
    const file = new URL('./exit.child.ts', import.meta.url);
    const child = spawnSync(process.execPath, ['--import', 'tsx', file.pathname], { encoding: 'utf8', timeout: 30_000 });
    expect(child.stderr).toBe('');
    expect(child.stdout.trim()).toBe('ran with workers');
    expect(child.status).toBe(0);
  }, 40_000);
});
