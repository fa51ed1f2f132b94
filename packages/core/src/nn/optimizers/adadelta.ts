/** Adadelta (Zeiler 2012). Keras 3's formulas and defaults. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Optimizer, type Named, type OptimizerOptions, type RowUpdates, type Slot, type Update, type Updated } from './optimizer.ts';
import { mixed } from './rmsprop.ts';

/** Options of `adadelta`. */
export interface AdadeltaOptions extends OptimizerOptions {
  /** Share of the old means. Default 0.95. */
  readonly rho?: number;
  /** Default 1e-7. */
  readonly epsilon?: number;
}
type Slots = 'accumulated_grad' | 'accumulated_delta_var';
/** d = -g · rms(past d) / rms(g) with moving means of squares; w ← w + rate · d. Learning rate 0.001; the paper's is 1. */
export class Adadelta extends Optimizer<Slots, 'learningRate'> {
  declare readonly rho: number;
  declare readonly epsilon: number;
  constructor(options: AdadeltaOptions = {}) { super('Adadelta', options, { rho: 0.95, epsilon: 1e-7 }); }
  protected override slots(): Named<Slots, Slot> { return { accumulated_grad: {}, accumulated_delta_var: {} }; }
  protected override get rowUpdates(): RowUpdates { return 'lazy'; }
  protected override update({ weight, gradient, slots }: Update<Slots>, { learningRate }: Named<'learningRate', Tensor>): Updated {
    const rms = (x: Tensor): Tensor => ops.sqrt(ops.add(x, this.epsilon));
    const grad = mixed(slots.accumulated_grad, ops.square(gradient), this.rho);
    const delta = ops.divide(ops.multiply(rms(slots.accumulated_delta_var), gradient), rms(grad));
    return { weight: ops.subtract(weight, ops.multiply(delta, learningRate)), accumulated_grad: grad, accumulated_delta_var: mixed(slots.accumulated_delta_var, ops.square(delta), this.rho) };
  }
}
