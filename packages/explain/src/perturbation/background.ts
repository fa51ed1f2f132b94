/** What stands for "not known" where parts are hidden: samples of the training data, or a baseline. */
import { DataError, Tensor } from '@limelight/core';
import type { Subject } from '../subject.ts';
import type { AttributionOptions } from '../types.ts';
import { coarse, givenUnits, type Units } from '../units.ts';

export interface CoalitionOptions extends AttributionOptions {
  /** Samples [n, …], of which hidden parts are taken; scores are means over them. Tables need it (some 100 rows of the training data), unless `baseline` is given. */
  readonly background?: unknown;
  /** Which elements are hidden together: a number from 0 on for each element of a sample, row-major. Default: columns, tokens, steps, patches of an image. */
  readonly groups?: readonly number[] | Int32Array;
}
/** The fillings [n, …]. Throws DataError where a table has none. */
export function fillingsOf(subject: Subject, options: CoalitionOptions): Tensor {
  if (options.background !== undefined) return subject.samples(options.background, 'background');
  if (subject.kind === 'table' && options.baseline === undefined) {
    throw new DataError(`${subject.who}: a table needs background, samples that stand for what is not known: background: about 100 rows of the training data. (Or give one baseline.)`);
  }
  return subject.baseline(options.baseline, subject.x);
}
/** Rows of the fillings that are enough for curves. */
export function someOf(fillings: Tensor, most = 16): Tensor {
  const rows = fillings.shape[0] ?? 1, each = fillings.size / rows;
  if (rows <= most) return fillings;
  const data = fillings.dataSync(), out = data.slice(0, most * each);
  for (let i = 0; i < most; i++) { const from = Math.floor((i * rows) / most) * each; out.set(data.subarray(from, from + each), i * each); }
  return Tensor.ofData(out, [most, ...fillings.shape.slice(1)], fillings.dtype);
}
/** The parties of a coalition. Tokens that fill a text up are no parties of their own: the first of them stands for all. */
export function partiesOf(subject: Subject, options: CoalitionOptions, most: number): Units {
  if (options.groups !== undefined) return givenUnits(options.groups, subject.x.size, subject.who);
  const units = coarse(subject.kind, subject.shape, most);
  if (subject.kind !== 'text') return units;
  const ids = subject.x.dataSync(), pad = subject.options.padId ?? 0;
  let end = ids.length;
  while (end > 1 && ids[end - 1] === pad) end--;
  const count = Math.min(ids.length, end + 1);
  return { count, of: units.of.map((u) => Math.min(u, count - 1)), grid: [count] };
}
