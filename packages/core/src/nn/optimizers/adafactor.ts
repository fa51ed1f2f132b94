/** Adafactor (Shazeer and Stern 2018): second moments of matrices as one row and one column. Keras 3's formulas and defaults. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { Optimizer, type Named, type OptimizerOptions, type Slot, type Update, type Updated } from './optimizer.ts';

/** Options of `adafactor`. */
export interface AdafactorOptions extends OptimizerOptions {
  /** Exponent of the step in the share of the new second moment. Default -0.8. */
  readonly beta2Decay?: number;
  /** Added to squared gradients. Default 1e-30. */
  readonly epsilon1?: number;
  /** Least scale of a variable. Default 1e-3. */
  readonly epsilon2?: number;
  /** Largest root mean square of an update. Default 1. */
  readonly clipThreshold?: number;
  /** Kept for Keras's files: the rate is never above 1 / sqrt(step) either way. Default true. */
  readonly relativeStep?: boolean;
}
type Factor = 'rho' | 'beta2';
const rms = (x: Tensor): Tensor => ops.sqrt(ops.mean(ops.square(x)));
/**
 * v is the mean of g² (for two axes and more: r cᵀ / mean(r) of the means r over the last and c over the last but one axis); u = g / sqrt(v);
 * w ← w - max(ε₂, rms(w)) · min(rate, 1 / sqrt(t)) · u / max(1, rms(u) / threshold). Learning rate 0.001.
 */
export class Adafactor extends Optimizer<never, Factor> {
  declare readonly beta2Decay: number;
  declare readonly epsilon1: number;
  declare readonly epsilon2: number;
  declare readonly clipThreshold: number;
  declare readonly relativeStep: boolean;
  constructor(options: AdafactorOptions = {}) { super('Adafactor', options, { beta2Decay: -0.8, epsilon1: 1e-30, epsilon2: 1e-3, clipThreshold: 1, relativeStep: true }); }
  protected override slots({ shape }: Variable): Named<never, Slot> {
    return shape.length < 2 ? { velocity: {} } : { r: { shape: shape.slice(0, -1) }, c: { shape: [...shape.slice(0, -2), ...shape.slice(-1)] } };
  }
  protected override factors(rate: Tensor, step: Tensor): Named<Factor, Tensor> {
    return { rho: ops.minimum(rate, ops.rsqrt(step)), beta2: ops.subtract(1, ops.power(step, this.beta2Decay)) };
  }
  protected override update({ weight, gradient, slots }: Update, { rho, beta2 }: Named<Factor, Tensor>): Updated {
    const squares = ops.add(ops.square(gradient), this.epsilon1), { r, c, velocity } = slots;
    const mixed = (old: Tensor, fresh: Tensor): Tensor => ops.add(ops.multiply(beta2, old), ops.multiply(ops.subtract(1, beta2), fresh));
    const fresh: Record<string, Tensor> = {};
    let v = squares;
    if (r !== undefined && c !== undefined) {
      const row = (fresh['r'] = mixed(r, ops.mean(squares, -1))), column = (fresh['c'] = mixed(c, ops.mean(squares, -2)));
      v = ops.multiply(ops.expandDims(ops.divide(row, ops.mean(row, -1, true)), -1), ops.expandDims(column, -2));
    } else if (velocity !== undefined) v = fresh['velocity'] = mixed(velocity, squares);
    const u = ops.divide(gradient, ops.sqrt(v)), alpha = ops.multiply(ops.maximum(rms(weight), this.epsilon2), rho);
    return { weight: ops.subtract(weight, ops.multiply(ops.divide(alpha, ops.maximum(ops.divide(rms(u), this.clipThreshold), 1)), u)), ...fresh };
  }
}
