/** Gradient descent, with momentum (Polyak) or Nesterov's. Keras 3's formulas. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Optimizer, type Named, type OptimizerOptions, type RowUpdates, type Slot, type Update, type Updated } from './optimizer.ts';

/** Options of `sgd`. */
export interface SGDOptions extends OptimizerOptions {
  /** 0 to 1; default 0. */
  readonly momentum?: number;
  readonly nesterov?: boolean;
}
/** m ← momentum · m - rate · g; w ← w + m (Nesterov: w + momentum · m - rate · g). Learning rate 0.01. */
export class SGD extends Optimizer<never, 'learningRate'> {
  declare readonly momentum: number;
  declare readonly nesterov: boolean;
  constructor(options: SGDOptions = {}) {
    super('SGD', options, { momentum: 0, nesterov: false }, 0.01);
    if (!(this.momentum >= 0 && this.momentum <= 1)) throw this.error(`momentum ${this.momentum} must be within 0 and 1.`);
  }
  protected override slots(): Named<never, Slot> { return this.momentum === 0 ? {} : { momentum: {} }; }
  protected override get rowUpdates(): RowUpdates { return this.momentum === 0 ? 'exact' : 'lazy'; }
  protected override update({ weight, gradient, slots }: Update, { learningRate }: Named<'learningRate', Tensor>): Updated {
    const step = ops.multiply(gradient, learningRate), m = slots['momentum'];
    if (m === undefined) return { weight: ops.subtract(weight, step) };
    const momentum = ops.subtract(ops.multiply(m, this.momentum), step);
    return { weight: ops.add(weight, this.nesterov ? ops.subtract(ops.multiply(momentum, this.momentum), step) : momentum), momentum };
  }
}
