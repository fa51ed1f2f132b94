/**
 * Permutation importance (Breiman 2001): how much worse the model does when the values of a column are shuffled among the samples. With intervals of
 * confidence over the repeats, and a check of the order: columns are shuffled together from the most important one on, against random orders.
 */
import { random, Tensor, tensor, ValueError, type Model } from '@limelight/core';
import { Target } from '../subject.ts';
import type { RunOptions, SubjectOptions } from '../types.ts';
import { coarse, finest, givenUnits, type Units } from '../units.ts';
import { Work } from '../work.ts';
import { labelsOf, outputsOver } from './data.ts';
import { metricOf, type MetricFunction, type MetricName } from './metrics.ts';
import { interval } from './student.ts';

export interface PermutationImportanceOptions extends RunOptions, Pick<SubjectOptions, 'input' | 'featureNames' | 'kind'> {
  /** Greater is better; losses count negatively. Default: accuracy where there are several classes, else meanSquaredError. */
  readonly metric?: MetricName | MetricFunction;
  /** Shuffles of each column. Default 5. */
  readonly repeats?: number;
  /** Of the intervals. Default 0.95. */
  readonly confidence?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Elements that are shuffled together: a number from 0 on for each element. Default: each column; images in patches, sequences by steps. */
  readonly groups?: readonly number[] | Int32Array;
  /** The order of samples in repeat `repeat` of unit `unit`, where samples may only change places with some others (of one group, of one time). Default: any order. */
  readonly order?: (unit: number, repeat: number) => ArrayLike<number>;
  /** Random orders of columns for the check; 0 leaves it out. Default 8. */
  readonly controls?: number;
}
export interface ColumnImportance {
  readonly index: number;
  readonly name: string;
  /** Mean fall of the metric. */
  readonly mean: number;
  readonly deviation: number;
  /** Of the mean, with the confidence asked for (Student's t over the repeats). */
  readonly low: number;
  readonly high: number;
  readonly values: readonly number[];
}
export interface PermutationImportance {
  readonly method: 'permutationImportance';
  readonly model: string;
  readonly metric: string;
  /** The metric on the data as they are. */
  readonly score: number;
  readonly confidence: number;
  readonly repeats: number;
  /** In the order of columns. */
  readonly columns: readonly ColumnImportance[];
  /** The metric while more and more columns are shuffled: from the most important on, and in random orders. `value`: 0 is chance, at most 1. */
  readonly faithfulness: { readonly fractions: readonly number[]; readonly scores: readonly number[]; readonly control: readonly number[]; readonly value: number; readonly beats: number; readonly orders: number } | null;
}

/** Importance of each column of `x` [samples, …] for how well the model says `y`. */
export async function permutationImportance(model: Model, x: unknown, y: unknown, options: PermutationImportanceOptions = {}): Promise<PermutationImportance> {
  const { repeats = 5, confidence = 0.95, seed = 0, controls = 8 } = options, who = 'permutationImportance', work = new Work(options);
  if (!Number.isInteger(repeats) || repeats < 2) throw new ValueError(`${who}: repeats ${repeats} must be a whole number of at least 2: an interval needs two.`);
  if (!(confidence > 0 && confidence < 1)) throw new ValueError(`${who}: confidence ${confidence} must lie between 0 and 1.`);
  const target = new Target(model, options, who), inputs = target.dataTensors(x), data = inputs[target.index] ?? tensor(0), rows = data.shape[0] ?? 0, labels = labelsOf(y, rows, who), shape = data.shape.slice(1);
  if (rows < 2) throw new ValueError(`${who}: one sample cannot change places with others; give at least 2.`);
  const units = options.groups !== undefined ? givenUnits(options.groups, data.size / rows, who) : target.kind === 'table' || target.kind === 'text' ? finest(target.kind, shape) : coarse(target.kind, shape, 49);
  const classes = (await outputsOver(target.programs, inputs, work, [0, 0])).width, metric = options.metric ?? (classes > 1 ? 'accuracy' : 'meanSquaredError'), measure = metricOf(metric);
  const scoreOf = async (changed: Tensor, span: number): Promise<number> => {
    const own = inputs.map((t, i) => (i === target.index ? changed : t)), { data: outputs, width } = await outputsOver(target.programs, own, work, [span, span]);
    return measure(labels, outputs, width);
  };
  const whole = await scoreOf(data, 0), total = units.count * repeats + (controls > 0 ? (1 + controls) * Math.min(units.count, STEPS) : 0);
  const orderOf = options.order ?? ((unit: number, repeat: number): ArrayLike<number> => random.permutation(rows, (seed * 1_000_003 + unit * 1009 + repeat + 1) >>> 0).dataSync());
  let done = 0;
  const columns: ColumnImportance[] = [];
  for (let unit = 0; unit < units.count; unit++) {
    const values: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) values.push(whole - await scoreOf(shuffled(data, units, new Map([[unit, orderOf(unit, repeat)]])), done++ / total));
    const { mean, deviation, low, high } = interval(values, confidence);
    columns.push({ index: unit, name: options.featureNames?.[unit] ?? `${units.grid.length > 1 ? 'part' : 'feature'} ${unit}`, mean, deviation, low, high, values });
  }
  const faithfulness = controls > 0 && units.count > 1 ? await checkOrder(columns, whole, controls, seed, (members) => scoreOf(shuffled(data, units, new Map(members.map((u) => [u, orderOf(u, 0)]))), Math.min(1, done++ / total))) : null;
  return { method: 'permutationImportance', model: model.name, metric: typeof metric === 'string' ? metric : metric.name || 'score', score: whole, confidence, repeats, columns, faithfulness };
}
/** Most points of the curve of shuffled columns. */
const STEPS = 10;

/** The data with some units' values taken from other samples. */
function shuffled(data: Tensor, units: Units, orders: ReadonlyMap<number, ArrayLike<number>>): Tensor {
  const out = data.dataSync().slice(), all = data.dataSync(), each = units.of.length, rows = all.length / each;
  units.of.forEach((unit, e) => {
    const order = orders.get(unit);
    if (order !== undefined) for (let r = 0; r < rows; r++) out[r * each + e] = all[(order[r] ?? r) * each + e] ?? 0;
  });
  return Tensor.ofData(out, data.shape, data.dtype);
}
async function checkOrder(columns: readonly ColumnImportance[], whole: number, controls: number, seed: number, scoreWithout: (members: number[]) => Promise<number>): Promise<PermutationImportance['faithfulness']> {
  const n = columns.length, levels = [...new Set(Array.from({ length: Math.min(n, STEPS) }, (_, i) => Math.round(((i + 1) * n) / Math.min(n, STEPS))))];
  const curve = async (order: readonly number[]): Promise<number[]> => {
    const scores = [whole];
    for (const level of levels) scores.push(await scoreWithout(order.slice(0, level)));
    return scores;
  };
  const own = await curve(columns.toSorted((a, b) => b.mean - a.mean).map((c) => c.index)), others: number[][] = [];
  for (let c = 0; c < controls; c++) others.push(await curve([...random.permutation(n, seed * 31 + c + 1).dataSync()]));
  const places = [0, ...levels.map((level) => level / n)], area = (scores: readonly number[]): number => places.slice(1).reduce((s, p, i) => s + (p - (places[i] ?? 0)) * ((scores[i] ?? 0) + (scores[i + 1] ?? 0)) * 0.5, 0);
  const control = places.map((_, i) => others.reduce((s, o) => s + (o[i] ?? 0), 0) / controls), flat = [...own, ...others.flat()], range = Math.max(...flat) - Math.min(...flat) || 1;
  return { fractions: places, scores: own, control, value: (area(control) - area(own)) / range, beats: others.filter((o) => area(o) > area(own)).length, orders: controls };
}
