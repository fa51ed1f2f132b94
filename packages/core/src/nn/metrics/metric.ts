/**
 * The base of metrics: running sums in variables, so that they live on the device and are updated inside the compiled step.
 * Averages follow Keras 3: values are averaged per sample first, then over samples by weight.
 */
import { ValueError } from '../../base/errors.ts';
import type { Shape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Variable } from '../../tensor/variable.ts';
import type { BatchShape } from '../layer.ts';
import { sameRank } from '../losses/loss.ts';
import { withDefaults, type Config } from '../registry-table.ts';

/** Options of metrics. */
export interface MetricOptions { readonly name?: string }
/** Shapes with the batch. */
export interface MetricShapes { readonly yTrue: BatchShape; readonly yPred: BatchShape }

/** Base class of metrics. `P`: options of the class beyond the name. */
export abstract class Metric<P extends object = object> {
  abstract readonly className: string;
  readonly name: string;
  /** The options of the class, with defaults. */
  readonly params: P;
  /** The running state; `reset` sets it to 0. */
  readonly variables: Variable[] = [];
  constructor(defaultName: string, options: MetricOptions & Partial<P> = {}, defaults: P = {} as P) {
    this.name = options.name ?? defaultName;
    this.params = withDefaults(`Metric '${this.name}'`, defaults, options);
  }
  protected addVariable(name: string, shape: Shape = []): Variable {
    const variable = Variable.zeros(shape, 'f32', { name: `${this.name}/${name}`, trainable: false });
    this.variables.push(variable);
    return variable;
  }
  /** Makes the state that depends on the shapes; a model calls it before the first batch, else `update` does. */
  build(_shapes: MetricShapes): void { /* most know their state at once */ }
  /** Takes a batch in: targets and predictions, or values for `Mean` and `Sum` (then the second argument is the weight). */
  abstract update(first: Tensor, second?: Tensor | null, sampleWeight?: Tensor | null): void;
  /** The metric so far, a scalar (or one number per class or threshold where the options ask for it): symbolic inside a traced function. */
  abstract result(): Tensor;
  /** Back to the start; now, or at the end of the traced program. */
  reset(): void { for (const v of this.variables) v.assign(ops.zeros(v.shape, v.dtype)); }
  getConfig(): Config { return { name: this.name, ...this.params }; }
}
/** a / b, 0 where b is 0. */
export const ratio = (a: Tensor, b: Tensor): Tensor => { const none = ops.equal(b, 0); return ops.where(none, 0, ops.divide(a, ops.where(none, 1, b))); };
/** Predictions, or an error that says they are missing. */
export function needed(yPred: Tensor | null | undefined, who: string): Tensor {
  if (yPred === null || yPred === undefined) throw new ValueError(`Metric '${who}' needs targets and predictions.`);
  return yPred;
}

/** Values and weights per sample: inner axes are reduced (weighted where the weight has them). */
function perSample(values: Tensor, sampleWeight: Tensor | null, reduce: (x: Tensor, axis: number[]) => Tensor): [Tensor, Tensor | null] {
  let own: Tensor = ops.cast(values, 'f32'), weight: Tensor | null = null;
  const inner = (x: Tensor, from: number): number[] => Array.from({ length: Math.max(0, x.rank - from) }, (_, i) => i + from);
  if (sampleWeight !== null) {
    [own, weight] = sameRank(own, ops.cast(sampleWeight, 'f32'));
    if (own.rank > weight.rank) own = reduce(own, inner(own, weight.rank));
    weight = ops.broadcastTo(weight, own.shape);
    own = ops.multiply(own, weight);
    if (weight.rank > 1) weight = reduce(weight, inner(weight, 1));
  }
  return [own.rank > 1 ? reduce(own, inner(own, 1)) : own, weight];
}

/** Σ values · weights. */
export class Sum extends Metric {
  readonly className: string = 'Sum';
  private readonly total: Variable;
  constructor(options: MetricOptions = {}) { super('sum', options); this.total = this.addVariable('total'); }
  update(values: Tensor, sampleWeight: Tensor | null = null): void {
    const [own] = perSample(values, sampleWeight, (x, axis) => ops.sum(x, axis));
    this.total.assign(ops.add(this.total.value, ops.sum(own)));
  }
  result(): Tensor { return this.total.value; }
}
/** Weighted mean; 0 before the first value. */
export class Mean<P extends object = object> extends Metric<P> {
  readonly className: string = 'Mean';
  protected readonly total: Variable;
  protected readonly count: Variable;
  constructor(options: MetricOptions & Partial<P> = {}, defaultName = 'mean', defaults: P = {} as P) { super(defaultName, options, defaults); this.total = this.addVariable('total'); this.count = this.addVariable('count'); }
  update(values: Tensor, sampleWeight: Tensor | null = null): void {
    const [own, weight] = perSample(values, sampleWeight, (x, axis) => ops.mean(x, axis));
    this.total.assign(ops.add(this.total.value, ops.sum(own)));
    const count = weight === null ? (own.rank === 0 ? 1 : own.shape[0] ?? 1) : ops.sum(weight);
    this.count.assign(ops.add(this.count.value, count));
  }
  result(): Tensor {
    return ratio(this.total.value, this.count.value);
  }
}
/** The mean of a function of targets and predictions. */
export abstract class MeanOf<P extends object = object> extends Mean<P> {
  /** One value per sample (or more: inner axes are averaged). */
  abstract values(yTrue: Tensor, yPred: Tensor): Tensor;
  override update(yTrue: Tensor, yPred: Tensor | null = null, sampleWeight: Tensor | null = null): void {
    super.update(this.values(yTrue, needed(yPred, this.name)), sampleWeight);
  }
}
/** The mean of a function of your own. */
export class FunctionMetric extends MeanOf {
  override readonly className: string;
  private readonly fn: (yTrue: Tensor, yPred: Tensor) => Tensor;
  constructor(fn: (yTrue: Tensor, yPred: Tensor) => Tensor, name: string = fn.name === '' ? 'metric' : fn.name) { super({ name }); this.fn = fn; this.className = name; }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return this.fn(yTrue, yPred); }
}
