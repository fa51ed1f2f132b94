/**
 * The learning-rate range test (Smith 2017): the rate grows exponentially from step to step until the loss blows up; the curve of the loss shows where learning is fast and still
 * stable. Costs about one epoch.
 */
import { callbacks, DataError, StateError, ValueError, type FitOptions, type Model } from '@limelight/core';
import { svgChart } from '../plot/svg.ts';
import { textChart } from '../plot/text.ts';
import type { Chart } from '../plot/chart.ts';
import { checkData, type LabelledData } from '../validation/rows.ts';

export interface LearningRateOptions extends Pick<FitOptions, 'classWeight' | 'signal'> {
  /** default 1e-6 */ readonly min?: number;
  /** default 10 */ readonly max?: number;
  /** steps from min to max; default 150 */ readonly steps?: number;
  /** default 32 */ readonly batchSize?: number;
  /** share of the past in the smoothed loss; default 0.9 */ readonly smoothing?: number;
  /** stops when the smoothed loss is so many times the lowest one; default 4 */ readonly stopAt?: number;
  /** default 0 */ readonly seed?: number;
}
export interface LearningRateTest {
  readonly rates: readonly number[];
  /** of each batch, before its update */ readonly losses: readonly number[];
  readonly smoothed: readonly number[];
  /** a good rate to begin with: `valley` */ readonly suggestion: number;
  /**
   * valley: two thirds down the longest descent; steepest: where the loss falls fastest; tenth: a tenth of the rate at the lowest loss. All are the same size of rate when the test
   * went well; where they differ more than tenfold, repeat it with more steps or a larger batch.
   */
  readonly candidates: { readonly valley: number; readonly steepest: number; readonly tenth: number };
  /** from which rate on the loss blew up; null: it never did */ readonly diverged: number | null;
  readonly chart: Chart;
  /** the curve for a terminal */ text(): string;
  svg(): string;
}

/**
 * Trains a fresh model for some steps with growing learning rates.
 * @param build makes a compiled model with the optimizer that is meant; its learning rate does not matter
 * @throws ValueError where the loss never falls
 */
export async function findLearningRate(build: (context: { readonly seed: number }) => Model | Promise<Model>, data: LabelledData, options: LearningRateOptions = {}): Promise<LearningRateTest> {
  const { min = 1e-6, max = 10, steps = 150, batchSize = 32, smoothing = 0.9, stopAt = 4, seed = 0, ...rest } = options, samples = checkData(data, 'findLearningRate');
  if (!(min > 0 && max > min)) throw new ValueError(`findLearningRate: min ${min} must be above 0 and below max ${max}.`);
  if (!Number.isInteger(steps) || steps < 10) throw new ValueError(`findLearningRate: steps must be a whole number of at least 10, not ${steps}.`);
  const model = await build({ seed });
  if (!model.compiled) throw new StateError('findLearningRate: build gave a model that is not compiled. Call model.compile({ optimizer, loss }) before returning it.');
  const rates: number[] = [], losses: number[] = [], smoothed: number[] = [];
  let average = 0, lowest = Infinity, diverged: number | null = null, count = 0;
  const rateAt = (step: number): number => min * (max / min) ** (step / (steps - 1));
  const sweep = new callbacks.LambdaCallback({
    onTrainBatchBegin: () => { model.learningRate = rateAt(count); },
    onTrainBatchEnd: (_step, { loss }) => {
      const rate = rateAt(count++);
      average = smoothing * average + (1 - smoothing) * loss;
      const value = average / (1 - smoothing ** count);
      if (!Number.isFinite(loss) || (count > 10 && value > stopAt * lowest)) { diverged = rate; model.stopTraining = true; return; }
      rates.push(rate); losses.push(loss); smoothed.push(value);
      lowest = Math.min(lowest, value);
      if (count >= steps) model.stopTraining = true;
    },
  });
  await model.fit(data.x, data.y, { ...rest, batchSize, epochs: Math.ceil(steps / Math.max(1, Math.ceil(samples / batchSize))), verbose: 0, callbacks: [sweep] });
  if (rates.length < 10) throw new DataError(`findLearningRate: the loss blew up after ${rates.length} steps at rate ${diverged ?? min}; begin lower (min ${min / 1000}), or look at the data.`);
  const candidates = suggest(rates, smoothed), top = Math.max(...smoothed.slice(0, 10)), floor = Math.min(...smoothed);
  const chart: Chart = {
    title: `Learning-rate range test: ${shortRate(candidates.valley)} is a good start`, x: { label: 'learning rate', log: true },
    y: { label: 'loss', range: [Math.max(0, floor - 0.1 * (top - floor)), top + 0.4 * (top - floor)] },
    series: [{ name: 'each batch', x: rates, y: losses, style: 'faint', colour: '#0072b2' }, { name: 'smoothed', x: rates, y: smoothed, colour: '#0072b2' }],
    marks: [{ x: candidates.valley, label: shortRate(candidates.valley), colour: '#d55e00' }],
  };
  return { rates, losses, smoothed, suggestion: candidates.valley, candidates, diverged, chart, text: () => textChart({ ...chart, series: chart.series.slice(1) }), svg: () => svgChart(chart) };
}
const shortRate = (rate: number): string => (rate >= 0.00095 ? String(Number(rate.toPrecision(2))) : Number(rate.toPrecision(2)).toExponential());

/** The candidates of a curve of losses over rates. */
export function suggest(rates: readonly number[], smoothed: readonly number[]): { readonly valley: number; readonly steepest: number; readonly tenth: number } {
  const lowest = smoothed.indexOf(Math.min(...smoothed));
  if (lowest === 0) throw new ValueError('findLearningRate: the loss only grows; begin with a lower rate (min), or look at the data and the loss.');
  // The longest run of steps, not necessarily neighbours, in which the loss falls (dynamic program), up to the lowest point.
  const length = new Array<number>(lowest + 1).fill(1), from = new Array<number>(lowest + 1).fill(-1);
  for (let i = 1; i <= lowest; i++) for (let j = 0; j < i; j++) if ((smoothed[j] as number) > (smoothed[i] as number) && (length[j] as number) + 1 >= (length[i] as number)) { length[i] = (length[j] as number) + 1; from[i] = j; }
  let end = length.indexOf(Math.max(...length));
  const last = end;
  while ((from[end] as number) >= 0) end = from[end] as number;
  const valley = rates[end + Math.round(((last - end) * 2) / 3)] as number;
  let steepest = 0, most = -Infinity;
  for (let i = 2; i <= lowest - 2; i++) { // slope over five points
    const fall = (smoothed[i - 2] as number) - (smoothed[i + 2] as number);
    if (fall > most) { most = fall; steepest = i; }
  }
  return { valley, steepest: rates[steepest] as number, tenth: (rates[lowest] as number) / 10 };
}
