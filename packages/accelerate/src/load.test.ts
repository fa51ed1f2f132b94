import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DeviceError } from '@limelight/core';
import { found } from './libraries.testing.ts';
import { checkVersion, findLibrary, loadLibrary } from './load.ts';

const folder = mkdtempSync(join(tmpdir(), 'limelight-accelerate-'));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

describe('loadLibrary', () => {
  it('says what is wrong with a path', () => {
    const text = join(folder, 'text.so');
    writeFileSync(text, 'not a library');
    expect(() => loadLibrary('/no/such/libdnnl.so')).toThrow(/'\/no\/such\/libdnnl\.so' could not be loaded: .*No such file.*Give the path of oneDNN/);
    expect(() => loadLibrary(text)).toThrow(/could not be loaded: .*(invalid ELF header|file too short)/);
    expect(() => loadLibrary('')).toThrow(DeviceError);
  });
  it.skipIf(process.platform !== 'linux')('refuses a library that is something else', () => {
    expect(() => loadLibrary('libm.so.6')).toThrow(/'libm\.so\.6' is neither oneDNN nor OpenBLAS: it has no dnnl_sgemm/);
  });
  it.skipIf(!found.includes('onednn'))('refuses oneDNN under a name of another version', () => {
    const real = readFileSync('/proc/self/maps', 'utf8').split('\n').map((line) => line.slice(line.indexOf('/'))).find((file) => /libdnnl\.so/.test(file)) ?? '';
    const liar = join(folder, 'libdnnl.so.9.1');
    copyFileSync(real, liar);
    expect(() => loadLibrary(liar)).toThrow(/libdnnl\.so\.9\.1' says that it is oneDNN \d+\.\d+\.\d+, but its name says 9\.1\. It is not used/);
  });
  it.skipIf(found.length === 0)('leaves the environment as it was', () => {
    const before = { ...process.env };
    for (const kind of found) expect(findLibrary(kind)?.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect({ ...process.env }).toEqual(before);
  });
});

describe('checkVersion', () => {
  it('takes a known version whose file name agrees, or says nothing', () => {
    for (const [kind, file, version] of [['onednn', '/usr/lib/libdnnl.so.2.6', [2, 6, 3]], ['onednn', 'libdnnl.so', [3, 4, 0]], ['openblas', '/x/libopenblasp-r0.3.21.so', [0, 3, 21]], ['openblas', 'mine.so', [0, 3, 29]]] as const) {
      expect(() => { checkVersion(kind, file, { version }); }).not.toThrow();
    }
  });
  it('refuses versions that are not known, and files that lie', () => {
    expect(() => { checkVersion('onednn', 'libdnnl.so', { version: [99, 0, 0] }); }).toThrow("'libdnnl.so' says that it is oneDNN 99.0.0; versions from 1.3 on and below 4.0 are known. Install one of those, or go without it.");
    expect(() => { checkVersion('openblas', 'a.so', { version: [0, 0, 0] }); }).toThrow(/says that it is OpenBLAS 0\.0\.0/);
    expect(() => { checkVersion('onednn', '/l/libdnnl.so.3.1', { version: [2, 6, 3] }); }).toThrow("'/l/libdnnl.so.3.1' says that it is oneDNN 2.6.3, but its name says 3.1. It is not used: install the library anew, or give the path of another one.");
    expect(() => { checkVersion('openblas', 'libopenblas-r0.3.20.so', { version: [0, 3, 21] }); }).toThrow(/its name says 0\.3\.20/);
  });
});
