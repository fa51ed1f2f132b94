import { afterEach, describe, expect, it, vi } from 'vitest';
import { detectFeatures, tileFor } from './features.ts';

afterEach(() => { vi.unstubAllGlobals(); });

/** A module that uses relaxed SIMD: (func f32x4.relaxed_madd of three zero vectors). */
const zero = [0xfd, 12, ...new Array<number>(16).fill(0)];
const body = [0, ...zero, ...zero, ...zero, 0xfd, 0x85, 0x02, 0x1a, 0x0b];
const fused = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, body.length + 2, 1, body.length, ...body]);

describe('detectFeatures', () => {
  it('finds fused multiply-add wherever Node has it, behind its flag too', () => {
    const found = detectFeatures();
    expect(found.simd).toBe(found.relaxed ? 'relaxed' : 'simd128');
    const major = Number.parseInt(process.versions.v8, 10);
    if (major >= 12 || typeof process.getBuiltinModule === 'function') expect(found.relaxed).toBe(true);
    expect(found.relaxed).toBe(WebAssembly.validate(fused));
  });
  it('leaves fused multiply-add alone when told to', () => {
    expect(detectFeatures({ relaxed: false })).toEqual({ relaxed: false, simd: 'simd128', tile: [4, 8] });
  });
  it('says so where there is no SIMD, or no WebAssembly', () => {
    vi.stubGlobal('WebAssembly', { ...WebAssembly, validate: () => false });
    expect(detectFeatures().simd).toBe('none');
    vi.stubGlobal('WebAssembly', undefined);
    expect(detectFeatures()).toMatchObject({ simd: 'none', relaxed: false });
  });
  it('works without a process, as in a browser', () => {
    vi.stubGlobal('process', undefined);
    expect(detectFeatures().tile).toEqual(tileFor(true));
  });
  it('stays with plain SIMD where the flag cannot be set', () => {
    const validate = (bytes: Uint8Array) => !bytes.includes(0x85);
    vi.stubGlobal('WebAssembly', { ...WebAssembly, validate });
    vi.stubGlobal('process', { versions: { v8: '11.3.244' } });
    expect(detectFeatures()).toEqual({ relaxed: false, simd: 'simd128', tile: [4, 8] });
  });
});

describe('tileFor', () => {
  it('fits the 15 vector registers, operands included', () => {
    const [rows, columns] = tileFor(true), vectors = columns / 4;
    expect(rows * vectors + vectors + rows).toBe(15);
    expect(tileFor(false)).toEqual([4, 8]);
  });
});
