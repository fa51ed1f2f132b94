/** Losses of overlap, for segmentation: Dice and Tversky (Salehi et al. 2017). Formulas are Keras 3's; by default one value for the whole batch. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { EPSILON } from '../epsilon.ts';
import type { Config } from '../registry-table.ts';
import { Loss, pair, type LossOptions } from './loss.ts';

/** Axes that are summed over; null or absent: all. */
export type OverlapAxis = number | readonly number[] | null;
const total = (x: Tensor, axis: OverlapAxis): Tensor => (axis === null ? ops.sum(x) : ops.sum(x, axis));

/** 1 - 2 Σ y ŷ / (Σ y + Σ ŷ + 1e-7). */
export function dice(yTrue: Tensor, yPred: Tensor, axis: OverlapAxis = null): Tensor {
  const [y, p] = pair(yTrue, yPred, 'dice');
  return ops.subtract(1, ops.divide(ops.multiply(2, total(ops.multiply(y, p), axis)), ops.add(ops.add(total(y, axis), total(p, axis)), EPSILON)));
}
/** 1 - Σ y ŷ / (Σ y ŷ + α Σ y (1 - ŷ) + β Σ (1 - y) ŷ + 1e-7). */
export function tversky(yTrue: Tensor, yPred: Tensor, alpha = 0.5, beta = 0.5, axis: OverlapAxis = null): Tensor {
  const [y, p] = pair(yTrue, yPred, 'tversky'), common = total(ops.multiply(y, p), axis);
  const missed = total(ops.multiply(ops.subtract(1, p), y), axis), wrong = total(ops.multiply(p, ops.subtract(1, y)), axis);
  return ops.subtract(1, ops.divide(common, ops.add(ops.add(common, ops.add(ops.multiply(missed, alpha), ops.multiply(wrong, beta))), EPSILON)));
}

/** Options of `dice`. */
export interface DiceOptions extends LossOptions { readonly axis?: OverlapAxis }
/** Dice loss. */
export class Dice extends Loss {
  readonly className = 'Dice';
  readonly axis: OverlapAxis;
  constructor(options: DiceOptions = {}) { super('dice', options); this.axis = options.axis ?? null; }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return dice(yTrue, yPred, this.axis); }
  override getConfig(): Config { return { ...super.getConfig(), axis: this.axis }; }
}
/** Options of `tversky`. */
export interface TverskyOptions extends DiceOptions { /** Weight of what was missed. Default 0.5. */ readonly alpha?: number; /** Weight of what was wrongly taken. Default 0.5. */ readonly beta?: number }
/** Tversky loss; Dice with other weights of the two kinds of mistakes. */
export class Tversky extends Loss {
  readonly className = 'Tversky';
  readonly alpha: number;
  readonly beta: number;
  readonly axis: OverlapAxis;
  constructor(options: TverskyOptions = {}) { super('tversky', options); this.alpha = options.alpha ?? 0.5; this.beta = options.beta ?? 0.5; this.axis = options.axis ?? null; }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return tversky(yTrue, yPred, this.alpha, this.beta, this.axis); }
  override getConfig(): Config { return { ...super.getConfig(), alpha: this.alpha, beta: this.beta, axis: this.axis }; }
}
