import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { afterEach, describe, expect, it } from 'vitest';
import { createDevice, currentAccelerator, DeviceError, jit, ops, setAccelerator, tensor, withDevice } from '@limelight/core';
import { accelerate } from './accelerate.ts';
import { loadKoffi } from './koffi.ts';
import { found, KINDS } from './libraries.testing.ts';
import { findLibrary } from './load.ts';

afterEach(() => { setAccelerator(null); });

/** Runs the child on this version of Node: with `threads`, a library, and more environment. */
function child(threads: number, library: string | null, env: Readonly<Record<string, string>> = {}): { status: number | null; out: string } {
  const done = spawnSync(process.execPath, [
    '--import', createRequire(import.meta.url).resolve('tsx'), '--conditions', 'limelight-source', new URL('./accelerate.child.ts', import.meta.url).pathname, String(threads), ...(library === null ? [] : [library]),
  ], { encoding: 'utf8', env: { ...process.env, ...env } });
  return { status: done.status ?? -1, out: `${done.stdout}${done.stderr}`.trim() };
}

describe('accelerate', () => {
  it('goes on without a library, and says why', () => {
    expect(accelerate({ library: 'off' })).toMatchObject({ library: null, classes: [], reason: 'switched off' });
    expect(currentAccelerator()).toBeNull();
  });
  it('refuses a library that was named and is not there, and an unknown choice', () => {
    expect(() => accelerate({ library: '/no/such/lib.so' })).toThrow(/could not be loaded/);
    expect(() => accelerate({ choose: 'sometimes' as 'probe' })).toThrow("choose must be 'probe' or 'always', got 'sometimes'.");
    expect(currentAccelerator()).toBeNull();
  });
  it('goes on silently where no library is installed', () => {
    const lines: string[] = [];
    expect(accelerate({ find: () => null, warn: (line) => { lines.push(line); } })).toMatchObject({ library: null, reason: 'neither oneDNN nor OpenBLAS is installed' });
    expect([lines, currentAccelerator()]).toEqual([[], null]);
  });
  it('goes on with one message where a library that was found is not what it should be', () => {
    const lines: string[] = [];
    const liar = (kind: string): null => { if (kind === 'onednn') throw new DeviceError("'libdnnl.so' says that it is oneDNN 99.0.0"); return null; };
    expect(accelerate({ find: liar, warn: (line) => { lines.push(line); } })).toMatchObject({ library: null, reason: "'libdnnl.so' says that it is oneDNN 99.0.0" });
    expect(lines).toEqual(["Limelight goes on with its own products: 'libdnnl.so' says that it is oneDNN 99.0.0"]);
  });
  it.skipIf(process.platform !== 'linux')('goes on with one message where the self-test fails', () => {
    const lines: string[] = [], { path: koffi } = loadKoffi();
    // the C library has no product: every call of it fails
    const wrong = { kind: 'onednn', name: 'oneDNN', description: 'oneDNN 2.6.3', version: '2.6.3', detail: '', path: 'libm.so.6', koffi } as const;
    expect(accelerate({ find: (kind) => (kind === 'onednn' ? wrong : null), warn: (line) => { lines.push(line); } }).library).toBeNull();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^Limelight goes on with its own products: oneDNN 2\.6\.3 at 'libm\.so\.6' failed its test: it could not be called: .*dnnl_sgemm/);
    expect(currentAccelerator()).toBeNull();
  });
  for (const kind of KINDS) {
    it.skipIf(!found.includes(kind))(`${kind}: the engine's own numbers within tolerance, for products of many shapes`, () => {
      const loaded = findLibrary(kind), lines: string[] = [];
      if (loaded === null) throw new Error('gone');
      expect(accelerate({ library: loaded.path, choose: 'always', warn: (line) => { lines.push(line); } })).toMatchObject({ library: loaded.description, classes: ['block', 'shallow', 'narrow', 'small'], reason: null });
      expect(lines).toEqual([]);
      const native = createDevice({ threads: 1 }), own = createDevice({ threads: 1, accelerate: false });
      for (const [m, k, n] of [[64, 64, 64], [33, 77, 129], [300, 9, 32], [8, 700, 50], [17, 130, 515]] as const) {
        for (const turned of [false, true]) {
          const a = tensor(Float32Array.from({ length: m * k }, (_, i) => Math.sin(i)), turned ? [k, m] : [m, k]), b = tensor(Float32Array.from({ length: k * n }, (_, i) => Math.cos(i)), [k, n]);
          const f = jit((x: typeof a, y: typeof b) => ops.relu(ops.matmul(turned ? x.transpose() : x, y)));
          const [got, want] = [native, own].map((device) => withDevice(device, () => f(a, b).dataSync()));
          for (let i = 0; i < m * n; i++) expect(Math.abs((got?.[i] ?? NaN) - (want?.[i] ?? NaN))).toBeLessThan(1e-4);
        }
      }
    });
    it.skipIf(!found.includes(kind))(`${kind}: one and two threads give the same bits, and the process ends by itself`, () => {
      const loaded = findLibrary(kind);
      if (loaded === null) throw new Error('gone');
      const one = child(1, loaded.path), two = child(2, loaded.path);
      expect(one.out).toMatch(/^(oneDNN|OpenBLAS) \d+\.\d+\.\d+ \d+$/);
      expect(two).toEqual(one);
      expect(two.status).toBe(0);
      // many threads asked for by the environment, as a machine of a cluster may
      expect(child(2, loaded.path, { OMP_NUM_THREADS: '4', OPENBLAS_NUM_THREADS: '4' })).toEqual(one);
    });
  }
});
