/**
 * LIME (Ribeiro, Singh, Guestrin 2016): a small linear model that behaves as the model does near the sample. Tables: neighbours are drawn around the
 * sample with the deviations of the background; texts, images and sequences: with parts hidden. How well the linear model fits is part of the answer.
 */
import { DataError, random, Tensor, ValueError, type Model } from '@limelight/core';
import { finish } from '../attribution.ts';
import { hiddenScores, pointScores } from '../hidden.ts';
import { Subject } from '../subject.ts';
import type { Attribution } from '../types.ts';
import { perElement } from '../units.ts';
import { Work } from '../work.ts';
import { fillingsOf, partiesOf, someOf, type CoalitionOptions } from './background.ts';
import { ridgeRegression, type Ridge } from './leastSquares.ts';

export interface LimeOptions extends CoalitionOptions {
  /** Neighbours. Default 2000. */
  readonly samples?: number;
  /** Distance at which a neighbour counts little. Default 0.75 √columns in deviations (tables), 0.25 in cosine distance (others). */
  readonly kernelWidth?: number;
  /** Penalty on squared coefficients. Default 1. */
  readonly ridge?: number;
  /** Of the neighbours. Default 0. */
  readonly seed?: number;
}
/** An attribution with the linear model that it comes from. */
export interface LimeExplanation extends Attribution {
  /** Change of the score per deviation of a column, or for showing a part. */
  readonly coefficients: Float64Array;
  readonly intercept: number;
  /** Weighted R² of the linear model near the sample: 1 is perfect. */
  readonly localFit: number;
}

/** Values of tables: coefficient · (input - mean of the background) / deviation. */
export async function lime(model: Model, x: unknown, options: LimeOptions = {}): Promise<LimeExplanation> {
  const { samples = 2000, ridge = 1 } = options;
  if (!Number.isInteger(samples) || samples < 10) throw new ValueError(`lime: samples ${samples} must be a whole number of at least 10.`);
  const work = new Work(options), subject = await Subject.of(model, x, options, 'lime'), inTable = subject.kind === 'table' && options.groups === undefined;
  const { fit, values, units, fillings } = inTable ? await table(subject, options, samples, ridge, work) : await parts(subject, options, samples, ridge, work);
  const attribution = await finish(subject, { method: 'lime', values, signed: true, fillings, ...(units === null ? {} : { units }), details: { samples, 'local fit (R²)': fit.fit } }, options, work);
  return { ...attribution, coefficients: fit.coefficients, intercept: fit.intercept, localFit: fit.fit };
}

async function table(subject: Subject, options: LimeOptions, samples: number, ridge: number, work: Work): Promise<Local> {
  if (options.background === undefined) throw new DataError('lime: a table needs background, the training data or some 100 rows of it: neighbours are drawn with its deviations.');
  const background = subject.samples(options.background, 'background'), n = subject.x.size, { means, deviations } = columnStatistics(background, n);
  const z = Float64Array.from(random.normal([samples, n], options.seed ?? 0).dataSync()), own = subject.x.dataSync(), points = new Float32Array(samples * n), weights = new Float64Array(samples);
  const width = options.kernelWidth ?? 0.75 * Math.sqrt(n);
  z.fill(0, 0, n); // the sample itself comes first
  for (let r = 0; r < samples; r++) {
    let distance = 0;
    for (let i = 0; i < n; i++) { const step = z[r * n + i] ?? 0; points[r * n + i] = (own[i] ?? 0) + step * (deviations[i] ?? 1); distance += step * step; }
    weights[r] = Math.exp(-distance / (2 * width * width));
  }
  const scores = await pointScores(subject, Tensor.ofData(points, [samples, ...subject.shape], 'f32'), work, 0, 0.7), fit = ridgeRegression(z, scores, weights, ridge);
  const values = Float32Array.from({ length: n }, (_, i) => ((fit.coefficients[i] ?? 0) * ((own[i] ?? 0) - (means[i] ?? 0))) / (deviations[i] ?? 1));
  return { fit, values, units: null, fillings: Tensor.ofData(Float32Array.from(means), [1, ...subject.shape], 'f32') };
}
interface Local { readonly fit: Ridge; readonly values: Float32Array; readonly units: ReturnType<typeof partiesOf> | null; readonly fillings: Tensor }

async function parts(subject: Subject, options: LimeOptions, samples: number, ridge: number, work: Work): Promise<Local> {
  const units = partiesOf(subject, options, 64), fillings = fillingsOf(subject, options), n = units.count, seed = options.seed ?? 0, keep = new Uint8Array(samples * n).fill(1), weights = new Float64Array(samples), width = options.kernelWidth ?? 0.25;
  const draws = random.uniform([samples, n + 1], seed).dataSync();
  for (let r = 0; r < samples; r++) {
    // how much is hidden varies from one neighbour to the next, so that near ones are seen as often as far ones
    const hide = r === 0 ? 0 : draws[r * (n + 1) + n] ?? 0;
    let shown = 0;
    for (let i = 0; i < n; i++) { const kept = (draws[r * (n + 1) + i] ?? 0) >= hide ? 1 : 0; keep[r * n + i] = kept; shown += kept; }
    const distance = 1 - Math.sqrt(shown / n);
    weights[r] = Math.exp(-(distance * distance) / (2 * width * width));
  }
  const scores = await hiddenScores(subject, keep, { units, fillings }, work, 0, 0.7), fit = ridgeRegression(Float64Array.from(keep), scores, weights, ridge);
  return { fit, values: perElement(fit.coefficients, units), units, fillings: someOf(fillings) };
}

/** Mean and deviation of each column; constant ones get 1. */
export function columnStatistics(data: Tensor, n: number): { readonly means: Float64Array; readonly deviations: Float64Array } {
  const all = data.dataSync(), rows = all.length / n, means = new Float64Array(n), deviations = new Float64Array(n);
  for (let i = 0; i < all.length; i++) means[i % n] = (means[i % n] ?? 0) + (all[i] ?? 0) / rows;
  for (let i = 0; i < all.length; i++) deviations[i % n] = (deviations[i % n] ?? 0) + ((all[i] ?? 0) - (means[i % n] ?? 0)) ** 2 / rows;
  return { means, deviations: deviations.map((v) => Math.sqrt(v) || 1) };
}
