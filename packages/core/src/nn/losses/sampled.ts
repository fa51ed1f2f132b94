/**
 * Softmax over a few candidates instead of a whole catalogue: the losses of retrieval and of very large vocabularies. Where candidates are drawn with unequal
 * probabilities q, the logits lose log q, so that the loss stands for the softmax over everything (Bengio and Senécal 2008, "Adaptive importance sampling to
 * accelerate training of a neural probabilistic language model"; for batches: Yi et al. 2019, "Sampling-bias-corrected neural modeling").
 */
import { ShapeError } from '../../base/errors.ts';
import { showShape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** A logit that no softmax sees. */
const NEVER = -1e9;

function requireShape(t: Tensor, shape: readonly number[], what: string): void {
  if (showShape(t.shape) !== showShape(shape)) throw new ShapeError(`${what} has shape ${showShape(t.shape)}, expected ${showShape(shape)}.`);
}

/** Options of `inBatchSoftmax`. */
export interface InBatchSoftmaxOptions {
  /** [batch]: log of the probability with which each item gets into a batch (its share of all interactions). Default: all alike. */
  readonly logQ?: Tensor;
  /** [batch] integers: an item that stands in the batch again is no negative of itself. */
  readonly ids?: Tensor;
  /** Divides the scores; default 1. */
  readonly temperature?: number;
}
/**
 * For each pair (query i, item i) the cross-entropy of item i among all items of the batch: -log softmax(queries · itemsᵀ / temperature - logQ)ᵢᵢ.
 * `queries` and `items`: [batch, width]. Result [batch]. Throws ShapeError where shapes differ.
 */
export function inBatchSoftmax(queries: Tensor, items: Tensor, options: InBatchSoftmaxOptions = {}): Tensor {
  const { logQ, ids, temperature = 1 } = options, batch = queries.shape[0] ?? 0;
  if (queries.rank !== 2) throw new ShapeError(`inBatchSoftmax: queries must be [batch, width], got ${showShape(queries.shape)}.`);
  requireShape(items, queries.shape, 'inBatchSoftmax: items');
  let logits: Tensor = ops.divide(ops.matmul(queries, ops.transpose(items)), temperature);
  if (logQ !== undefined) { requireShape(logQ, [batch], 'inBatchSoftmax: logQ'); logits = ops.subtract(logits, ops.reshape(logQ, [1, batch])); }
  const place = ops.arange(batch), own: Tensor = ops.cast(ops.equal(ops.reshape(place, [batch, 1]), ops.reshape(place, [1, batch])), 'f32');
  if (ids !== undefined) {
    requireShape(ids, [batch], 'inBatchSoftmax: ids');
    const again = ops.logicalAnd(ops.equal(ops.reshape(ids, [batch, 1]), ops.reshape(ids, [1, batch])), ops.equal(own, 0));
    logits = ops.where(again, NEVER, logits);
  }
  return ops.subtract(ops.logSumExp(logits, -1), ops.sum(ops.multiply(logits, own), -1));
}

/** What `sampledSoftmax` compares with. */
export interface SampledSoftmaxOptions {
  /** [samples] integers: the candidates, drawn anew in each step. */
  readonly sampled: Tensor;
  /** [samples] and [batch]: log of the expected number of times that the sampler draws each candidate and each label; default: all alike. */
  readonly sampledLogQ?: Tensor;
  readonly labelLogQ?: Tensor;
  /** [classes]; default none. */
  readonly biases?: Tensor;
  /** Candidates equal to the label are left out; default true. */
  readonly removeAccidentalHits?: boolean;
}
/**
 * Cross-entropy of each label among itself and the sampled classes, over logits inputs · weightsᵀ + biases, of which only the rows of labels and candidates
 * are looked up. `weights` [classes, width], `inputs` [batch, width], `labels` [batch] integers. Result [batch]. For training; evaluate with all logits.
 * Throws ShapeError where shapes do not meet.
 */
export function sampledSoftmax(weights: Tensor, inputs: Tensor, labels: Tensor, options: SampledSoftmaxOptions): Tensor {
  const { sampled, sampledLogQ, labelLogQ, biases, removeAccidentalHits = true } = options, batch = inputs.shape[0] ?? 0, count = sampled.size, classes = weights.shape[0] ?? 0;
  if (inputs.rank !== 2) throw new ShapeError(`sampledSoftmax: inputs must be [batch, width], got ${showShape(inputs.shape)}.`);
  requireShape(weights, [classes, inputs.shape[1] ?? 0], 'sampledSoftmax: weights');
  requireShape(labels, [batch], 'sampledSoftmax: labels');
  requireShape(sampled, [count], 'sampledSoftmax: sampled');
  const logitsOf = (own: Tensor, ids: Tensor, logQ: Tensor | undefined): Tensor => {
    const biased: Tensor = biases === undefined ? own : ops.add(own, ops.take(biases, ids, 0));
    return logQ === undefined ? biased : ops.subtract(biased, logQ);
  };
  if (labelLogQ !== undefined) requireShape(labelLogQ, [batch], 'sampledSoftmax: labelLogQ');
  if (sampledLogQ !== undefined) requireShape(sampledLogQ, [count], 'sampledSoftmax: sampledLogQ');
  const label = logitsOf(ops.sum(ops.multiply(inputs, ops.take(weights, labels, 0)), -1), labels, labelLogQ);
  let others = logitsOf(ops.matmul(inputs, ops.transpose(ops.take(weights, sampled, 0))), sampled, sampledLogQ);
  if (removeAccidentalHits) others = ops.where(ops.equal(ops.reshape(labels, [batch, 1]), ops.reshape(sampled, [1, count])), NEVER, others);
  // The label's logit is added to the sum by itself: a copy of all logits with one more column would cost as much as making them.
  const top: Tensor = ops.stopGradient(ops.maximum(ops.max(others, -1), label));
  const sum = ops.add(ops.sum(ops.exp(ops.subtract(others, ops.reshape(top, [batch, 1]))), -1), ops.exp(ops.subtract(label, top)));
  return ops.subtract(ops.add(top, ops.log(sum)), label);
}
