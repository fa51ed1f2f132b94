/**
 * Connectionist temporal classification (Graves et al. 2006): the probability that a sequence of scores spells the labels, over all alignments.
 * The forward variable goes over time in one `loop`, in logarithms; its gradient is that loop backward.
 */
import { ShapeError } from '../../base/errors.ts';
import { at, showShape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import { arange, full, type Tensor } from '../../tensor/tensor.ts';
import { Loss, NEVER, type LossOptions } from './loss.ts';

/** -log p(labels | scores) for each row. y: class numbers [batch, labels], 0 (the blank) where a row is over; ŷ: logits [batch, time, classes]. */
export function ctc(yTrue: Tensor, yPred: Tensor): Tensor {
  if (yTrue.rank !== 2 || yPred.rank !== 3 || yTrue.shape[0] !== yPred.shape[0]) {
    throw new ShapeError(`ctc: needs labels [batch, length] and logits [batch, time, classes], got ${showShape(yTrue.shape)} and ${showShape(yPred.shape)}.`);
  }
  const labels = ops.cast(yTrue, 'i32'), [batch, count] = [at(labels.shape, 0), at(labels.shape, 1)], states = 2 * count + 1, time = at(yPred.shape, 1);
  // blank, label, blank, label … blank
  const blanks = full([batch, count], 0, 'i32'), path = ops.concat([ops.reshape(ops.stack([blanks, labels], 2), [batch, 2 * count]), full([batch, 1], 0, 'i32')], 1);
  const place = arange(states), length = ops.expandDims(ops.sum(ops.cast(ops.notEqual(labels, 0), 'f32'), 1), 1);
  const scores = ops.takeAlongAxis(ops.logSoftmax(ops.cast(yPred, 'f32')), ops.broadcastTo(ops.expandDims(path, 1), [batch, time, states]), 2);
  const steps = ops.transpose(scores, [1, 0, 2]), first = ops.squeeze(ops.slice(steps, [0, 1]), 0);
  const later = (x: Tensor, by: number): Tensor => ops.concat([full([batch, Math.min(by, states)], NEVER), ops.slice(x, [0, batch], [0, Math.max(0, states - by)])] as Tensor[], 1);
  // two states on, over a blank, where that does not pass over a label or join two equal ones
  const before = ops.concat([full([batch, Math.min(2, states)], 0, 'i32'), ops.slice(path, [0, batch], [0, Math.max(0, states - 2)])], 1);
  const skips = ops.logicalAnd(ops.notEqual(path, 0), ops.notEqual(path, before));
  const sum = (xs: readonly Tensor[]): Tensor => ops.logSumExp(ops.stack(xs, 0), 0);
  const start = ops.where(ops.less(place, 2), first, NEVER);
  const { carries } = ops.loop(([alpha], [score]) => {
    const own = alpha as Tensor, skip = ops.where(skips, later(own, 2), NEVER);
    return { carries: [ops.maximum(ops.add(sum([own, later(own, 1), skip]), score as Tensor), NEVER)] };
  }, { carries: [start], inputs: [ops.slice(steps, [1, time])] });
  // a row ends at its last label or the blank after it
  const end = ops.multiply(length, 2), ends = ops.logicalOr(ops.equal(place, end), ops.equal(place, ops.subtract(end, 1)));
  return ops.negative(ops.logSumExp(ops.where(ends, carries[0] as Tensor, NEVER), 1));
}
/** Loss of sequences without alignment: speech, handwriting. */
export class CTC extends Loss {
  readonly className = 'CTC';
  constructor(options: LossOptions = {}) { super('ctc', options); }
  call(yTrue: Tensor, yPred: Tensor): Tensor { return ctc(yTrue, yPred); }
}
