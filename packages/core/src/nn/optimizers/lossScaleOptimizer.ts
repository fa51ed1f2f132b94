/** Dynamic loss scale, as in Keras 3: for training in narrow dtypes, where small gradients would become 0. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import type { Config } from '../registry-table.ts';
import type { Schedule } from '../schedules/index.ts';
import { Optimizer, type Named, type Slot, type Update, type Updated } from './optimizer.ts';

/** Options of `lossScaleOptimizer`; everything else is set on the inner optimizer. */
export interface LossScaleOptions {
  readonly name?: string;
  /** Default 2^15. */
  readonly initialScale?: number;
  /** Steps without infinite gradients after which the scale doubles. Default 2000. */
  readonly dynamicGrowthSteps?: number;
}
type State = 'step_counter' | 'dynamic_scale';
/**
 * The loss is multiplied by a scale, the gradients are divided by it. A step whose gradients are not all finite changes nothing and halves the scale;
 * `dynamicGrowthSteps` finite ones double it.
 */
export class LossScaleOptimizer extends Optimizer {
  declare readonly initialScale: number;
  declare readonly dynamicGrowthSteps: number;
  readonly inner: Optimizer;
  /** Throws ValueError when the inner optimizer scales the loss itself. */
  constructor(inner: Optimizer, options: LossScaleOptions = {}) {
    super('LossScaleOptimizer', options, { initialScale: 2 ** 15, dynamicGrowthSteps: 2000 }, 0, inner.iterations);
    this.inner = inner;
    if (inner.lossScaleFactor !== null || inner instanceof LossScaleOptimizer) throw this.error('the inner optimizer scales the loss as well; leave its lossScaleFactor out.');
  }
  override get learningRate(): number | Schedule { return this.inner.learningRate; }
  override set learningRate(rate: number | Schedule) { if (this.inner !== undefined) this.inner.learningRate = rate; }
  override get skips(): boolean { return true; }
  override get variables(): Variable[] { return [...this.inner.variables, ...super.variables.slice(1)]; }
  override get averages(): (readonly [Variable, Variable])[] { return this.inner.averages; }
  override build(variables: readonly Variable[]): void { super.build([]); this.inner.build(variables); }
  override excludeFromWeightDecay(what: readonly (Variable | string)[]): void { this.inner.excludeFromWeightDecay(what); }
  protected override slots(): Named<never, Slot> { return {}; }
  protected override shared(): Readonly<Record<State, Slot>> { return { step_counter: {}, dynamic_scale: { fill: this.initialScale } }; }
  protected override update({ weight }: Update): Updated { return { weight }; }
  #states(): Record<State, Variable> { return this.sharedStates as Record<State, Variable>; }
  override scaleLoss(loss: Tensor): Tensor { return ops.multiply(loss, this.#states().dynamic_scale.value); }
  override apply(grads: readonly Tensor[], variables: readonly Variable[], learningRate: Tensor): void {
    this.build(variables);
    const { step_counter: counter, dynamic_scale: scale } = this.#states(), now = scale.value, finite = grads.map((g) => ops.all(ops.isFinite(g))).reduce((a, b) => ops.logicalAnd(a, b));
    this.inner.apply(grads.map((g) => ops.divide(g, now)), variables, learningRate, finite);
    const grows = ops.equal(counter.value, this.dynamicGrowthSteps - 1);
    scale.assign(ops.multiply(now, ops.where(finite, ops.where(grows, 2, 1), 0.5)));
    counter.assign(ops.where(ops.logicalAnd(finite, ops.logicalNot(grows)), ops.add(counter.value, 1), 0));
  }
  override getConfig(): Config {
    const { className } = this.inner;
    return { name: this.name, innerOptimizer: { className, config: this.inner.getConfig() }, initialScale: this.initialScale, dynamicGrowthSteps: this.dynamicGrowthSteps };
  }
}
