/** Adamax (Kingma and Ba 2014, section 7.1): Adam with the largest gradient in place of the second moment. Keras 3's formulas and defaults. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { AdamOptions } from './adam.ts';
import { blend, Optimizer, unbias, type Named, type RowUpdates, type Slot, type Update, type Updated } from './optimizer.ts';

/** m ← m + (g - m)(1 - β₁); u ← max(β₂ u, |g|); w ← w - rate · m / ((1 - β₁ᵗ)(u + ε)). Learning rate 0.001. */
export class Adamax extends Optimizer<'momentum' | 'norm', 'alpha'> {
  declare readonly beta1: number;
  declare readonly beta2: number;
  declare readonly epsilon: number;
  constructor(options: Omit<AdamOptions, 'amsgrad'> = {}) { super('Adamax', options, { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }); }
  protected override slots(): Named<'momentum' | 'norm', Slot> { return { momentum: {}, norm: {} }; }
  protected override factors(rate: Tensor, step: Tensor): Named<'alpha', Tensor> { return { alpha: ops.divide(rate, unbias(this.beta1, step)) }; }
  protected override get rowUpdates(): RowUpdates { return 'lazy'; }
  protected override update({ weight, gradient, slots }: Update<'momentum' | 'norm'>, { alpha }: Named<'alpha', Tensor>): Updated {
    const momentum = blend(slots.momentum, gradient, this.beta1), norm = ops.maximum(ops.multiply(slots.norm, this.beta2), ops.abs(gradient));
    return { weight: ops.subtract(weight, ops.divide(ops.multiply(momentum, alpha), ops.add(norm, this.epsilon))), momentum, norm };
  }
}
