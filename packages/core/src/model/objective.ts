/**
 * What a model is trained for: the losses of its outputs with their weights, and the metrics. Built from the options of `compile`; names are
 * looked up at once, so that a wrong one fails there. 'accuracy' and 'crossentropy' are decided when the shapes of labels are known.
 */
import { NameError, ValueError } from '../base/errors.ts';
import { at } from '../base/shape.ts';
import { getLoss, lossRegistry, type Loss, type LossLike } from '../nn/losses/index.ts';
import { getMetric, metricRegistry, targetKind, type Metric, type MetricLike, type MetricShapes } from '../nn/metrics/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Variable } from '../tensor/variable.ts';
import type { ColumnSpec } from './feed.ts';
import { MeanTracker } from './meanTracker.ts';
import type { Port } from './trainee.ts';

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

interface MetricEntry { readonly label: string; readonly metric: Metric; readonly output: number; readonly weighted: boolean }
const isAuto = (like: unknown, words: readonly string[]): like is string => typeof like === 'string' && words.includes(like.toLowerCase());
const ACCURACY = ['accuracy', 'acc'], CROSSENTROPY = ['crossentropy', 'ce'];
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => value !== null && typeof value === 'object' && !Array.isArray(value) && Object.getPrototypeOf(value) === Object.prototype && !('className' in value);

/** The shapes by which 'accuracy' and 'crossentropy' are decided. */
const shapesOf = (target: ColumnSpec, output: Port): MetricShapes => ({ yTrue: [null, ...target.shape], yPred: [null, ...output.shape] });
const CROSSENTROPIES = { binary: 'binaryCrossentropy', sparse: 'sparseCategoricalCrossentropy', categorical: 'categoricalCrossentropy' } as const;

export class Objective {
  readonly options: ObjectiveOptions;
  readonly #total = new MeanTracker('loss');
  #losses: readonly (Loss | null)[] = [];
  #weights: readonly number[] = [];
  #parts: readonly MeanTracker[] = [];
  #metrics: readonly MetricEntry[] = [];
  #built = false;

  constructor(options: ObjectiveOptions) {
    this.options = options;
    // unknown names fail here and not in the middle of a training
    for (const like of flat(options.loss)) {
      if (typeof like === 'string' && !isAuto(like, CROSSENTROPY) && !lossRegistry.has(like)) throw new NameError('loss', like, [...lossRegistry.names(), 'crossentropy']);
    }
    for (const like of [...flat(options.metrics), ...flat(options.weightedMetrics)]) {
      if (typeof like === 'string' && !isAuto(like, [...ACCURACY, ...CROSSENTROPY]) && !metricRegistry.has(like)) throw new NameError('metric', like, [...metricRegistry.names(), 'accuracy']);
    }
  }
  /** Throws where lists or records of the options do not fit the outputs. */
  check(outputs: readonly Port[]): void {
    this.lossesFor(outputs);
    this.#perOutput<number>((this.options.lossWeights ?? {}) as PerOutput<number>, outputs, 'lossWeights', 1);
    this.#metricsFor(this.options.metrics, outputs, 'metrics');
    this.#metricsFor(this.options.weightedMetrics, outputs, 'weightedMetrics');
  }
  get built(): boolean { return this.#built; }

  /** The loss of each output that can be known before labels are seen; null where there is none or it is still open. */
  lossesFor(outputs: readonly Port[]): readonly (Loss | null)[] {
    return this.#perOutput<CompileLoss>(this.options.loss, outputs, 'loss', null).map((like) => (like === null || isAuto(like, CROSSENTROPY) ? null : getLoss(like)));
  }
  /** Whether output `k` has labels: a loss or metrics. */
  usesOutput(outputs: readonly Port[], k: number): boolean {
    const has = (likes: readonly unknown[]): boolean => at(likes, k) !== null && flat(at(likes, k)).length > 0;
    return has(this.#perOutput(this.options.loss, outputs, 'loss', null)) || has(this.#metricsFor(this.options.metrics, outputs, 'metrics')) || has(this.#metricsFor(this.options.weightedMetrics, outputs, 'weightedMetrics'));
  }

  /** Decides losses and metrics for these outputs and labels; once. */
  build(outputs: readonly Port[], targets: readonly (ColumnSpec | null)[]): void {
    if (this.#built) return;
    const several = outputs.length > 1;
    this.#losses = this.#perOutput<CompileLoss>(this.options.loss, outputs, 'loss', null).map((like, k) => {
      const target = at(targets, k);
      if (like === null || target === null) return null;
      return getLoss(isAuto(like, CROSSENTROPY) ? CROSSENTROPIES[targetKind(shapesOf(target, at(outputs, k)))] : like);
    });
    const weights = this.options.lossWeights ?? {};
    this.#weights = this.#perOutput<number>(weights as PerOutput<number>, outputs, 'lossWeights', 1);
    this.#parts = several ? outputs.filter((_, k) => at(this.#losses, k) !== null).map((o) => new MeanTracker(`${o.name}_loss`)) : [];
    const entries: MetricEntry[] = [];
    for (const [list, weighted] of [[this.options.metrics, false], [this.options.weightedMetrics, true]] as const) {
      this.#metricsFor(list, outputs, weighted ? 'weightedMetrics' : 'metrics').forEach((likes, k) => {
        const target = at(targets, k), output = at(outputs, k);
        if (target === null) return;
        for (const like of likes) {
          const auto = isAuto(like, [...ACCURACY, ...CROSSENTROPY]);
          const metric = auto ? getMetric(like.toLowerCase(), shapesOf(target, output)) : getMetric(like);
          const name = typeof like === 'string' ? like : metric.name;
          const label = several ? `${output.name}_${name}` : name;
          entries.push({ label: entries.some((e) => e.label === label) || label === 'loss' ? `${weighted ? 'weighted_' : ''}${label}${weighted ? '' : `_${entries.length}`}` : label, metric, output: k, weighted });
        }
      });
    }
    this.#metrics = entries;
    this.#built = true;
  }

  /** names of the logs, in the order of `results` */
  get names(): readonly string[] { return ['loss', ...this.#parts.map((p) => p.name), ...this.#metrics.map((m) => m.label)]; }
  get metrics(): readonly Metric[] { return this.#metrics.map((entry) => entry.metric); }
  /** the sums that live on the device */
  get variables(): readonly Variable[] { return [...this.#total.variables, ...this.#parts.flatMap((p) => p.variables), ...this.#metrics.flatMap((m) => m.metric.variables)]; }

  /** In a trace: the weighted sum of the losses, and the loss of each output that has one. */
  loss(targets: readonly (Tensor | null)[], outputs: readonly Tensor[], sampleWeight: Tensor | null): { readonly total: Tensor; readonly parts: readonly Tensor[] } {
    const parts: Tensor[] = [];
    let total: Tensor | null = null;
    this.#losses.forEach((loss, k) => {
      const target = at(targets, k);
      if (loss === null || target === null) return;
      const part = loss.compute(target, at(outputs, k), sampleWeight);
      if (part.size !== 1) throw new ValueError(`Loss '${loss.name}' gives shape [${part.shape.join(', ')}]; training needs one number. Set its reduction to 'sumOverBatchSize' or 'sum'.`);
      parts.push(part);
      const factor = at(this.#weights, k), weighted = factor === 1 ? part : part.mul(factor);
      total = total === null ? weighted : (total as Tensor).add(weighted);
    });
    if (total === null) throw new ValueError('The model has no loss: give one to compile.');
    return { total, parts };
  }
  /** In a trace: adds a batch to the running means and metrics. */
  update(loss: Tensor, parts: readonly Tensor[], targets: readonly (Tensor | null)[], outputs: readonly Tensor[], sampleWeight: Tensor | null, size: number): void {
    this.#total.update(loss, size);
    this.#parts.forEach((tracker, i) => { tracker.update(at(parts, i), size); });
    for (const { metric, output, weighted } of this.#metrics) {
      const target = at(targets, output);
      if (target !== null) metric.update(target, at(outputs, output), weighted ? sampleWeight : null);
    }
  }
  /** In a trace: one scalar per name. */
  results(): Tensor[] {
    return [this.#total.result(), ...this.#parts.map((p) => p.result()), ...this.#metrics.map((m) => m.metric.result())];
  }
  reset(): void {
    this.#total.reset();
    for (const part of this.#parts) part.reset();
    for (const { metric } of this.#metrics) metric.reset();
  }

  #perOutput<T>(value: PerOutput<T> | undefined, outputs: readonly Port[], what: string, missing: T): T[] {
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
  #metricsFor(value: ObjectiveOptions['metrics'], outputs: readonly Port[], what: string): (readonly CompileMetric[])[] {
    if (value === undefined) return outputs.map(() => []);
    const list = (likes: CompileMetric | readonly CompileMetric[] | null): readonly CompileMetric[] => (likes === null ? [] : Array.isArray(likes) ? (likes as readonly CompileMetric[]) : [likes as CompileMetric]);
    if (outputs.length === 1 && Array.isArray(value)) return [(value as readonly (CompileMetric | readonly CompileMetric[])[]).flatMap(list)];
    return this.#perOutput<CompileMetric | readonly CompileMetric[] | null>(value, outputs, what, null).map(list);
  }
}

/** All entries of a value, list or record. */
function flat(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(flat);
  return isRecord(value) ? Object.values(value).flatMap(flat) : [value];
}
