import { describe, expect, it } from 'vitest';
import { parseIdx } from './idx.ts';

/** An IDX file: header with the given type code and axes, then the elements. */
const idx = (shape: number[], elements: number[], type = 8) =>
  Uint8Array.from([0, 0, type, shape.length, ...shape.flatMap((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]), ...elements]);

describe('parseIdx', () => {
  it('reads shape and elements without copying', () => {
    const bytes = idx([2, 3], [1, 2, 3, 4, 5, 255]);
    const read = parseIdx(bytes, 'a');
    expect(read).toEqual({ dtype: 'u8', shape: [2, 3], data: Uint8Array.from([1, 2, 3, 4, 5, 255]) });
    expect(read.data.buffer).toBe(bytes.buffer);
  });

  it('reads axes as big-endian', () => {
    expect(parseIdx(idx([300], Array.from({ length: 300 }, (_, i) => i & 255)), 'a').shape).toEqual([300]);
  });

  it('reads a view that starts in the middle of a buffer', () => {
    const inner = idx([2], [7, 8]), outer = new Uint8Array(inner.length + 3);
    outer.set(inner, 3);
    expect([...parseIdx(outer.subarray(3), 'a').data]).toEqual([7, 8]);
  });

  it.each([
    ['empty', new Uint8Array(), /digits is no usable IDX file: it has 0 bytes/],
    ['foreign', Uint8Array.from([0x1f, 0x8b, 8, 0]), /another kind of file, or still compressed/],
    ['floats', idx([1], [0, 0, 0, 0], 0x0d), /type 0x0d; only unsigned bytes/],
    ['cut in the header', idx([2, 3], []).subarray(0, 9), /ends within its header of 12 bytes/],
    ['cut in the data', idx([2, 3], [1, 2, 3, 4, 5]), /\[2, 3\] array needs 18 bytes, the file has 17. It is cut short/],
    ['too long', idx([2], [1, 2, 3]), /needs 10 bytes, the file has 11/],
  ])('refuses a file that is %s', (_kind, bytes, message) => {
    expect(() => parseIdx(bytes, 'digits')).toThrow(message);
  });
});
