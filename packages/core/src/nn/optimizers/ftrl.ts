/** Follow the regularized leader (McMahan et al. 2013), with L1, L2 and shrinkage. Keras 3's formulas and defaults. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Optimizer, type Named, type OptimizerOptions, type RowUpdates, type Slot, type Update, type Updated } from './optimizer.ts';

/** Options of `ftrl`. */
export interface FtrlOptions extends OptimizerOptions {
  /** How the rate falls with the sum of squares: 0 or below. Default -0.5. */
  readonly learningRatePower?: number;
  /** First sum of squares, 0 or above. Default 0.1. */
  readonly initialAccumulatorValue?: number;
  /** Default 0. */
  readonly l1RegularizationStrength?: number;
  /** Default 0. */
  readonly l2RegularizationStrength?: number;
  /** L2 on the gradient alone, not on the learning rates. Default 0. */
  readonly l2ShrinkageRegularizationStrength?: number;
  /** β of the paper. Default 0. */
  readonly beta?: number;
}
type Slots = 'accumulator' | 'linear';
/**
 * n' = n + g²; z ← z + g + 2 s w - (n'^-p - n^-p) w / rate; w ← (clip(z, ±l₁) - z) / (n'^-p / rate + 2 l₂ + β / rate) with shrinkage s and power p. Learning rate 0.001.
 */
export class Ftrl extends Optimizer<Slots, 'learningRate'> {
  declare readonly learningRatePower: number;
  declare readonly initialAccumulatorValue: number;
  declare readonly l1RegularizationStrength: number;
  declare readonly l2RegularizationStrength: number;
  declare readonly l2ShrinkageRegularizationStrength: number;
  declare readonly beta: number;
  constructor(options: FtrlOptions = {}) {
    const own = { initialAccumulatorValue: 0.1, l1RegularizationStrength: 0, l2RegularizationStrength: 0, l2ShrinkageRegularizationStrength: 0 };
    super('Ftrl', options, { learningRatePower: -0.5, ...own, beta: 0 });
    for (const key of Object.keys(own) as (keyof typeof own)[]) if (this[key] < 0) throw this.error(`${key} ${this[key]} must not be below 0.`);
    if (this.learningRatePower > 0) throw this.error(`learningRatePower ${this.learningRatePower} must not be above 0.`);
  }
  protected override slots(): Named<Slots, Slot> { return { accumulator: { fill: this.initialAccumulatorValue }, linear: {} }; }
  protected override get rowUpdates(): RowUpdates { return 'lazy'; }
  protected override update({ weight, gradient, slots }: Update<Slots>, { learningRate: rate }: Named<'learningRate', Tensor>): Updated {
    const l1 = this.l1RegularizationStrength, accumulator = ops.add(slots.accumulator, ops.square(gradient));
    const root = (x: Tensor): Tensor => ops.divide(ops.power(x, -this.learningRatePower), rate), after = root(accumulator);
    const shrunk = ops.add(gradient, ops.multiply(weight, 2 * this.l2ShrinkageRegularizationStrength));
    const linear = ops.add(slots.linear, ops.subtract(shrunk, ops.multiply(ops.subtract(after, root(slots.accumulator)), weight)));
    const quadratic = ops.add(after, ops.add(ops.divide(this.beta, rate), 2 * this.l2RegularizationStrength));
    return { weight: ops.divide(ops.subtract(ops.clip(linear, -l1, l1), linear), quadratic), accumulator, linear };
  }
}
