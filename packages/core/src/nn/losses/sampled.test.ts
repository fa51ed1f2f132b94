import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../base/errors.ts';
import { expectClose } from '../../base/testing/golden.ts';
import { hostRandom } from '../../tensor/host-random.ts';
import * as ops from '../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../tensor/tensor.ts';
import { jit, record, gradients } from '../../tensor/trace.ts';
import { Variable } from '../../tensor/variable.ts';
import { getOptimizer } from '../optimizers/index.ts';
import { functions, inBatchSoftmax, sampledSoftmax } from './index.ts';

const random = hostRandom([3, 4]);
const draw = (...shape: number[]): Tensor => tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()), shape);
const i32 = (x: number[]): Tensor => tensor(x, undefined, 'i32');
const dense = (logits: Tensor, labels: Tensor): number[] => [...functions.sparseCategoricalCrossentropy(labels, logits, { fromLogits: true }).dataSync()];

describe('sampled softmax', () => {
  const weights = draw(9, 4), biases = draw(9), inputs = draw(5, 4), labels = i32([0, 8, 3, 3, 5]);
  const logits = ops.add(ops.matmul(inputs, ops.transpose(weights)), biases);
  it('over all classes is the dense loss', () => {
    const all = i32([8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expectClose(sampledSoftmax(weights, inputs, labels, { sampled: all, biases }).dataSync(), dense(logits, labels));
    expectClose(jit((w: Tensor, x: Tensor) => sampledSoftmax(w, x, labels, { sampled: all, biases }))(weights, inputs).dataSync(), dense(logits, labels));
  });
  it('with unequal probabilities and their logarithms sums up, in expectation, what the dense loss sums up', () => {
    const q = [0.3, 0.05, 0.05, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], count = 200;
    // each class as often as is expected of the sampler
    const sampled = q.flatMap((share, k) => new Array<number>(Math.round(share * count)).fill(k));
    const logQ = (ids: number[]): Tensor => tensor(ids.map((k) => Math.log(count * (q[k] as number))));
    // what the loss sums up beside the label itself is the sum over all classes
    const loss = sampledSoftmax(weights, inputs, labels, { sampled: i32(sampled), biases, sampledLogQ: logQ(sampled), labelLogQ: tensor(new Float32Array(5).fill(0)), removeAccidentalHits: false });
    const own = ops.sum(ops.multiply(ops.oneHot(labels, 9), logits), -1), partition = ops.subtract(ops.exp(ops.add(loss, own)), ops.exp(own));
    expectClose(partition.dataSync(), [...ops.sum(ops.exp(logits), -1).dataSync()], { relative: 1e-3 });
  });
  it('leaves the label out of the candidates', () => {
    expectClose(sampledSoftmax(weights, inputs, labels, { sampled: i32([0, 8, 3, 5]) }).dataSync(), dense(ops.where(ops.cast(tensor([[0, 1, 1, 0, 1, 0, 1, 1, 0]]), 'bool'), -1e9, ops.matmul(inputs, ops.transpose(weights))), labels));
    expectClose(sampledSoftmax(weights, inputs, labels, { sampled: i32([0]) }).dataSync().slice(0, 1), [0]);
  });
  it('reaches only the rows that it looks up', () => {
    const table = new Variable(draw(500, 4), { sparse: true }), optimizer = getOptimizer('adam');
    const graph = record('step', [{ name: 'sampled', type: { shape: [20], dtype: 'i32' } }], (sampled) => {
      optimizer.apply(gradients(ops.mean(sampledSoftmax(table.value, inputs, labels, { sampled: sampled as Tensor })), [table]), [table], tensor(new Float32Array([0.1]), []));
      return [];
    });
    expect(graph.effects.filter((e) => e.inputs[0]?.op === 'scatter')).toHaveLength(3);
  });
  it('names shapes that do not meet', () => {
    expect(() => sampledSoftmax(draw(9, 3), inputs, labels, { sampled: i32([1]) })).toThrow(/weights has shape \[9, 3\], expected \[9, 4\]/);
  });
});
describe('in-batch softmax', () => {
  const queries = draw(4, 6), items = draw(4, 6), pairs = i32([0, 1, 2, 3]);
  const logits = ops.matmul(queries, ops.transpose(items));
  it('is the cross-entropy of the diagonal', () => {
    expectClose(inBatchSoftmax(queries, items).dataSync(), dense(logits, pairs));
    expectClose(inBatchSoftmax(queries, items, { temperature: 0.5 }).dataSync(), dense(ops.multiply(logits, 2), pairs));
  });
  it('corrects by log q, which makes popular items weaker negatives', () => {
    const logQ = tensor([0.5, 0.25, 0.2, 0.05].map(Math.log));
    expectClose(inBatchSoftmax(queries, items, { logQ }).dataSync(), dense(ops.subtract(logits, ops.reshape(logQ, [1, 4])), pairs));
  });
  it('does not hold an item against itself', () => {
    const same = ops.concat([ops.take(items, i32([0, 1]), 0), ops.take(items, i32([0, 1]), 0)], 0);
    const [first] = inBatchSoftmax(queries, same, { ids: i32([7, 9, 7, 9]) }).dataSync();
    const two = ops.take(ops.take(ops.matmul(queries, ops.transpose(same)), i32([0]), 0), i32([0, 1, 3]), 1);
    expectClose([first as number], dense(two, i32([0])));
  });
  it('refuses other shapes', () => { expect(() => inBatchSoftmax(queries, draw(3, 6))).toThrow(ShapeError); });
});
