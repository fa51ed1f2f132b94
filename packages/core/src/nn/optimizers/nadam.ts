/** Nadam (Dozat 2016): Adam with Nesterov's momentum. Keras 3's formulas and defaults. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { AdamOptions } from './adam.ts';
import { blend, Optimizer, unbias, type Named, type RowUpdates, type Slot, type Update, type Updated } from './optimizer.ts';

type Slots = 'momentum' | 'velocity';
type Factor = 'u_product' | 'forMomentum' | 'forGradient' | 'second';
/**
 * With μₜ = β₁ (1 - 0.96ᵗ / 2) and P the product of μ₁…μₜ: m̂ = μₜ₊₁ m / (1 - P μₜ₊₁) + (1 - μₜ) g / (1 - P); w ← w - rate · m̂ / (sqrt(v̂) + ε).
 * Learning rate 0.001.
 */
export class Nadam extends Optimizer<Slots, Factor> {
  declare readonly beta1: number;
  declare readonly beta2: number;
  declare readonly epsilon: number;
  constructor(options: Omit<AdamOptions, 'amsgrad'> = {}) { super('Nadam', options, { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }); }
  protected override slots(): Named<Slots, Slot> { return { momentum: {}, velocity: {} }; }
  protected override shared(): Readonly<Record<string, Slot>> { return { u_product: { fill: 1 } }; }
  protected override factors(rate: Tensor, step: Tensor, { u_product: before }: Named<'u_product', Tensor>): Named<Factor, Tensor> {
    const mu = (t: Tensor): Tensor => ops.multiply(ops.subtract(1, ops.multiply(ops.power(0.96, t), 0.5)), this.beta1);
    const now = mu(step), next = mu(ops.add(step, 1)), product = ops.multiply(before, now);
    return {
      u_product: product, second: unbias(this.beta2, step), forMomentum: ops.divide(ops.multiply(rate, next), ops.subtract(1, ops.multiply(product, next))),
      forGradient: ops.divide(ops.multiply(rate, ops.subtract(1, now)), ops.subtract(1, product)),
    };
  }
  protected override get rowUpdates(): RowUpdates { return 'lazy'; }
  protected override update({ weight, gradient, slots }: Update<Slots>, { forMomentum, forGradient, second }: Named<Factor, Tensor>): Updated {
    const momentum = blend(slots.momentum, gradient, this.beta1), velocity = blend(slots.velocity, ops.square(gradient), this.beta2);
    const step = ops.add(ops.multiply(momentum, forMomentum), ops.multiply(gradient, forGradient));
    return { weight: ops.subtract(weight, ops.divide(step, ops.add(ops.sqrt(ops.divide(velocity, second)), this.epsilon))), momentum, velocity };
  }
}
