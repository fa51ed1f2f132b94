/**
 * Temperature scaling (Guo et al. 2017): one number by which all logits are divided, so that probabilities are as sure as they are right. The order of
 * classes, and with it the accuracy, stays as it is.
 */
import { DataError, Tensor, type Model } from '@limelight/core';
import { labelsOf, outputsOver } from '../global/data.ts';
import { Target } from '../subject.ts';
import type { RunOptions, SubjectOptions } from '../types.ts';
import { Work } from '../work.ts';
import { calibrationCurve, checkProbabilities, type Calibration, type CalibrationOptions } from './calibrationCurve.ts';

export interface TemperatureOptions extends RunOptions, CalibrationOptions, Pick<SubjectOptions, 'input'> {}
export interface TemperatureScaling {
  readonly method: 'temperatureScaling';
  readonly model: string;
  /** Above 1: the model was too sure. */
  readonly temperature: number;
  /** Mean negative logarithm of the probability of the label. */
  readonly lossBefore: number;
  readonly lossAfter: number;
  readonly before: Calibration;
  readonly after: Calibration;
  /** Probabilities [n, classes] (or [n, 1]) of this model at the temperature. */
  readonly apply: (probabilities: Tensor) => Tensor<'f32'>;
}

/** Curve and errors of a model on data that it was not trained with. Its outputs must be probabilities. */
export async function calibration(model: Model, x: unknown, y: unknown, options: TemperatureOptions = {}): Promise<Calibration> {
  const { data, width, rows } = await probabilitiesOf(model, x, options, 'calibration');
  return calibrationCurve(Tensor.ofData(data, width === 1 ? [rows] : [rows, width], 'f32'), y, options);
}
async function probabilitiesOf(model: Model, x: unknown, options: TemperatureOptions, who: string): Promise<{ data: Float32Array; width: number; rows: number }> {
  const target = new Target(model, options, who), { data, width } = await outputsOver(target.programs, target.dataTensors(x), new Work(options));
  checkProbabilities(data, width, `${who}: model '${model.name}'`);
  return { data, width, rows: data.length / width };
}

/** Finds the temperature at which labels of held-out data are likeliest. */
export async function temperatureScaling(model: Model, x: unknown, y: unknown, options: TemperatureOptions = {}): Promise<TemperatureScaling> {
  const who = 'temperatureScaling', { data, width, rows } = await probabilitiesOf(model, x, options, who), labels = labelsOf(y, rows, who);
  const target = new Target(model, { ...options, score: 'logit' }, who), found = (await outputsOver(target.programs, target.dataTensors(x), new Work(options))).data;
  // an output that no softmax or sigmoid is known of gives itself: its logarithms differ from logits by a constant per sample
  const logits = found.every((v, i) => v === data[i]) ? found.map((p) => logOf(p, width)) : found;
  for (const label of labels) if (!Number.isInteger(label) || label < 0 || label >= Math.max(2, width)) throw new DataError(`${who}: label ${label} is no class; classes are 0 to ${Math.max(2, width) - 1}.`);
  const temperature = bestTemperature(logits, width, labels), curve = (p: Float32Array): Calibration => calibrationCurve(Tensor.ofData(p, width === 1 ? [rows] : [rows, width], 'f32'), y, options);
  const apply = (probabilities: Tensor): Tensor<'f32'> => Tensor.ofData(probabilitiesAt(Float64Array.from(probabilities.dataSync(), (p) => logOf(p, width)), width, temperature), probabilities.shape, 'f32');
  return {
    method: 'temperatureScaling', model: model.name, temperature, lossBefore: lossAt(logits, width, labels, 1), lossAfter: lossAt(logits, width, labels, temperature), before: curve(data), after: curve(probabilitiesAt(logits, width, temperature)), apply,
  };
}
/** A logit for a probability, up to a constant per sample. */
const logOf = (p: number, width: number): number => Math.log(Math.max(p, 1e-30)) - (width === 1 ? Math.log(Math.max(1 - p, 1e-30)) : 0);
/** softmax(logits / temperature), or sigmoid where there is one. */
function probabilitiesAt(logits: ArrayLike<number>, width: number, temperature: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(logits.length);
  for (let r = 0; r < logits.length / width; r++) {
    if (width === 1) { out[r] = 1 / (1 + Math.exp(-(logits[r] ?? 0) / temperature)); continue; }
    let top = -Infinity, sum = 0;
    for (let c = 0; c < width; c++) top = Math.max(top, logits[r * width + c] ?? 0);
    for (let c = 0; c < width; c++) sum += Math.exp(((logits[r * width + c] ?? 0) - top) / temperature);
    for (let c = 0; c < width; c++) out[r * width + c] = Math.exp(((logits[r * width + c] ?? 0) - top) / temperature) / sum;
  }
  return out;
}
/** Mean cross-entropy of labels with logits divided by the temperature. */
export function lossAt(logits: ArrayLike<number>, width: number, labels: ArrayLike<number>, temperature: number): number {
  let total = 0;
  for (let r = 0; r < labels.length; r++) {
    if (width === 1) { const z = ((logits[r] ?? 0) / temperature) * (labels[r] === 1 ? 1 : -1); total += z > 0 ? Math.log1p(Math.exp(-z)) : -z + Math.log1p(Math.exp(z)); continue; }
    let top = -Infinity, sum = 0;
    for (let c = 0; c < width; c++) top = Math.max(top, logits[r * width + c] ?? 0);
    for (let c = 0; c < width; c++) sum += Math.exp(((logits[r * width + c] ?? 0) - top) / temperature);
    total += Math.log(sum) - ((logits[r * width + (labels[r] ?? 0)] ?? 0) - top) / temperature;
  }
  return total / labels.length;
}
/** The loss is convex in 1 / temperature: golden sections of its logarithm, between e^-5 and e^5. */
export function bestTemperature(logits: ArrayLike<number>, width: number, labels: ArrayLike<number>): number {
  const golden = (Math.sqrt(5) - 1) / 2, loss = (log: number): number => lossAt(logits, width, labels, Math.exp(log));
  let low = -5, high = 5, a = high - golden * (high - low), b = low + golden * (high - low), fa = loss(a), fb = loss(b);
  for (let i = 0; i < 60; i++) {
    if (fa < fb) { high = b; b = a; fb = fa; a = high - golden * (high - low); fa = loss(a); } else { low = a; a = b; fa = fb; b = low + golden * (high - low); fb = loss(b); }
  }
  return Math.exp((low + high) / 2);
}
