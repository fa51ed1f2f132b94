import { describe, expect, it } from 'vitest';
import { threefry2x32 } from './threefry.ts';

// The three vectors "threefry2x32 20" of Random123's kat_vectors file.
describe('threefry2x32', () => {
  it.each([
    [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
    [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
  ])('key %i %i, counter %i %i', (k0, k1, c0, c1, first, second) => {
    expect(threefry2x32(k0, k1, c0, c1)).toEqual([first, second]);
  });
});
