/** Adam (Kingma and Ba 2014) and AMSGrad (Reddi et al. 2018). Keras 3's formulas and defaults (epsilon 1e-7). */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { blend, Optimizer, unbias, type Named, type OptimizerOptions, type RowUpdates, type Settings, type Slot, type Update, type Updated } from './optimizer.ts';

/** Options of `adam` and `adamW`. */
export interface AdamOptions extends OptimizerOptions {
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-7. */
  readonly epsilon?: number;
  /** Keep the largest second moment. Default false. */
  readonly amsgrad?: boolean;
}
/** α of Adam: rate · sqrt(1 - β₂ᵗ) / (1 - β₁ᵗ). */
export const adamRate = (rate: Tensor, step: Tensor, beta1: number, beta2: number): Tensor => ops.divide(ops.multiply(rate, ops.sqrt(unbias(beta2, step))), unbias(beta1, step));

/**
 * m ← m + (g - m)(1 - β₁); v ← v + (g² - v)(1 - β₂); w ← w - α m / (sqrt(v) + ε) with α = rate · sqrt(1 - β₂ᵗ) / (1 - β₁ᵗ). Learning rate 0.001.
 */
export class Adam extends Optimizer<'momentum' | 'velocity', 'alpha'> {
  declare readonly beta1: number;
  declare readonly beta2: number;
  declare readonly epsilon: number;
  declare readonly amsgrad: boolean;
  constructor(options: AdamOptions = {}, className = 'Adam', settings: Settings = {}) { super(className, options, { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, amsgrad: false, ...settings }); }
  protected override slots(): Named<'momentum' | 'velocity', Slot> { return { momentum: {}, velocity: {}, ...(this.amsgrad ? { velocity_hat: {} } : {}) }; }
  protected override factors(rate: Tensor, step: Tensor): Named<'alpha', Tensor> { return { alpha: adamRate(rate, step, this.beta1, this.beta2) }; }
  protected override get rowUpdates(): RowUpdates { return 'lazy'; }
  protected override update({ weight, gradient, slots }: Update<'momentum' | 'velocity'>, { alpha }: Named<'alpha', Tensor>): Updated {
    const momentum = blend(slots.momentum, gradient, this.beta1), velocity = blend(slots.velocity, ops.square(gradient), this.beta2), largest = slots['velocity_hat'];
    const hat = largest === undefined ? velocity : ops.maximum(largest, velocity);
    return { weight: ops.subtract(weight, ops.divide(ops.multiply(momentum, alpha), ops.add(ops.sqrt(hat), this.epsilon))), momentum, velocity, velocity_hat: hat };
  }
}
