/** RMSprop (Tieleman and Hinton 2012), plain or centered, with momentum. Keras 3's formulas. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Config } from '../registry-table.ts';
import { Optimizer, type Factors, type OptimizerOptions, type RowUpdates, type Update, type Updated } from './optimizer.ts';

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
export class RMSprop extends Optimizer {
  readonly className = 'RMSprop';
  readonly rho: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly centered: boolean;
  constructor(options: RMSpropOptions = {}) {
    super('rmsprop', 0.001, options);
    this.rho = options.rho ?? 0.9; this.momentum = options.momentum ?? 0; this.epsilon = options.epsilon ?? 1e-7; this.centered = options.centered ?? false;
  }
  protected override slotNames(): readonly string[] { return ['velocity', ...(this.momentum > 0 ? ['momentum'] : []), ...(this.centered ? ['average_gradient'] : [])]; }
  protected override get rowUpdates(): RowUpdates { return 'lazy'; }
  protected override update({ weight, gradient, slots }: Update, factors: Factors): Updated {
    const mixed = (old: Tensor, fresh: Tensor): Tensor => ops.add(ops.multiply(old, this.rho), ops.multiply(fresh, 1 - this.rho));
    const velocity = mixed(slots['velocity'] ?? gradient, ops.square(gradient));
    const average = slots['average_gradient'] === undefined ? null : mixed(slots['average_gradient'], gradient);
    const denominator = ops.add(average === null ? velocity : ops.subtract(velocity, ops.square(average)), this.epsilon);
    const increment = ops.divide(ops.multiply(gradient, factors['learningRate'] ?? 0), ops.sqrt(denominator));
    const own = { velocity, ...(average === null ? {} : { average_gradient: average }) };
    if (slots['momentum'] === undefined) return { weight: ops.subtract(weight, increment), slots: own };
    const momentum = ops.add(ops.multiply(slots['momentum'], this.momentum), increment);
    return { weight: ops.subtract(weight, momentum), slots: { ...own, momentum } };
  }
  override getConfig(): Config { return { ...super.getConfig(), rho: this.rho, momentum: this.momentum, epsilon: this.epsilon, centered: this.centered }; }
}
