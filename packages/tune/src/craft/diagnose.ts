/**
 * The over-fitting doctor: reads the gap between training and validation, the course of both, and the weights; says what is the matter and what to try. With `measure` it tries:
 * each cure by short trials over the same seeds, and the learning curve over the size of the data.
 */
import { ValueError, type History, type Logs, type Model } from '@limelight/core';
import { checkData, type LabelledData } from '../validation/rows.ts';
import { find } from '../study/objective.ts';
import { measureCures, type Cure, type LearningCurve, type MeasureOptions } from './cures.ts';
import { judge, type Verdict } from './verdict.ts';

export type { Verdict };
export interface DoctorData extends LabelledData {
  /** what the model was validated on; the training data are x and y */ readonly validation: LabelledData;
}
export interface DiagnoseOptions {
  /** try the cures; true: with defaults */ readonly measure?: boolean | MeasureOptions;
}
export interface WeightReport { readonly name: string; readonly size: number; /** root of the mean square */ readonly rms: number; /** over that of a fresh Glorot initialization; null for biases */ readonly growth: number | null }
export interface Diagnosis {
  readonly verdict: Verdict;
  /** loss and metrics of the model as it is, without dropout, on both */ readonly training: Logs;
  readonly validation: Logs;
  readonly gap: { readonly metric: string; readonly training: number; readonly validation: number };
  /** counted from 1 */ readonly bestEpoch: number;
  readonly epochs: number;
  /** how much of the validation loss at the end was lost since the best epoch (0.1: it rose by a tenth) */ readonly rise: number;
  readonly parametersPerSample: number;
  readonly weights: readonly WeightReport[];
  /** what was seen, one sentence each */ readonly findings: readonly string[];
  /** what to try, the most promising first; measured ones by their effect */ readonly cures: readonly Cure[];
  /** loss over the size of the training data; null where it was not measured */ readonly learningCurve: LearningCurve | null;
  /** all of it for a reader */ text(): string;
}

type Curves = Readonly<Record<string, readonly number[]>>;
const isHistory = (given: History | Curves): given is History => 'history' in given && !Array.isArray(given.history);

/**
 * The verdict is by rules of thumb, in this order (reasons and numbers: `THRESHOLDS` in verdict.ts):
 * - diverged: a loss is not finite;
 * - over-fitting: the validation loss is above 1.15 × the training loss (halves of a few hundred samples differ by less), rose by more than 3 % since its best epoch (less is the noise
 *   between epochs), and it is felt: accuracies more than 0.02 apart, or a rise above 25 %. Or, without a rise: the losses are more than 1.5 × apart and the accuracies more than 0.03;
 * - under-fitting: a training accuracy below 0.85 (where labels are noisy or classes many, that may be all there is: read the learning curve), or stopped while the training loss still
 *   fell by more than a tenth in two epochs, the validation loss at its lowest (within 0.5 %) and below 1.15 × the training loss; not said before 3 epochs;
 * - else fine. A model without an accuracy is judged by its losses alone.
 *
 * @param history what `fit` returned; it must hold validation values
 * @param model as it is after the training
 * @param data what it was trained on, and what it was validated on
 */
export async function diagnose(history: History | Curves, model: Model, data: DoctorData, options: DiagnoseOptions = {}): Promise<Diagnosis> {
  const curves: Curves = isHistory(history) ? history.history : history, losses = curves['loss'] ?? [], valLosses = curves['val_loss'];
  if (losses.length === 0) throw new ValueError('diagnose: the history is empty; give what fit returned.');
  if (valLosses === undefined || valLosses.length === 0) throw new ValueError('diagnose: the history has no val_loss; fit with validationData or validationSplit, else over-fitting cannot be seen.');
  const samples = checkData(data, 'diagnose');
  checkData(data.validation, 'diagnose: validation');
  const training = await model.evaluate(data.x, data.y, { batchSize: 256 }), validation = await model.evaluate(data.validation.x, data.validation.y, { batchSize: 256 });
  const best = valLosses.reduce((b, v, i) => (v < (valLosses[b] ?? Infinity) ? i : b), 0), lowest = valLosses[best] ?? Number.NaN, last = valLosses.at(-1) ?? Number.NaN, rise = last / lowest - 1;
  const metric = Object.keys(training).find((name) => /acc/.test(name)) ?? 'loss', gap = { metric, training: find(training, metric) ?? Number.NaN, validation: find(validation, metric) ?? Number.NaN };
  const weights = await weightReport(model), parametersPerSample = weights.reduce((sum, w) => sum + w.size, 0) / samples;
  const verdict = judge({ training, validation, losses, valLosses, rise, gap });
  const findings = describe({ verdict, training, validation, gap, best, epochs: valLosses.length, rise, parametersPerSample, weights, losses });
  const { cures, learningCurve } = await measureCures({ verdict, model, data, samples, best, valLosses, curves, options: options.measure === true ? {} : options.measure === false ? null : options.measure ?? null });
  const diagnosis = { verdict, training, validation, gap, bestEpoch: best + 1, epochs: valLosses.length, rise, parametersPerSample, weights, findings, cures, learningCurve };
  return { ...diagnosis, text: () => format(diagnosis) };
}

async function weightReport(model: Model): Promise<WeightReport[]> {
  const values = await model.getWeights();
  return model.weights.flatMap((weight, i) => {
    if (!weight.trainable) return [];
    const value = values[i] ?? [], rms = Math.sqrt((value as Float32Array).reduce((sum: number, v: number) => sum + v * v, 0) / value.length), { shape } = weight;
    // Glorot's variance is 2 / (fan in + fan out).
    const outs = shape.at(-1) ?? 1, field = shape.slice(0, -2).reduce((a, b) => a * b, 1), ins = shape.at(-2) ?? 1;
    return [{ name: weight.name, size: weight.size, rms, growth: shape.length < 2 ? null : rms / Math.sqrt(2 / (field * (ins + outs))) }];
  });
}

const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;
const show = (metric: string, x: number): string => (metric === 'loss' ? x.toPrecision(3) : percent(x));
function describe(o: { verdict: Verdict; training: Logs; validation: Logs; gap: Diagnosis['gap']; best: number; epochs: number; rise: number; parametersPerSample: number; weights: readonly WeightReport[]; losses: readonly number[] }): string[] {
  const { gap } = o, out = [`${gap.metric}: ${show(gap.metric, gap.training)} on what it was trained on, ${show(gap.metric, gap.validation)} on what it has not seen (loss ${(o.training['loss'] ?? Number.NaN).toPrecision(3)} and ${(o.validation['loss'] ?? Number.NaN).toPrecision(3)}).`];
  if (o.verdict === 'diverged') return [...out, 'The loss is not finite: the learning rate is too high, or the data hold such values.'];
  out.push(o.best + 1 < o.epochs ? `The validation loss was lowest after epoch ${o.best + 1} of ${o.epochs}; since then it rose by ${percent(o.rise)}.` : `The validation loss still fell in the last epoch (${o.epochs}).`);
  out.push(`${o.parametersPerSample >= 1 ? o.parametersPerSample.toFixed(1) : o.parametersPerSample.toPrecision(2)} weights for each training sample.`);
  const grown = o.weights.filter((w) => (w.growth ?? 0) > 1.5).sort((a, b) => (b.growth ?? 0) - (a.growth ?? 0));
  if (grown[0] !== undefined) out.push(`Weights have grown: those of ${grown.slice(0, 3).map((w) => `${w.name} are ${(w.growth ?? 0).toFixed(1)} times as large as fresh ones`).join(', ')}.`);
  return out;
}

function format(d: Omit<Diagnosis, 'text'>): string {
  const lines = [`Verdict: ${d.verdict}`, ...d.findings.map((f) => `  ${f}`)];
  if (d.learningCurve !== null) lines.push(`  Learning curve: ${d.learningCurve.points.map((p) => `${p.samples} samples ${p.loss.toPrecision(3)}`).join(', ')}; twice the data would give about ${d.learningCurve.doubled.toPrecision(3)}.`);
  if (d.cures.length > 0) lines.push('Try:');
  for (const [i, cure] of d.cures.entries()) {
    const measured = cure.effect === null ? '' : `  → validation loss ${cure.effect.before.toPrecision(3)} to ${cure.effect.after.toPrecision(3)} (${cure.effect.after <= cure.effect.before ? '-' : '+'}${percent(Math.abs(cure.effect.after / cure.effect.before - 1))}${cure.effect.p === null ? '' : `, p ${cure.effect.p < 0.01 ? '< 0.01' : `= ${cure.effect.p.toFixed(2)}`}`}${cure.effect.how === 'measured' ? '' : `, ${cure.effect.how}`})`;
    lines.push(`  ${i + 1}. ${cure.name}: ${cure.code}${measured}`);
  }
  return lines.join('\n');
}
