/**
 * Whether a library's product computes what it should: odd sizes, all ways in which operands may lie, sums that go on, and nothing written beside the result. Compared
 * with sums in double precision.
 */
import type { NativeGemm } from '@limelight/core';

interface Case { readonly rows: number; readonly columns: number; readonly k: number; readonly aTurned: boolean; readonly bTurned: boolean; readonly resume: 0 | 1 }

const SIZES: readonly (readonly [number, number, number])[] = [[1, 1, 1], [5, 7, 3], [16, 8, 9], [33, 17, 65], [24, 40, 31], [4, 64, 128]];
const CASES: readonly Case[] = SIZES.flatMap(([rows, columns, k], i) => [0, 1].map((half): Case => (
  { rows, columns, k, aTurned: (i + half) % 2 === 1, bTurned: (i >> 1) % 2 === half, resume: half === 0 ? 0 : 1 })));
/** Relative to the sum of the products' magnitudes: what f32 rounding may make of 128 terms in any order, with room. */
const TOLERANCE = 1e-5;
/** Numbers between the lines of every matrix, which must stay what they are. */
const GAP = 3;

/** What is wrong, in one sentence; null: nothing. */
export function selfTest(connect: (memory: WebAssembly.Memory) => NativeGemm, seed = 1): string | null {
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 4, shared: true }), numbers = new Float32Array(memory.buffer);
  let gemm: NativeGemm, state = seed;
  try { gemm = connect(memory); } catch (error) { return `it could not be called: ${error instanceof Error ? error.message : String(error)}`; }
  // drawn once: drawing for each case would take longer than all its products
  const noise = new Float32Array(numbers.length);
  for (let i = 0; i < noise.length; i++) { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; noise[i] = state / 2 ** 31 - 1; }
  for (const { rows, columns, k, aTurned, bTurned, resume } of CASES) {
    numbers.set(noise);
    const [aRow, aStep] = aTurned ? [1, rows + GAP] : [k + GAP, 1], [bStep, bColumn] = bTurned ? [1, k + GAP] : [columns + GAP, 1], cRow = columns + GAP;
    const a = 17, b = 20011, c = 40009, at = (i: number): number => numbers[i] ?? NaN;
    // A result that is only written may hold anything before.
    if (resume === 0) numbers.fill(NaN, c, c + rows * cRow);
    const before = numbers.slice(c - GAP, c + rows * cRow + GAP);
    const what = `a product of ${rows} x ${k} (${aTurned ? 'turned' : 'upright'}) and ${k} x ${columns} (${bTurned ? 'turned' : 'upright'})`;
    try { gemm(a * 4, aRow * 4, aStep * 4, b * 4, bStep * 4, bColumn * 4, c * 4, cRow * 4, rows, columns, k, resume); } catch (error) { return `${what} failed: ${error instanceof Error ? error.message : String(error)}`; }
    const written = new Set<number>();
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const place = c + i * cRow + j, old = resume === 0 ? 0 : before[place - c + GAP] ?? NaN;
        let sum = old, scale = Math.abs(old);
        for (let p = 0; p < k; p++) { const term = at(a + i * aRow + p * aStep) * at(b + p * bStep + j * bColumn); sum += term; scale += Math.abs(term); }
        if (!(Math.abs(at(place) - sum) <= TOLERANCE * Math.max(scale, 1e-3))) return `${what} gave ${at(place)} for element ${i}, ${j}, which is ${Math.fround(sum)}`;
        written.add(place);
      }
    }
    for (let i = 0; i < before.length; i++) {
      const place = c - GAP + i;
      if (!written.has(place) && !Object.is(at(place), before[i])) return `${what} wrote beside its result`;
    }
  }
  return null;
}
