/** Schedule-free AdamW (Defazio et al. 2024): an average of the weights in place of a falling learning rate. Keras 3's formulas and defaults. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { AdamOptions } from './adam.ts';
import { blend, Optimizer, unbias, type Named, type Slot, type Update, type Updated } from './optimizer.ts';

/** Options of `scheduleFreeAdamW`. Defaults: beta1 0.9, beta2 0.999, epsilon 1e-8. */
export interface ScheduleFreeAdamWOptions extends Omit<AdamOptions, 'amsgrad'> {
  /** Steps over which the learning rate rises to its value. Default 0. */
  readonly warmupSteps?: number;
}
type Slots = 'momentum' | 'velocity';
type Factor = 'learningRate' | 'second' | 'share' | 'first';
/**
 * z ← z - rate · g / (sqrt(v̂) + ε); x ← x + (z - x) / t; w = (1 - β₁) z + β₁ x. Of x and z only z ('momentum') is kept; the weights give x.
 * Learning rate 0.0025.
 */
export class ScheduleFreeAdamW extends Optimizer<Slots, Factor> {
  declare readonly beta1: number;
  declare readonly beta2: number;
  declare readonly epsilon: number;
  declare readonly warmupSteps: number;
  constructor(options: ScheduleFreeAdamWOptions = {}) { super('ScheduleFreeAdamW', options, { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, warmupSteps: 0 }, 0.0025); }
  protected override slots(): Named<Slots, Slot> { return { momentum: {}, velocity: {} }; }
  protected override factors(rate: Tensor, step: Tensor): Named<Factor, Tensor> {
    const learningRate = this.warmupSteps > 0 ? ops.multiply(rate, ops.minimum(ops.divide(step, this.warmupSteps), 1)) : rate;
    return { learningRate, second: unbias(this.beta2, step), share: ops.reciprocal(step), first: ops.lessEqual(step, 1) };
  }
  protected override update({ weight, gradient, slots, variable }: Update<Slots>, { learningRate, second, share, first }: Named<Factor, Tensor>): Updated {
    const { beta1 } = this, velocity = blend(slots.velocity, ops.square(gradient), this.beta2);
    // z begins where the weights are, before any decay
    const z = ops.where(first, variable.value, slots.momentum), x = ops.divide(ops.subtract(weight, ops.multiply(z, 1 - beta1)), beta1);
    const momentum = ops.subtract(z, ops.divide(ops.multiply(gradient, learningRate), ops.add(ops.sqrt(ops.divide(velocity, second)), this.epsilon)));
    const mean = ops.add(ops.multiply(x, ops.subtract(1, share)), ops.multiply(momentum, share));
    return { weight: ops.add(ops.multiply(momentum, 1 - beta1), ops.multiply(mean, beta1)), momentum, velocity };
  }
}
