/**
 * Gradients of the score at the input (Simonyan, Vedaldi, Zisserman 2013), and times the input (Shrikumar et al. 2016). The first says what the score
 * would react to, the second what it is made of: for a linear model without bias the products add up to the score.
 */
import { ops, type Model } from '@limelight/core';
import { finish, perPlace } from '../attribution.ts';
import { Subject } from '../subject.ts';
import type { Attribution, AttributionOptions } from '../types.ts';
import { Work } from '../work.ts';
import { leafOf } from '../runner.ts';

/** d score / d input. Order of importance by size; ids: the sum over their vectors. */
export async function inputGradients(model: Model, x: unknown, options: AttributionOptions = {}): Promise<Attribution> {
  const work = new Work(options), subject = await Subject.of(model, x, options, 'inputGradients');
  subject.needGradients();
  const { grad } = await subject.programs.gradient.runAsync(subject.sample);
  await work.step(0.5);
  return finish(subject, { method: 'inputGradients', values: perPlace(grad.dataSync() as Float32Array, subject.x.size), signed: false }, options, work);
}

/** d score / d input · (input - baseline); the baseline is 0 unless given. */
export async function gradientTimesInput(model: Model, x: unknown, options: AttributionOptions = {}): Promise<Attribution> {
  const work = new Work(options), subject = await Subject.of(model, x, options, 'gradientTimesInput');
  subject.needGradients();
  const { grad } = await subject.programs.gradient.runAsync(subject.sample), { question } = subject.programs;
  await work.step(0.5);
  const from = subject.baseline(options.baseline, subject.x), values = ops.multiply(grad, ops.subtract(leafOf(question, subject.x), leafOf(question, from)));
  return finish(subject, { method: 'gradientTimesInput', values: perPlace(values.dataSync() as Float32Array, subject.x.size), signed: true }, options, work);
}
