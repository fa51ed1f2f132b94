/** ReversibleEmbedding against Keras (tools/fixtures/keras/merging.py). In a model and its file: model/functional.test.ts. */
import { describe, expect, it } from 'vitest';
import { expectClose, golden } from '../../base/testing/golden.ts';
import { DTypeError, ShapeError, ValueError } from '../../base/errors.ts';
import * as ops from '../../tensor/ops/index.ts';
import { ones, tensor, type Tensor } from '../../tensor/tensor.ts';
import { valueAndGrad } from '../../tensor/trace.ts';
import { checkLayer } from '../testing/check-layer.ts';
import * as layers from './index.ts';

interface Case {
  readonly options: { readonly tieWeights: boolean; readonly logitSoftCap: number | null }; readonly ids: number[][]; readonly weights: number[][][];
  readonly scores: number[][][]; readonly weighting: number[][][]; readonly gradients: number[][][];
}
const { reversible } = golden<{ reversible: Case[] }>('keras-merging');

describe('ReversibleEmbedding', () => {
  it.each(reversible)('gives scores and gradients of Keras: $options', ({ options, ids, weights, scores, weighting, gradients }) => {
    const table = layers.reversibleEmbedding(6, 4, options), back = table.reversed(), rows = tensor(ids, undefined, 'i32');
    const run = (x: Tensor): Tensor => back.apply(ops.tanh(table.apply(x)));
    table.apply(rows);
    table.weights.forEach((w, i) => { w.write(Float32Array.from(weights[i]?.flat() ?? [])); });
    expectClose(run(rows).dataSync(), scores, { absolute: 1e-5 });
    const { grad } = valueAndGrad((x: Tensor) => ops.sum(ops.multiply(run(x), tensor(weighting))), table.weights)(rows);
    grad.forEach((g, i) => { expectClose(g.dataSync(), gradients[i] ?? [], { absolute: 1e-5 }); });
  });
  it('keeps the promises of layers', () => {
    checkLayer(() => layers.reversibleEmbedding(10, 4), { inputs: [[3]], dtype: 'i32', output: [3, 4], weights: 1 });
    checkLayer(() => layers.reversibleEmbedding(10, 4, { tieWeights: false, logitSoftCap: 2 }), { inputs: [[3]], dtype: 'i32', output: [3, 4], weights: 2 });
  });
  it('shares its weights with the way back', () => {
    const table = layers.reversibleEmbedding(10, 4, { maskZero: true }), back = table.reversed();
    expect(back.apply(table.apply(layers.input({ shape: [3], dtype: 'i32' }))).shape).toEqual([null, 3, 10]);
    expect(back.weights).toEqual(table.weights);
    expect(table.supportsMasking).toBe(true);
  });
  it('says what does not fit', () => {
    const table = layers.reversibleEmbedding(10, 4, { name: 'table' });
    expect(() => table.reverse(ones([2, 4]))).toThrow("Layer 'table' is not built: apply it to ids before the way back.");
    table.apply(tensor([[1]], undefined, 'i32'));
    expect(() => table.reverse(tensor([[1, 2, 3, 4]], undefined, 'i32'))).toThrow(DTypeError);
    expect(() => table.reversed({ name: 'back' }).apply(ones([2, 5]))).toThrow(ShapeError);
    expect(() => layers.reversibleEmbedding(10, 4, { logitSoftCap: 0 })).toThrow(ValueError);
  });
});
