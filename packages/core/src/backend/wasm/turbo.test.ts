import { describe, expect, it } from 'vitest';
import { createWasmBackend } from './backend.ts';
import { detectFeatures } from './features.ts';
import { tryTurbo, type TurboHost } from './turbo.ts';

/** A host that notes which flags are set. */
function host(change: Partial<TurboHost>): { host: TurboHost; flags: string[] } {
  const flags: string[] = [];
  return { flags, host: { node: '24.1.0', setFlags: (flag) => { flags.push(flag); }, probe: (set) => { set('--on'); return { on: true, gain: 1.9 }; }, ...change } };
}

describe('turbo', () => {
  it('stays on where the probe is content', () => {
    const { host: fine, flags } = host({});
    expect(tryTurbo(fine)).toEqual({ on: true, gain: 1.9 });
    expect(flags).toEqual(['--on']);
  });
  it('touches no flag of an older Node, or where there is none to set', () => {
    for (const change of [{ node: '22.12.0' }, { node: undefined }, { setFlags: undefined }]) {
      const { host: old, flags } = host(change);
      expect(tryTurbo(old)).toMatchObject({ on: false, reason: expect.stringMatching(/^it needs Node 24 or later/) as string });
      expect(flags).toEqual([]);
    }
    expect(tryTurbo(host({ node: '22.12.0' }).host)).toMatchObject({ reason: 'it needs Node 24 or later, this is 22.12.0' });
  });
  it('takes the flag back after a probe that refuses or fails', () => {
    const slow = host({ probe: () => ({ on: false, reason: 'it is not faster here' }) });
    expect(tryTurbo(slow.host)).toEqual({ on: false, reason: 'it is not faster here' });
    const broken = host({ probe: () => { throw new Error('unreachable'); } });
    expect(tryTurbo(broken.host)).toEqual({ on: false, reason: 'its self-test failed: unreachable' });
    expect([...slow.flags, ...broken.flags]).toEqual(['--no-experimental-wasm-revectorize', '--no-experimental-wasm-revectorize']);
  });
  it('is refused in one clear line where there is no fused multiply-add', async () => {
    const lines: string[] = [];
    const backend = createWasmBackend({ threads: 1, turbo: true, features: detectFeatures({ relaxed: false }), warn: (line) => { lines.push(line); } });
    expect(lines).toEqual(['Limelight runs without turbo: it needs fused multiply-add.']);
    expect(backend.capabilities.description).not.toContain('turbo');
    await backend.close();
  });
});
