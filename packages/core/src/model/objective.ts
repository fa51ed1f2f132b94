/**
 * What a model is trained for: the losses of its outputs with their weights, and the metrics. Built from the options of `compile` (compiled.ts);
 * 'accuracy' and 'crossentropy' are decided when the shapes of labels are known.
 */
import { ValueError } from '../base/errors.ts';
import { at } from '../base/shape.ts';
import type { Masked } from '../nn/layer.ts';
import { getLoss, maskedWeight, type Loss } from '../nn/losses/index.ts';
import { getMetric, MeanOf, targetKind, type Metric, type MetricShapes } from '../nn/metrics/index.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Variable } from '../tensor/variable.ts';
import { ACCURACY, CROSSENTROPY, entriesOf, isAuto, lossNamesFor, lossWeightsFor, metricsFor, type ObjectiveOptions } from './compiled.ts';
import type { ColumnSpec } from './feed.ts';
import { MeanTracker } from './meanTracker.ts';
import type { Port } from './trainee.ts';

interface MetricEntry { readonly label: string; readonly metric: Metric; readonly output: number; readonly weighted: boolean }
/** The shapes by which 'accuracy' and 'crossentropy' are decided. */
const shapesOf = (target: ColumnSpec, output: Port): MetricShapes => ({ yTrue: [null, ...target.shape], yPred: [null, ...output.shape] });
const CROSSENTROPIES = { binary: 'binaryCrossentropy', sparse: 'sparseCategoricalCrossentropy', categorical: 'categoricalCrossentropy' } as const;

/** The loss of each output that can be known before labels are seen; null where there is none or it is still open. */
export function lossesFor(options: ObjectiveOptions, outputs: readonly Port[]): readonly (Loss | null)[] {
  return lossNamesFor(options, outputs).map((like) => (like === null || isAuto(like, CROSSENTROPY) ? null : getLoss(like)));
}

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
  }
  get built(): boolean { return this.#built; }

  /** Whether output `k` has labels: a loss or metrics. */
  usesOutput(outputs: readonly Port[], k: number): boolean {
    const has = (likes: readonly unknown[]): boolean => at(likes, k) !== null && entriesOf(at(likes, k)).length > 0;
    return has(lossNamesFor(this.options, outputs)) || has(metricsFor(this.options.metrics, outputs, 'metrics')) || has(metricsFor(this.options.weightedMetrics, outputs, 'weightedMetrics'));
  }

  /** Decides losses and metrics for these outputs and labels; once. */
  build(outputs: readonly Port[], targets: readonly (ColumnSpec | null)[]): void {
    if (this.#built) return;
    const several = outputs.length > 1;
    this.#losses = lossNamesFor(this.options, outputs).map((like, k) => {
      const target = at(targets, k);
      if (like === null || target === null) return null;
      return getLoss(isAuto(like, CROSSENTROPY) ? CROSSENTROPIES[targetKind(shapesOf(target, at(outputs, k)))] : like);
    });
    this.#weights = lossWeightsFor(this.options, outputs);
    this.#parts = several ? outputs.filter((_, k) => at(this.#losses, k) !== null).map((o) => new MeanTracker(`${o.name}_loss`)) : [];
    const entries: MetricEntry[] = [];
    for (const [list, weighted] of [[this.options.metrics, false], [this.options.weightedMetrics, true]] as const) {
      metricsFor(list, outputs, weighted ? 'weightedMetrics' : 'metrics').forEach((likes, k) => {
        const target = at(targets, k), output = at(outputs, k);
        if (target === null) return;
        for (const like of likes) {
          const auto = isAuto(like, [...ACCURACY, ...CROSSENTROPY]);
          const metric = auto ? getMetric(like.toLowerCase(), shapesOf(target, output)) : getMetric(like);
          metric.build(shapesOf(target, output));
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
  loss(targets: readonly (Tensor | null)[], { outputs, masks }: Masked, sampleWeight: Tensor | null): { readonly total: Tensor; readonly parts: readonly Tensor[] } {
    const parts: Tensor[] = [];
    let total: Tensor | null = null;
    this.#losses.forEach((loss, k) => {
      const target = at(targets, k);
      if (loss === null || target === null) return;
      const part = loss.compute(target, at(outputs, k), sampleWeight, masks[k] ?? null);
      if (part.size !== 1) throw new ValueError(`Loss '${loss.name}' gives shape [${part.shape.join(', ')}]; training needs one number. Set its reduction to 'sumOverBatchSize' or 'sum'.`);
      parts.push(part);
      const factor = at(this.#weights, k), weighted = factor === 1 ? part : part.mul(factor);
      total = total === null ? weighted : (total as Tensor).add(weighted);
    });
    if (total === null) throw new ValueError('The model has no loss: give one to compile.');
    return { total, parts };
  }
  /** In a trace: adds a batch to the running means and metrics. */
  update(loss: Tensor, parts: readonly Tensor[], targets: readonly (Tensor | null)[], { outputs, masks }: Masked, sampleWeight: Tensor | null, size: number): void {
    this.#total.update(loss, size);
    this.#parts.forEach((tracker, i) => { tracker.update(at(parts, i), size); });
    for (const { metric, output, weighted } of this.#metrics) {
      const target = at(targets, output);
      if (target === null) continue;
      // means do not count masked steps; other metrics know no masks, as in Keras
      const weight = weighted ? sampleWeight : null, mask = metric instanceof MeanOf ? masks[output] ?? null : null;
      metric.update(target, at(outputs, output), mask === null ? weight : maskedWeight(weight, mask, false));
    }
  }
  /** In a trace: one scalar per name. */
  results(): Tensor[] {
    return [this.#total.result(), ...this.#parts.map((p) => p.result()), ...this.#metrics.map(({ label, metric }) => {
      const result = metric.result();
      if (result.size !== 1) throw new ValueError(`Metric '${label}' gives shape [${result.shape.join(', ')}]; training shows one number per metric. Choose one threshold, or an average ('macro' for F scores).`);
      return result;
    })];
  }
  reset(): void {
    this.#total.reset();
    for (const part of this.#parts) part.reset();
    for (const { metric } of this.#metrics) metric.reset();
  }
}
