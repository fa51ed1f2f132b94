/** RMSprop (Tieleman and Hinton 2012), plain or centered, with momentum. Keras 3's formulas. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Optimizer, type Named, type OptimizerOptions, type RowUpdates, type Slot, type Update, type Updated } from './optimizer.ts';

/** Options of `rmsprop`. */
export interface RMSpropOptions extends OptimizerOptions {
  /** Default 0.9. */
  readonly rho?: number;
  /** Default 0. */
  readonly momentum?: number;
  /** Default 1e-7. */
  readonly epsilon?: number;
  /** Divide by the variance instead of the second moment. Default false. */
  readonly centered?: boolean;
}
/** v ← rho · v + (1 - rho) g²; w ← w - rate · g / sqrt(v + epsilon). Learning rate 0.001. */
export class RMSprop extends Optimizer<'velocity', 'learningRate'> {
  declare readonly rho: number;
  declare readonly momentum: number;
  declare readonly epsilon: number;
  declare readonly centered: boolean;
  constructor(options: RMSpropOptions = {}) { super('RMSprop', options, { rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false }); }
  protected override slots(): Named<'velocity', Slot> { return { velocity: {}, ...(this.momentum > 0 ? { momentum: {} } : {}), ...(this.centered ? { average_gradient: {} } : {}) }; }
  protected override get rowUpdates(): RowUpdates { return 'lazy'; }
  protected override update({ weight, gradient, slots }: Update<'velocity'>, { learningRate }: Named<'learningRate', Tensor>): Updated {
    const { momentum: m, average_gradient: mean } = slots, velocity = mixed(slots.velocity, ops.square(gradient), this.rho);
    const average = mean === undefined ? undefined : mixed(mean, gradient, this.rho);
    const variance = average === undefined ? velocity : ops.subtract(velocity, ops.square(average));
    const increment = ops.divide(ops.multiply(gradient, learningRate), ops.sqrt(ops.add(variance, this.epsilon)));
    const momentum = m === undefined ? increment : ops.add(ops.multiply(m, this.momentum), increment);
    return { weight: ops.subtract(weight, momentum), velocity, momentum, average_gradient: average };
  }
}
/** share · old + (1 - share) · fresh */
export const mixed = (old: Tensor, fresh: Tensor, share: number): Tensor => ops.add(ops.multiply(old, share), ops.multiply(fresh, 1 - share));
