/** Scores of a sample with units hidden, in batches of a few fixed sizes, so that the number of rows compiles nothing anew. */
import { tensor, Tensor } from '@limelight/core';
import { padded } from './parts.ts';
import type { Subject } from './subject.ts';
import type { Units } from './units.ts';
import type { Work } from './work.ts';

/** Most rows of a batch, and most elements. */
const ROWS = 512, ELEMENTS = 4_000_000;

export interface Hiding {
  readonly units: Units;
  /** what stands in hidden places: [fillings, …]; scores are means over them */
  readonly fillings: Tensor;
}

/** Smallest power of two from `n` on. */
const roundUp = (n: number): number => 2 ** Math.ceil(Math.log2(n));

/** The mean score for each row of `keep` (u8 [rows, units]: 1 shows a unit, 0 hides it). */
export async function hiddenScores(subject: Subject, keep: Uint8Array, hiding: Hiding, work: Work, from = 0, to = 1): Promise<Float64Array> {
  const { units, fillings } = hiding, { programs, sample } = subject, rows = keep.length / units.count, ways = fillings.shape[0] ?? 1;
  const most = Math.max(1, Math.floor(Math.min(ROWS, ELEMENTS / sample.x.size) / ways)), batch = Math.min(most, roundUp(rows));
  const unitOf = tensor(units.of), scores = new Float64Array(rows);
  for (let start = 0; start < rows; start += batch) {
    const count = Math.min(batch, rows - start), part = new Uint8Array(batch * units.count);
    part.set(keep.subarray(start * units.count, (start + count) * units.count));
    const result = await programs.hidden.runAsync(sample, tensor(part, [batch, units.count]), unitOf, fillings);
    scores.set((result.dataSync() as Float32Array).subarray(0, count), start);
    await work.step(from + ((to - from) * (start + count)) / rows);
  }
  return scores;
}

/** Scores of points of the explained input, [rows, …], in batches. */
export async function pointScores(subject: Pick<Subject, 'programs' | 'sample'>, points: Tensor, work: Work, from = 0, to = 1): Promise<Float64Array> {
  const { programs, sample } = subject, rows = points.shape[0] ?? 0, each = points.size / Math.max(1, rows), own = points.shape.slice(1);
  const batch = Math.min(Math.max(1, Math.floor(Math.min(ROWS, ELEMENTS / each))), roundUp(Math.max(1, rows))), data = points.dataSync(), scores = new Float64Array(rows);
  for (let start = 0; start < rows; start += batch) {
    const count = Math.min(batch, rows - start), part = data.slice(start * each, (start + count) * each);
    const result = await programs.scores.runAsync(Tensor.ofData(padded(part, batch * each), [batch, ...own], points.dtype), sample.others, sample.target);
    scores.set((result.dataSync() as Float32Array).subarray(0, count), start);
    await work.step(from + ((to - from) * (start + count)) / rows);
  }
  return scores;
}
