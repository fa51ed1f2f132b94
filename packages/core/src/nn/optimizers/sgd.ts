/** Gradient descent, with momentum (Polyak) or Nesterov's. Keras 3's formulas. */
import { ValueError } from '../../base/errors.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Config } from '../registry-table.ts';
import { Optimizer, type Factors, type OptimizerOptions, type RowUpdates, type Update, type Updated } from './optimizer.ts';

/** Options of `sgd`. */
export interface SGDOptions extends OptimizerOptions {
  /** 0 to 1; default 0. */
  readonly momentum?: number;
  readonly nesterov?: boolean;
}
/** m ← momentum · m - rate · g; w ← w + m (Nesterov: w + momentum · m - rate · g). Learning rate 0.01. */
export class SGD extends Optimizer {
  readonly className = 'SGD';
  readonly momentum: number;
  readonly nesterov: boolean;
  constructor(options: SGDOptions = {}) {
    super('sgd', 0.01, options);
    this.momentum = options.momentum ?? 0;
    this.nesterov = options.nesterov ?? false;
    if (!(this.momentum >= 0 && this.momentum <= 1)) throw new ValueError(`SGD: momentum ${this.momentum} must be within 0 and 1.`);
  }
  protected override slotNames(): readonly string[] { return this.momentum === 0 ? [] : ['momentum']; }
  protected override get rowUpdates(): RowUpdates { return this.momentum === 0 ? 'exact' : 'lazy'; }
  protected override update({ weight, gradient, slots }: Update, factors: Factors): Updated {
    const step = ops.multiply(gradient, factors['learningRate'] ?? 0), m = slots['momentum'];
    if (m === undefined) return { weight: ops.subtract(weight, step), slots: {} };
    const next = ops.subtract(ops.multiply(m, this.momentum), step);
    const move = this.nesterov ? ops.subtract(ops.multiply(next, this.momentum), step) : next;
    return { weight: ops.add(weight, move), slots: { momentum: next } };
  }
  override getConfig(): Config { return { ...super.getConfig(), momentum: this.momentum, nesterov: this.nesterov }; }
}
