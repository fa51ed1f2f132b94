/** Adam (Kingma and Ba 2014), AMSGrad (Reddi et al. 2018) and AdamW (Loshchilov and Hutter 2019). Keras 3's formulas and defaults (epsilon 1e-7). */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Config } from '../registry-table.ts';
import { Optimizer, type Factors, type OptimizerOptions, type RowUpdates, type Update, type Updated } from './optimizer.ts';

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
/**
 * m ← m + (g - m)(1 - β₁); v ← v + (g² - v)(1 - β₂); w ← w - α m / (sqrt(v) + ε) with α = rate · sqrt(1 - β₂ᵗ) / (1 - β₁ᵗ). Learning rate 0.001.
 */
export class Adam extends Optimizer {
  readonly className: string = 'Adam';
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly amsgrad: boolean;
  constructor(options: AdamOptions = {}, defaultName = 'adam', defaultDecay: number | null = null) {
    super(defaultName, 0.001, options, defaultDecay);
    this.beta1 = options.beta1 ?? 0.9; this.beta2 = options.beta2 ?? 0.999; this.epsilon = options.epsilon ?? 1e-7; this.amsgrad = options.amsgrad ?? false;
  }
  protected override slotNames(): readonly string[] { return ['momentum', 'velocity', ...(this.amsgrad ? ['velocity_hat'] : [])]; }
  protected override factors(learningRate: Tensor, step: Tensor): Factors {
    const power1 = ops.power(this.beta1, step), power2 = ops.power(this.beta2, step);
    return { alpha: ops.divide(ops.multiply(learningRate, ops.sqrt(ops.subtract(1, power2))), ops.subtract(1, power1)) };
  }
  protected override get rowUpdates(): RowUpdates { return 'lazy'; }
  protected override update({ weight, gradient, slots }: Update, factors: Factors): Updated {
    const m = slots['momentum'] ?? gradient, v = slots['velocity'] ?? gradient;
    const momentum = ops.add(m, ops.multiply(ops.subtract(gradient, m), 1 - this.beta1));
    const velocity = ops.add(v, ops.multiply(ops.subtract(ops.square(gradient), v), 1 - this.beta2));
    const hat = slots['velocity_hat'] === undefined ? null : ops.maximum(slots['velocity_hat'], velocity);
    const step = ops.divide(ops.multiply(momentum, factors['alpha'] ?? 0), ops.add(ops.sqrt(hat ?? velocity), this.epsilon));
    return { weight: ops.subtract(weight, step), slots: { momentum, velocity, ...(hat === null ? {} : { velocity_hat: hat }) } };
  }
  override getConfig(): Config { return { ...super.getConfig(), beta1: this.beta1, beta2: this.beta2, epsilon: this.epsilon, amsgrad: this.amsgrad }; }
}
/** Adam with decoupled weight decay, 0.004 by default. */
export class AdamW extends Adam {
  override readonly className = 'AdamW';
  constructor(options: AdamOptions = {}) { super(options, 'adamw', 0.004); }
}
