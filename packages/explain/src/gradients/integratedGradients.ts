/**
 * Integrated gradients (Sundararajan, Taly, Yan 2017): the way from a baseline to the sample, each step's gradient weighed and summed. Promise: the
 * attributions add up to the score of the sample minus that of the baseline.
 */
import { tensor, type Model } from '@limelight/core';
import { finish, perPlace } from '../attribution.ts';
import { padded, parts } from '../parts.ts';
import { Subject } from '../subject.ts';
import type { Attribution, AttributionOptions } from '../types.ts';
import { Work } from '../work.ts';
import { quadrature, type Rule } from './quadrature.ts';

export interface IntegratedGradientsOptions extends AttributionOptions {
  /** Points of the way. Default 50. More make the sum more exact. */
  readonly steps?: number;
  /** Default 'gaussLegendre'. */
  readonly rule?: Rule;
}

/**
 * Attributions of `x`, one sample, in one compiled program. `completeness` says how exactly they add up.
 * @throws ShapeError, DataError for a sample that does not fit; DTypeError where the input has no gradients
 */
export async function integratedGradients(model: Model, x: unknown, options: IntegratedGradientsOptions = {}): Promise<Attribution> {
  const work = new Work(options), { steps = 50, rule = 'gaussLegendre' } = options, { places, weights } = quadrature(rule, steps);
  const subject = await Subject.of(model, x, options, 'integratedGradients');
  subject.needGradients();
  const baseline = subject.baseline(options.baseline, subject.x);
  let sum: Float32Array | null = null, low = 0, high = 0;
  for (const { from, to, size } of parts(steps, subject.x.size)) {
    const { values, ends } = await subject.programs.path.runAsync(subject.sample, baseline, tensor(padded(places.slice(from, to), size)), tensor(padded(weights.slice(from, to), size)));
    const own = values.dataSync() as Float32Array;
    sum = sum === null ? own : sum.map((v, i) => v + (own[i] ?? 0));
    [low = 0, high = 0] = ends.dataSync();
    await work.step((0.5 * to) / steps);
  }
  return finish(subject, { method: 'integratedGradients', values: perPlace(sum ?? new Float32Array(), subject.x.size), signed: true, baselineScore: low, expected: high - low, details: { steps, rule } }, options, work);
}
