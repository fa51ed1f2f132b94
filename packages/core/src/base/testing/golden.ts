/** Reads golden numbers and compares with them; for tests only. */
import { readFileSync } from 'node:fs';

/** A fixture of packages/core/test/fixtures, typed by the caller. */
export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../test/fixtures/${name}.json`, import.meta.url), 'utf8')) as T;
}
/** The raw little-endian floats of a binary fixture. */
export function goldenFloats(name: string): Float32Array {
  const bytes = readFileSync(new URL(`../../../test/fixtures/${name}.bin`, import.meta.url));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
type Numbers = number | readonly Numbers[];
const flatten = (x: Numbers): number[] => (typeof x === 'number' ? [x] : x.flatMap(flatten));

/** Throws unless |actual - expected| ≤ absolute + relative · |expected| everywhere and the lengths agree; names the worst place. */
export function expectClose(actual: ArrayLike<number>, expected: Numbers | ArrayLike<number>, tolerance: { relative?: number; absolute?: number } = {}, who = ''): void {
  const { relative = 1e-5, absolute = 1e-6 } = tolerance;
  const wanted = ArrayBuffer.isView(expected) ? [...(expected as Float32Array)] : flatten(expected as Numbers), got = Array.from(actual);
  if (got.length !== wanted.length) throw new Error(`${who}: ${got.length} values, expected ${wanted.length}`);
  let worst = -1, excess = 0;
  got.forEach((g, i) => {
    const w = wanted[i] ?? NaN, error = Math.abs(g - w) - (absolute + relative * Math.abs(w));
    if (!(error <= 0) && !Object.is(g, w) && !(error <= excess)) { worst = i; excess = Number.isNaN(error) ? Infinity : error; }
  });
  if (worst >= 0) throw new Error(`${who}: element ${worst} is ${got[worst]}, expected ${wanted[worst]} (${wanted.length} values)`);
}
