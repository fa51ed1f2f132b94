/** From the numbers of a method to an attribution: completeness checked, faithfulness measured. */
import { Tensor } from '@limelight/core';
import { measureFaithfulness } from './faithfulness.ts';
import type { Subject } from './subject.ts';
import type { Attribution, AttributionOptions, Completeness } from './types.ts';
import { finest, perUnit, type Units } from './units.ts';
import type { Work } from './work.ts';

export interface Found {
  readonly method: string;
  /** one number per element of the sample */
  readonly values: Float32Array;
  readonly signed: boolean;
  readonly baselineScore?: number;
  /** what the values promise to add up to */
  readonly expected?: number;
  readonly details?: Readonly<Record<string, number | string>>;
  /** what is hidden together when faithfulness is measured; default the finest */
  readonly units?: Units;
  /** what stands in hidden places; default the baseline */
  readonly fillings?: Tensor;
}

/** Sum against what it should be. */
export function checkCompleteness(values: ArrayLike<number>, expected: number): Completeness {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  const off = Math.abs(sum - expected), relativeError = off / Math.max(Math.abs(expected), 1e-6);
  return { expected, sum, relativeError, holds: relativeError <= 0.05 || off <= 1e-3 };
}

export async function finish(subject: Subject, found: Found, options: AttributionOptions, work: Work): Promise<Attribution> {
  const { values, signed } = found, shape = subject.shape, units = found.units ?? finest(subject.kind, shape), asked = options.faithfulness ?? true;
  const importance = perUnit(signed ? values : values.map(Math.abs), units);
  const faithfulness = asked === false ? null
    : await measureFaithfulness(subject, importance, { units, fillings: found.fillings ?? subject.baseline(options.baseline, subject.x) }, asked === true ? {} : asked, work);
  return {
    ...subject.explained, method: found.method, values: Tensor.ofData(values, shape, 'f32'), signed, baselineScore: found.baselineScore ?? null,
    completeness: found.expected === undefined ? null : checkCompleteness(values, found.expected), faithfulness, details: found.details ?? {},
  };
}
/** Gradients at vectors of ids are summed per id; others are as they are. */
export function perPlace(values: Float32Array, places: number): Float32Array {
  if (values.length === places) return values;
  const width = values.length / places;
  return Float32Array.from({ length: places }, (_, i) => { let sum = 0; for (let k = 0; k < width; k++) sum += values[i * width + k] ?? 0; return sum; });
}
