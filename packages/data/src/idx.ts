/**
 * The IDX format of the MNIST files: two zero bytes, a type code, the number of axes, each axis as a big-endian u32, then the elements.
 * Only unsigned bytes (type 8) are read, the one type in which image and label files come. Format: Y. LeCun's MNIST page.
 *
 * Promise: the elements are a view of the given bytes (nothing is copied), and a file of the wrong kind or length is refused.
 */
import { FormatError } from '@limelight/core';
import type { HostTensor } from './types.ts';

const UNSIGNED_BYTE = 0x08;

/**
 * Reads one IDX file of unsigned bytes.
 * @param bytes the whole file, not compressed
 * @param name how the file is called in messages
 * @throws FormatError when the header is foreign, the type is not u8, or the length does not fit the axes
 */
export function parseIdx(bytes: Uint8Array, name: string): HostTensor {
  const refuse = (why: string): never => { throw new FormatError(`${name} is no usable IDX file: ${why}`); };
  if (bytes.length < 4) refuse(`it has ${bytes.length} bytes, fewer than its header. It is empty or cut short.`);
  const [zero, zeroToo, type, rank = 0] = bytes;
  if (zero !== 0 || zeroToo !== 0) refuse('it does not begin with two zero bytes. It is another kind of file, or still compressed.');
  if (type !== UNSIGNED_BYTE) refuse(`its elements have type 0x${(type ?? 0).toString(16).padStart(2, '0')}; only unsigned bytes (0x08) are read.`);
  const header = 4 + 4 * rank;
  if (bytes.length < header) refuse(`it ends within its header of ${header} bytes. It is cut short.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = shape.reduce((product, axis) => product * axis, 1);
  if (bytes.length !== header + size) {
    refuse(`a [${shape.join(', ')}] array needs ${header + size} bytes, the file has ${bytes.length}.${bytes.length < header + size ? ' It is cut short.' : ''}`);
  }
  return { dtype: 'u8', shape, data: bytes.subarray(header) };
}
