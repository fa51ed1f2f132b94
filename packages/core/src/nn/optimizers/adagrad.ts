/** Adagrad (Duchi et al. 2011). Keras 3's formulas and defaults. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Optimizer, type Named, type OptimizerOptions, type RowUpdates, type Slot, type Update, type Updated } from './optimizer.ts';

/** Options of `adagrad`. */
export interface AdagradOptions extends OptimizerOptions {
  /** First sum of squares. Default 0.1. */
  readonly initialAccumulatorValue?: number;
  /** Default 1e-7. */
  readonly epsilon?: number;
}
/** s ← s + g²; w ← w - rate · g / sqrt(s + ε). Learning rate 0.001. */
export class Adagrad extends Optimizer<'accumulator', 'learningRate'> {
  declare readonly initialAccumulatorValue: number;
  declare readonly epsilon: number;
  constructor(options: AdagradOptions = {}) { super('Adagrad', options, { initialAccumulatorValue: 0.1, epsilon: 1e-7 }); }
  protected override slots(): Named<'accumulator', Slot> { return { accumulator: { fill: this.initialAccumulatorValue } }; }
  protected override get rowUpdates(): RowUpdates { return 'exact'; }
  protected override update({ weight, gradient, slots }: Update<'accumulator'>, { learningRate }: Named<'learningRate', Tensor>): Updated {
    const accumulator = ops.add(slots.accumulator, ops.square(gradient));
    return { weight: ops.subtract(weight, ops.divide(ops.multiply(gradient, learningRate), ops.sqrt(ops.add(accumulator, this.epsilon)))), accumulator };
  }
}
