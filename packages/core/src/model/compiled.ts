/**
 * The options of `compile`, looked at as soon as they are given: names that nobody knows and lists that do not fit the outputs fail there and
 * not in the middle of a training. What is trained with them is made later: trainer.ts.
 */
import { NameError, ValueError } from '../base/errors.ts';
import type { LossLike } from '../nn/losses/index.ts';
import { LOSS_ALIASES, LOSS_NAMES } from '../nn/losses/names.ts';
import type { MetricLike } from '../nn/metrics/index.ts';
import { METRIC_ALIASES, METRIC_NAMES } from '../nn/metrics/names.ts';
import { getOptimizer, type Optimizer, type OptimizerLike } from '../nn/optimizers/index.ts';
import { isKnown, knownNames } from '../nn/registry-table.ts';
import type { Port, Trainee } from './trainee.ts';

/** 'crossentropy' and 'ce' choose among binary, categorical and sparse categorical cross-entropy by the shapes. */
export type CompileLoss = LossLike | 'crossentropy' | 'ce' | null;
/** 'accuracy' and 'acc' choose among binary, categorical and sparse categorical accuracy by the shapes. */
export type CompileMetric = MetricLike | 'accuracy' | 'acc' | 'crossentropy' | 'ce';
export type PerOutput<T> = T | readonly T[] | Readonly<Record<string, T>>;

export interface ObjectiveOptions {
  /** one loss, or one per output (a list, or a record by output name); null: no loss for this output */
  readonly loss?: PerOutput<CompileLoss>;
  /** for one output: a list; for several: a list of lists, or a record by output name */
  readonly metrics?: readonly (CompileMetric | readonly CompileMetric[])[] | Readonly<Record<string, CompileMetric | readonly CompileMetric[]>>;
  /** like `metrics`, but weighted by sample and class weights */
  readonly weightedMetrics?: ObjectiveOptions['metrics'];
  /** factors of the losses; default 1 */
  readonly lossWeights?: readonly number[] | Readonly<Record<string, number>>;
}
export interface CompileOptions extends ObjectiveOptions {
  /** name or object; default 'rmsprop' */
  readonly optimizer?: OptimizerLike;
}

/** What `compile` made of its options. */
export class Compiled {
  readonly options: CompileOptions;
  readonly optimizer: Optimizer;
  /** updates done so far, mirrored from the optimizer's counter for schedules; null: ask the device */
  iteration: number | null = null;
  /** the trainer, once there is one */
  work: { release(): void } | null = null;

  constructor(model: Trainee, options: CompileOptions) {
    this.options = options;
    this.optimizer = getOptimizer(options.optimizer ?? 'rmsprop');
    checkNames(options);
    // outputs may be unknown yet; then fit looks
    if (model.inputPorts !== null && model.weights.length > 0) checkOutputs(options, model.outputPorts);
  }
}

export const isAuto = (like: unknown, words: readonly string[]): like is string => typeof like === 'string' && words.includes(like.toLowerCase());
export const ACCURACY = ['accuracy', 'acc'], CROSSENTROPY = ['crossentropy', 'ce'];
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => value !== null && typeof value === 'object' && !Array.isArray(value) && Object.getPrototypeOf(value) === Object.prototype && !('className' in value);

function checkNames(options: ObjectiveOptions): void {
  for (const like of entriesOf(options.loss)) {
    if (typeof like === 'string' && !isAuto(like, CROSSENTROPY) && !isKnown('loss', like, LOSS_NAMES, LOSS_ALIASES)) throw new NameError('loss', like, [...knownNames('loss', LOSS_NAMES), 'crossentropy']);
  }
  for (const like of [...entriesOf(options.metrics), ...entriesOf(options.weightedMetrics)]) {
    if (typeof like === 'string' && !isAuto(like, [...ACCURACY, ...CROSSENTROPY]) && !isKnown('metric', like, METRIC_NAMES, METRIC_ALIASES)) throw new NameError('metric', like, [...knownNames('metric', METRIC_NAMES), 'crossentropy']);
  }
}
/** Throws where lists or records of the options do not fit the outputs. */
function checkOutputs(options: ObjectiveOptions, outputs: readonly Port[]): void {
  lossNamesFor(options, outputs);
  lossWeightsFor(options, outputs);
  metricsFor(options.metrics, outputs, 'metrics');
  metricsFor(options.weightedMetrics, outputs, 'weightedMetrics');
}

/** The loss of each output as it was given. */
export const lossNamesFor = (options: ObjectiveOptions, outputs: readonly Port[]): CompileLoss[] => perOutput<CompileLoss>(options.loss, outputs, 'loss', null);
export const lossWeightsFor = (options: ObjectiveOptions, outputs: readonly Port[]): number[] => perOutput<number>((options.lossWeights ?? {}) as PerOutput<number>, outputs, 'lossWeights', 1);

function perOutput<T>(value: PerOutput<T> | undefined, outputs: readonly Port[], what: string, missing: T): T[] {
  if (value === undefined) return outputs.map(() => missing);
  if (Array.isArray(value)) {
    if (value.length !== outputs.length) throw new ValueError(`compile: ${what} lists ${value.length} entries, but the model has ${outputs.length} outputs (${outputs.map((o) => o.name).join(', ')}).`);
    return [...(value as readonly T[])];
  }
  if (isRecord(value)) {
    const names = outputs.map((o) => o.name);
    for (const key of Object.keys(value)) if (!names.includes(key)) throw new NameError(`output in compile's ${what}`, key, names);
    return names.map((name) => (value as Readonly<Record<string, T>>)[name] ?? missing);
  }
  return outputs.map(() => value as T);
}
/** The metrics of each output. */
export function metricsFor(value: ObjectiveOptions['metrics'], outputs: readonly Port[], what: string): (readonly CompileMetric[])[] {
  if (value === undefined) return outputs.map(() => []);
  const list = (likes: CompileMetric | readonly CompileMetric[] | null): readonly CompileMetric[] => (likes === null ? [] : Array.isArray(likes) ? (likes as readonly CompileMetric[]) : [likes as CompileMetric]);
  if (outputs.length === 1 && Array.isArray(value)) return [(value as readonly (CompileMetric | readonly CompileMetric[])[]).flatMap(list)];
  return perOutput<CompileMetric | readonly CompileMetric[] | null>(value, outputs, what, null).map(list);
}

/** All entries of a value, list or record. */
export function entriesOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(entriesOf);
  return isRecord(value) ? Object.values(value).flatMap(entriesOf) : [value];
}
