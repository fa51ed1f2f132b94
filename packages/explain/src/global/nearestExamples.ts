/** Nearest training examples: which known samples the model finds most like this one, by what one of its layers makes of them. */
import { DataError, ValueError, type Layer, type Model, type Tensor } from '@limelight/core';
import { findLayer, Subject, Target } from '../subject.ts';
import type { Explained, SubjectOptions } from '../types.ts';
import { Work } from '../work.ts';
import { labelsOf, outputsOver, rowsOf } from './data.ts';
import { argMaxOf } from './metrics.ts';

export interface NearestExamplesOptions extends SubjectOptions {
  /** Name of the layer whose results are compared. Default: the one before the last layer with weights. */
  readonly layer?: string;
  /** How many. Default 5. */
  readonly count?: number;
  /** Default 'cosine': 1 - cosine of the angle. */
  readonly metric?: 'cosine' | 'euclidean';
  /** Known classes of the examples. */
  readonly labels?: unknown;
}
export interface Neighbour { readonly index: number; readonly distance: number; readonly label: number | null; readonly predicted: number | null; readonly sample: Tensor }
export interface NearestExamples extends Explained {
  readonly method: 'nearestExamples';
  readonly layer: string;
  readonly metric: 'cosine' | 'euclidean';
  readonly neighbours: readonly Neighbour[];
  /** Part of the neighbours for which the model says the same class, against that part of all examples. */
  readonly faithfulness: { readonly value: number; readonly control: number } | null;
}

/** The layer before the last one with weights; null where there is none. */
function innerLayer(model: Model): Layer | null {
  const layers = model.layers.filter((layer) => layer.className !== 'InputLayer'), last = layers.findLastIndex((layer) => layer.weights.length > 0);
  return last > 0 ? layers[last - 1] ?? null : null;
}

/** The `count` samples of `examples` [n, …] nearest to `x`. */
export async function nearestExamples(model: Model, x: unknown, examples: unknown, options: NearestExamplesOptions = {}): Promise<NearestExamples> {
  const { count = 5, metric = 'cosine' } = options, who = 'nearestExamples', work = new Work(options), subject = await Subject.of(model, x, options, who), { programs } = subject;
  if (examples === undefined || examples === null) throw new DataError(`${who}: there are no examples; give the training data, or a part of them.`);
  if (!Number.isInteger(count) || count < 1) throw new ValueError(`${who}: count ${count} must be a whole number of at least 1.`);
  if (metric !== 'cosine' && metric !== 'euclidean') throw new ValueError(`${who}: metric '${String(metric)}' must be 'cosine' or 'euclidean'.`);
  const target = new Target(model, options, who), data = target.dataTensors(examples), rows = data[0]?.shape[0] ?? 0, labels = options.labels === undefined ? null : labelsOf(options.labels, rows, who);
  const layer = options.layer === undefined ? innerLayer(model) : findLayer(model, options.layer), batch = Math.min(256, rows);
  const featuresOf = async (inputs: readonly Tensor[]): Promise<Float32Array> => {
    const others = [...inputs], [own] = others.splice(subject.index, 1);
    if (own === undefined) return new Float32Array();
    return (layer === null ? own.cast('f32') : await programs.features(layer).runAsync(own, others)).dataSync() as Float32Array;
  };
  const here = await featuresOf([...subject.sample.others.slice(0, subject.index), subject.x, ...subject.sample.others.slice(subject.index)]), width = here.length, distances = new Float64Array(rows), size = norm(here, 0, width);
  for (let from = 0; from < rows; from += batch) {
    const to = Math.min(rows, from + batch), there = await featuresOf(data.map((t) => rowsOf(t, from, to, batch)));
    for (let r = from; r < to; r++) {
      const start = (r - from) * width;
      let dot = 0, square = 0;
      for (let k = 0; k < width; k++) { const a = here[k] ?? 0, b = there[start + k] ?? 0; dot += a * b; square += (a - b) ** 2; }
      distances[r] = metric === 'euclidean' ? Math.sqrt(square) : 1 - dot / Math.max(1e-12, size * norm(there, start, width));
    }
    await work.step((0.7 * to) / rows);
  }
  const nearest = Array.from(distances, (_, i) => i).sort((a, b) => (distances[a] ?? 0) - (distances[b] ?? 0) || a - b).slice(0, count);
  const outputs = typeof options.score === 'function' ? null : await outputsOver(programs, data, work, [0.7, 1]), said = (i: number): number | null => (outputs === null || outputs.width < 2 ? null : argMaxOf(outputs.data, i, outputs.width));
  const own = subject.explained.outputs === null ? null : argMaxOf(subject.explained.outputs, 0, subject.explained.outputs.length), explained = data[subject.index];
  const neighbours = nearest.map((index): Neighbour => { const sample = rowsOf(explained ?? subject.x, index, index + 1); return { index, distance: distances[index] ?? 0, label: labels?.[index] ?? null, predicted: said(index), sample: sample.reshape(sample.shape.slice(1)) }; });
  const same = (list: readonly number[]): number => list.filter((i) => said(i) === own).length / list.length;
  return { ...subject.explained, method: 'nearestExamples', layer: layer?.name ?? 'input', metric, neighbours, faithfulness: outputs === null || outputs.width < 2 ? null : { value: same(nearest), control: same(Array.from({ length: rows }, (_, i) => i)) } };
}
function norm(values: Float32Array, from: number, width: number): number { let sum = 0; for (let k = 0; k < width; k++) sum += (values[from + k] ?? 0) ** 2; return Math.sqrt(sum); }
