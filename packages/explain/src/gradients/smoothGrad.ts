/** SmoothGrad (Smilkov et al. 2017): the mean of gradients at noisy copies of the sample, in which the jitter of a single gradient cancels out. */
import { tensor, ValueError, type Model } from '@limelight/core';
import { finish, perPlace } from '../attribution.ts';
import { parts } from '../parts.ts';
import { Subject } from '../subject.ts';
import type { Attribution, AttributionOptions } from '../types.ts';
import { Work } from '../work.ts';

export interface SmoothGradOptions extends AttributionOptions {
  /** Noisy copies. Default 50. */
  readonly samples?: number;
  /** Deviation of the noise over the range of the sample's values. Default 0.15. */
  readonly noise?: number;
  /** Of the noise. Default 0. */
  readonly seed?: number;
}
/** Mean gradients. Order of importance by size. */
export async function smoothGrad(model: Model, x: unknown, options: SmoothGradOptions = {}): Promise<Attribution> {
  const { samples = 50, noise = 0.15, seed = 0 } = options;
  if (!Number.isInteger(samples) || samples < 1) throw new ValueError(`smoothGrad: samples ${samples} must be a whole number of at least 1.`);
  if (!(noise >= 0)) throw new ValueError(`smoothGrad: noise ${noise} must be at least 0.`);
  const work = new Work(options), subject = await Subject.of(model, x, options, 'smoothGrad');
  subject.needGradients();
  const all = parts(samples, subject.x.size), level = tensor(noise, []);
  let sum = new Float32Array();
  for (const [i, { size }] of all.entries()) { // each part is whole: a few samples more cost nothing
    const mean = (await subject.programs.noisy.runAsync(subject.sample, level, tensor(new Uint32Array([seed >>> 0, i])), size)).dataSync() as Float32Array;
    sum = i === 0 ? Float32Array.from(mean, (v) => v / all.length) : sum.map((v, k) => v + (mean[k] ?? 0) / all.length);
    await work.step((0.5 * (i + 1)) / all.length);
  }
  return finish(subject, { method: 'smoothGrad', values: perPlace(sum, subject.x.size), signed: false, details: { samples: all.length * (all[0]?.size ?? 0), noise } }, options, work);
}
