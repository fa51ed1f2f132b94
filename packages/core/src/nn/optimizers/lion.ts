/** Lion (Chen et al. 2023): only the signs of a blend of momentum and gradient. Keras 3's formulas and defaults. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Optimizer, type Named, type OptimizerOptions, type RowUpdates, type Slot, type Update, type Updated } from './optimizer.ts';
import { mixed } from './rmsprop.ts';

/** Options of `lion`. */
export interface LionOptions extends OptimizerOptions {
  /** Share of the momentum in a step; above 0, at most 1. Default 0.9. */
  readonly beta1?: number;
  /** Share of the old momentum. Default 0.99. */
  readonly beta2?: number;
}
/** w ← w - rate · sign(β₁ m + (1 - β₁) g); m ← β₂ m + (1 - β₂) g. Learning rate 0.001. */
export class Lion extends Optimizer<'momentum', 'learningRate'> {
  declare readonly beta1: number;
  declare readonly beta2: number;
  constructor(options: LionOptions = {}) {
    super('Lion', options, { beta1: 0.9, beta2: 0.99 });
    if (!(this.beta1 > 0 && this.beta1 <= 1)) throw this.error(`beta1 ${this.beta1} must be above 0 and at most 1.`);
  }
  protected override slots(): Named<'momentum', Slot> { return { momentum: {} }; }
  protected override get rowUpdates(): RowUpdates { return 'lazy'; }
  protected override update({ weight, gradient, slots }: Update<'momentum'>, { learningRate }: Named<'learningRate', Tensor>): Updated {
    return { weight: ops.subtract(weight, ops.multiply(ops.sign(mixed(slots.momentum, gradient, this.beta1)), learningRate)), momentum: mixed(slots.momentum, gradient, this.beta2) };
  }
}
