import { describe, expect, it } from 'vitest';
import type { NativeGemm } from '@limelight/core';
import { KINDS, found } from './libraries.testing.ts';
import { findLibrary } from './load.ts';
import { acceleratorOf } from './native.ts';
import { ALWAYS } from './probe.ts';
import { selfTest } from './self-test.ts';

/** A product in JavaScript; `change` spoils it. */
const plain = (change: (f: Float32Array, place: number, i: number, j: number) => void = () => { /* right */ }) => (memory: WebAssembly.Memory): NativeGemm => {
  const f = new Float32Array(memory.buffer);
  return (a, aRow, aStep, b, bStep, bColumn, c, cRow, rows, columns, k, resume) => {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const place = (c + i * cRow) / 4 + j;
        let sum = resume === 0 ? 0 : f[place] ?? 0;
        for (let p = 0; p < k; p++) sum += (f[(a + i * aRow + p * aStep) / 4] ?? 0) * (f[(b + p * bStep + j * bColumn) / 4] ?? 0);
        f[place] = sum;
        change(f, place, i, j);
      }
    }
    return undefined;
  };
};

describe('selfTest', () => {
  it('is content with a right product, and names what is wrong with others', () => {
    expect(selfTest(plain())).toBeNull();
    expect(selfTest(plain((f, place, i, j) => { if (i === 15 && j === 7) f[place] = (f[place] ?? 0) * 1.001; }))).toMatch(/^a product of 16 x 9 .* gave .* for element 15, 7/);
    expect(selfTest(plain((f, place, _, j) => { if (j === 6) f[place + 1] = 5; }))).toMatch(/wrote beside its result$/);
    expect(selfTest(() => () => { throw new Error('status 3'); })).toMatch(/failed: status 3$/);
    expect(selfTest(() => { throw new Error('no symbol'); })).toBe('it could not be called: no symbol');
    expect(selfTest(() => () => undefined)).toMatch(/gave NaN for element 0, 0/);
  });
  for (const kind of KINDS) {
    it.skipIf(!found.includes(kind))(`finds nothing wrong with ${kind}, here and when memory has moved`, () => {
      const loaded = findLibrary(kind);
      if (loaded === null) throw new Error('gone');
      for (const seed of [1, 2, 3]) expect(selfTest((memory) => acceleratorOf(loaded, ALWAYS).connect(memory), seed)).toBeNull();
      const memory = new WebAssembly.Memory({ initial: 1, maximum: 4000 }), gemm = acceleratorOf(loaded, ALWAYS).connect(memory);
      for (const pages of [0, 1, 3000]) {
        memory.grow(pages);
        const f = new Float32Array(memory.buffer);
        f.set([1, 2, 3, 4, 5, 6, 7, 8], 16);
        gemm(64, 8, 4, 80, 8, 4, 128, 8, 2, 2, 2, 0);
        expect([...f.subarray(32, 36)]).toEqual([19, 22, 43, 50]);
      }
    });
  }
});
