/**
 * Partial dependence (Friedman 2001) with individual curves (ICE, Goldstein et al. 2015): the mean score when one column (or two) is set to each value
 * of a grid in all samples. How far the mean curve speaks for the individual ones is measured.
 */
import { random, Tensor, tensor, ValueError, type Model } from '@limelight/core';
import { Target } from '../subject.ts';
import type { SubjectOptions } from '../types.ts';
import { Work } from '../work.ts';
import { scoresOver } from './data.ts';

export interface PartialDependenceOptions extends Omit<SubjectOptions, 'tokenizer' | 'padId'> {
  /** Values of the grid. Default 40; fewer where a column has fewer different values. */
  readonly resolution?: number;
  /** Ends of the grid as parts of the samples below. Default [0.05, 0.95]. */
  readonly percentiles?: readonly [number, number];
}
export interface PartialDependence {
  readonly method: 'partialDependence';
  readonly model: string;
  readonly features: readonly { readonly index: number; readonly name: string }[];
  readonly target: number | null;
  readonly classNames: readonly string[] | null;
  /** Values of each feature. */
  readonly grid: readonly Float64Array[];
  /** Mean score for each point of the grid; two features: row-major. */
  readonly average: Float64Array;
  /** Score of each sample, [samples, points]. */
  readonly individual: Float32Array;
  /** Part of the individual curves' variation (around their means) that the mean curve explains: 1, all samples react alike; and of the curve in random orders. */
  readonly faithfulness: { readonly value: number; readonly control: number };
}

/** SciPy's mquantiles (alphap = betap = 0.4). */
function quantile(sorted: Float64Array, p: number): number {
  const n = sorted.length, place = n * p + 0.4 + p * 0.2, k = Math.floor(Math.min(n - 1, Math.max(1, place))), part = Math.min(1, Math.max(0, place - k));
  return n === 1 ? sorted[0] ?? 0 : (1 - part) * (sorted[k - 1] ?? 0) + part * (sorted[k] ?? 0);
}
function gridOf(values: Float64Array, resolution: number, [low, high]: readonly [number, number], who: string): Float64Array {
  const distinct = Float64Array.from(new Set(values)).sort();
  if (distinct.length < resolution) return distinct;
  const sorted = values.toSorted(), from = quantile(sorted, low), to = quantile(sorted, high);
  if (from === to) throw new ValueError(`${who}: the percentiles ${low} and ${high} of the column are both ${from}; take others, nearer to 0 and 1.`);
  return Float64Array.from({ length: resolution }, (_, i) => from + ((to - from) * i) / (resolution - 1));
}

/**
 * @param x samples [n, …] that stand for the data
 * @param feature the column (its index or its name), or two of them
 */
export async function partialDependence(model: Model, x: unknown, feature: number | string | readonly [number | string, number | string], options: PartialDependenceOptions = {}): Promise<PartialDependence> {
  const { resolution = 40, percentiles = [0.05, 0.95], score = 'output' } = options, who = 'partialDependence', work = new Work(options);
  if (!Number.isInteger(resolution) || resolution < 2) throw new ValueError(`${who}: resolution ${resolution} must be a whole number of at least 2.`);
  const target = new Target(model, options, who), inputs = target.dataTensors(x), data = inputs[target.index] ?? tensor(0), rows = data.shape[0] ?? 0, each = data.size / rows, names = options.featureNames;
  const features = (Array.isArray(feature) ? (feature as readonly (number | string)[]) : [feature as number | string]).map((f) => {
    const index = typeof f === 'number' ? f : names?.indexOf(f) ?? -1;
    if (!Number.isInteger(index) || index < 0 || index >= each) throw new ValueError(`${who}: feature ${f} is none of the ${each} of a sample${names === undefined ? '' : ` (${names.join(', ')})`}.`);
    return { index, name: names?.[index] ?? `feature ${index}` };
  });
  const classes = target.model.outputPorts[0]?.shape.at(-1) ?? 1, chosen = options.target ?? (classes === 1 || typeof score === 'function' ? 0 : null);
  if (chosen === null) throw new ValueError(`${who}: model '${model.name}' has ${classes} classes; say whose score to show: target.`);
  if (typeof score !== 'function' && (!Number.isInteger(chosen) || chosen < 0 || chosen >= classes)) throw new ValueError(`${who}: target ${chosen} is no class of model '${model.name}', which has ${classes} (0 to ${classes - 1}).`);
  const all = data.dataSync(), grid = features.map(({ index }) => gridOf(Float64Array.from({ length: rows }, (_, r) => all[r * each + index] ?? 0), resolution, percentiles, who));
  const points = grid.length === 1 ? [...(grid[0] ?? [])].map((v) => [v]) : [...(grid[0] ?? [])].flatMap((a) => [...(grid[1] ?? [])].map((b) => [a, b])), individual = new Float32Array(rows * points.length), average = new Float64Array(points.length);
  for (const [p, point] of points.entries()) {
    const changed = all.slice();
    features.forEach(({ index }, f) => { for (let r = 0; r < rows; r++) changed[r * each + index] = point[f] ?? 0; });
    const scores = await scoresOver(target.programs, inputs.map((t, i) => (i === target.index ? Tensor.ofData(changed, data.shape, data.dtype) : t)), target.index, tensor(new Int32Array([chosen]), []), work, [p / points.length, (p + 1) / points.length]);
    scores.forEach((v, r) => { individual[r * points.length + p] = v; average[p] = (average[p] ?? 0) + v / rows; });
  }
  return { method: 'partialDependence', model: model.name, features, target: typeof score === 'function' ? null : chosen, classNames: options.classNames ?? null, grid, average, individual, faithfulness: spokenFor(individual, average, rows) };
}
/** R² of the centred mean curve for the centred individual curves, and the mean of it over shuffled curves. */
function spokenFor(individual: Float32Array, average: Float64Array, rows: number): { value: number; control: number } {
  const n = average.length, middle = average.reduce((s, v) => s + v, 0) / n, centred = average.map((v) => v - middle), orders = 8;
  const rSquared = (curve: ArrayLike<number>): number => {
    let off = 0, spread = 0;
    for (let r = 0; r < rows; r++) {
      let mean = 0;
      for (let p = 0; p < n; p++) mean += (individual[r * n + p] ?? 0) / n;
      for (let p = 0; p < n; p++) { const v = (individual[r * n + p] ?? 0) - mean; off += (v - (curve[p] ?? 0)) ** 2; spread += v * v; }
    }
    return spread < 1e-20 ? 1 : 1 - off / spread;
  };
  let control = 0;
  for (let o = 0; o < orders; o++) control += rSquared(Float64Array.from(random.permutation(n, o + 1).dataSync(), (i) => centred[i] ?? 0)) / orders;
  return { value: rSquared(centred), control };
}
