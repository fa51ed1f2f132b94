/** Circle loss of embeddings (Sun et al. 2020): rows of one class come nearer, rows of others go apart. Formula and defaults are Keras 3's. */
import { ShapeError } from '../../base/errors.ts';
import { at, showShape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import { eye, type Tensor } from '../../tensor/tensor.ts';
import type { Config } from '../registry-table.ts';
import { Loss, NEVER, type LossOptions } from './loss.ts';

/** Options of `circle`. */
export interface CircleOptions {
  /** Scale of the similarities. Default 80. */
  readonly gamma?: number;
  /** Default 0.4. */
  readonly margin?: number;
  /** Leave out each row's similarity with itself. Default true. */
  readonly removeDiagonal?: boolean;
}

/** One value for each row; y are class numbers [batch], ŷ embeddings [batch, width] of length 1. */
export function circle(yTrue: Tensor, yPred: Tensor, { gamma = 80, margin = 0.4, removeDiagonal = true }: CircleOptions = {}): Tensor {
  const labels = ops.cast(yTrue.rank === 2 ? ops.squeeze(yTrue, -1) : yTrue, 'i32');
  if (yPred.rank !== 2 || labels.rank !== 1 || labels.shape[0] !== yPred.shape[0]) throw new ShapeError(`circle: needs class numbers [batch] and embeddings [batch, width], got ${showShape(yTrue.shape)} and ${showShape(yPred.shape)}.`);
  const same = ops.equal(ops.expandDims(labels, 1), ops.expandDims(labels, 0)), other = ops.logicalNot(same);
  const pairs = removeDiagonal ? ops.logicalAnd(same, ops.logicalNot(ops.cast(eye(at(labels.shape, 0)), 'bool'))) : same;
  const distance = ops.maximum(ops.subtract(1, ops.matmul(yPred, ops.transpose(yPred))), 0);
  const positive = ops.multiply(ops.multiply(-gamma, ops.add(margin, distance)), ops.subtract(margin, distance));
  const negative = ops.multiply(ops.multiply(gamma, ops.maximum(ops.subtract(1 + margin, distance), 0)), ops.subtract(1 - margin, distance));
  const gather = (mask: Tensor, x: Tensor): Tensor => ops.logSumExp(ops.where(mask, x, NEVER), 1);
  return ops.softplus(ops.add(gather(pairs, positive), gather(other, negative)));
}
/** Circle loss; rows whose loss is 0 do not count in the mean. */
export class Circle extends Loss implements Required<CircleOptions> {
  readonly className = 'Circle';
  readonly gamma: number;
  readonly margin: number;
  readonly removeDiagonal: boolean;
  constructor(options: LossOptions & CircleOptions = {}) { super('circle', options); this.gamma = options.gamma ?? 80; this.margin = options.margin ?? 0.4; this.removeDiagonal = options.removeDiagonal ?? true; }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return circle(yTrue, yPred, this); }
  protected override counts(_yTrue: Tensor, values: Tensor): Tensor { return ops.greater(values, 0); }
  override getConfig(): Config { return { ...super.getConfig(), gamma: this.gamma, margin: this.margin, removeDiagonal: this.removeDiagonal }; }
}
