/**
 * The base of metrics: running sums in variables, so that they live on the device and are updated inside the compiled step.
 * Averages follow Keras 3: values are averaged per sample first, then over samples by weight.
 */
import { ValueError } from '../../base/errors.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Variable } from '../../tensor/variable.ts';
import { sameRank } from '../losses/loss.ts';
import type { Config } from '../registry-table.ts';

/** Base class of metrics. */
export abstract class Metric {
  abstract readonly className: string;
  readonly name: string;
  /** The running state; `reset` sets it to 0. */
  readonly variables: Variable[] = [];
  constructor(name: string) { this.name = name; }
  protected addVariable(name: string): Variable {
    const variable = Variable.zeros([], 'f32', { name: `${this.name}/${name}`, trainable: false });
    this.variables.push(variable);
    return variable;
  }
  /** Takes a batch in: targets and predictions, or values for `Mean` and `Sum` (then the second argument is the weight). */
  abstract update(first: Tensor, second?: Tensor | null, sampleWeight?: Tensor | null): void;
  /** The metric so far, a scalar: symbolic inside a traced function. */
  abstract result(): Tensor;
  /** Back to the start; now, or at the end of the traced program. */
  reset(): void { for (const v of this.variables) v.assign(ops.zeros(v.shape, v.dtype)); }
  getConfig(): Config { return { name: this.name }; }
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
  constructor(name = 'sum') { super(name); this.total = this.addVariable('total'); }
  update(values: Tensor, sampleWeight: Tensor | null = null): void {
    const [own] = perSample(values, sampleWeight, (x, axis) => ops.sum(x, axis));
    this.total.assign(ops.add(this.total.value, ops.sum(own)));
  }
  result(): Tensor { return this.total.value; }
}
/** Weighted mean; 0 before the first value. */
export class Mean extends Metric {
  readonly className: string = 'Mean';
  protected readonly total: Variable;
  protected readonly count: Variable;
  constructor(name = 'mean') { super(name); this.total = this.addVariable('total'); this.count = this.addVariable('count'); }
  update(values: Tensor, sampleWeight: Tensor | null = null): void {
    const [own, weight] = perSample(values, sampleWeight, (x, axis) => ops.mean(x, axis));
    this.total.assign(ops.add(this.total.value, ops.sum(own)));
    const count = weight === null ? (own.rank === 0 ? 1 : own.shape[0] ?? 1) : ops.sum(weight);
    this.count.assign(ops.add(this.count.value, count));
  }
  result(): Tensor {
    const count = this.count.value, none = ops.equal(count, 0);
    return ops.where(none, 0, ops.divide(this.total.value, ops.where(none, 1, count)));
  }
}
/** The mean of a function of targets and predictions. */
export abstract class MeanOf extends Mean {
  /** One value per sample (or more: inner axes are averaged). */
  abstract values(yTrue: Tensor, yPred: Tensor): Tensor;
  override update(yTrue: Tensor, yPred: Tensor | null = null, sampleWeight: Tensor | null = null): void {
    if (yPred === null) throw new ValueError(`Metric '${this.name}' needs targets and predictions.`);
    super.update(this.values(yTrue, yPred), sampleWeight);
  }
}
/** The mean of a function of your own. */
export class FunctionMetric extends MeanOf {
  override readonly className: string;
  private readonly fn: (yTrue: Tensor, yPred: Tensor) => Tensor;
  constructor(fn: (yTrue: Tensor, yPred: Tensor) => Tensor, name: string = fn.name === '' ? 'metric' : fn.name) { super(name); this.fn = fn; this.className = name; }
  override values(yTrue: Tensor, yPred: Tensor): Tensor { return this.fn(yTrue, yPred); }
}
