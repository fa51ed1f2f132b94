import { describe, expect, it } from 'vitest';
import { ShapeError, ValueError } from '../../base/errors.ts';
import { golden } from '../../base/testing/golden.ts';
import { arange, dotProductAttention, matmul, softmax, transpose } from '../../tensor/ops/index.ts';
import { SeedGenerator } from '../../tensor/random.ts';
import { ones, tensor, type Tensor } from '../../tensor/tensor.ts';
import { jit, valueAndGrad } from '../../tensor/trace.ts';
import { expectClose } from '../../base/testing/golden.ts';
import { checkLayer } from '../testing/check-layer.ts';
import { checkGolden, goldenTensor, type GoldenArray, type GoldenCase } from '../testing/keras-cases.ts';
import * as layers from './index.ts';

interface Fixture { readonly cases: readonly GoldenCase[]; readonly dotProductAttention: readonly { name: string; operands: GoldenArray[]; options: Record<string, unknown>; result: number[] }[];
  readonly pytorch: readonly { name: string; isCausal: boolean; scale: number | null; operands: GoldenArray[]; result: number[]; gradients: number[][] }[];
}
const fixture = golden<Fixture>('keras-attention');
const context = { training: false, seeds: new SeedGenerator(1) };

describe('attention layers, as Keras', () => {
  it.each(fixture.cases.map((c) => [`${c.className}: ${c.name}`, c] as const))('%s', (_, c) => { checkGolden(c); });
});

describe('dotProductAttention, as Keras', () => {
  it.each(fixture.dotProductAttention.map((c) => [c.name, c] as const))('%s', (_, c) => {
    const [q, k, v] = c.operands.map((o) => goldenTensor(o)) as [Tensor, Tensor, Tensor];
    const options = Object.fromEntries(Object.entries(c.options).map(([key, value]) => [key, typeof value === 'object' ? goldenTensor(value as GoldenArray, key === 'mask' ? 'bool' : 'f32') : value]));
    expectClose(dotProductAttention(q, k, v, options).dataSync(), c.result, {}, c.name);
  });
  it.each(fixture.pytorch.map((c) => [c.name, c] as const))("has PyTorch's gradients: %s", (_, { operands, isCausal, scale, result, gradients }) => {
    const loss = (xs: Tensor[]): Tensor => { const y = dotProductAttention(xs[0] as Tensor, xs[1] as Tensor, xs[2] as Tensor, { isCausal, scale }); return y.mul(arange(1, y.size + 1).div(y.size).reshape(y.shape)).sum(); };
    const xs = operands.map((o) => goldenTensor(o)), run = jit((all: Tensor[]) => ({ y: dotProductAttention(all[0] as Tensor, all[1] as Tensor, all[2] as Tensor, { isCausal, scale }), grads: valueAndGrad(loss)(all).grad }));
    const { y, grads } = run(xs);
    expectClose(y.dataSync(), result);
    gradients.forEach((g, i) => { expectClose(grads[i]?.dataSync() ?? [], g, { relative: 1e-5, absolute: 1e-6 }, `gradient ${i}`); });
  });
  it('is a softmax of products', () => {
    const q = tensor([[[[1, 2]], [[3, -1]]]]), k = tensor([[[[0.5, 1]], [[-1, 2]], [[0, 1]]]]), v = tensor([[[[1]], [[2]], [[3]]]]);
    const flat = (x: Tensor): Tensor => x.reshape([-1, x.shape[3] ?? 1]);
    const wanted = matmul(softmax(matmul(flat(q), transpose(flat(k))).mul(Math.SQRT1_2)), flat(v));
    expectClose(dotProductAttention(q, k, v).dataSync(), wanted.dataSync());
  });
  it('says which shapes do not fit', () => {
    const x = ones([1, 2, 4, 3]);
    expect(() => dotProductAttention(x, ones([1, 2, 3, 3]), ones([1, 2, 3, 3]))).toThrow(/heads of query must be a multiple/);
    expect(() => dotProductAttention(x, ones([2, 2, 4, 3]), x)).toThrow(/same batch and width/);
    expect(() => dotProductAttention(x, x, ones([1, 3, 4, 3]))).toThrow(/value \[1, 3, 4, 3\] must have the batch, length and heads of key/);
    expect(() => dotProductAttention(x, x, x, { mask: ones([1, 1, 3, 2], 'bool') })).toThrow(/mask of shape \[1, 1, 3, 2\] does not broadcast/);
    expect(() => dotProductAttention(ones([2, 4, 3]), x, x)).toThrow(ShapeError);
  });
});

describe('multiHeadAttention and groupedQueryAttention', () => {
  it('keep the promises of layers', () => {
    checkLayer(() => layers.multiHeadAttention(2, 4, { useCausalMask: true, dropout: 0.1 }), { inputs: [[5, 6]], output: [5, 6], weights: 8 });
    checkLayer(() => layers.multiHeadAttention(2, 4, { valueDim: 3, outputShape: [2, 5], useBias: false, kernelRegularizer: 'l2', slidingWindow: 2 }), { inputs: [[5, 6], [4, 3], [4, 2]], output: [5, 2, 5], weights: 4 });
    checkLayer(() => layers.multiHeadAttention(2, 4, { attentionAxes: [2], useGate: true }), { inputs: [[3, 5, 6]], output: [3, 5, 6], weights: 10 });
    checkLayer(() => layers.groupedQueryAttention(4, 4, 2, { useCausalMask: true }), { inputs: [[5, 6]], output: [5, 6], weights: 8 });
  });
  it('never look ahead with a causal mask', () => {
    const layer = layers.multiHeadAttention(2, 4, { useCausalMask: true }), x = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i));
    const run = (data: Float32Array): number[] => [...layer.run([tensor(data, [1, 4, 6])], context)[0]?.dataSync() ?? []];
    const first = run(x), changed = x.slice();
    changed.fill(9, 18);
    const second = run(changed);
    expect(second.slice(0, 18)).toEqual(first.slice(0, 18));
    expect(second.slice(18)).not.toEqual(first.slice(18));
  });
  it('drop weights while training only', () => {
    const layer = layers.multiHeadAttention(1, 2, { dropout: 0.5, returnAttentionScores: true, kernelInitializer: 'ones' }), x = ones([4, 8, 3]);
    const [calm] = layer.run([x], context), [wild, scores] = layer.run([x], { training: true, seeds: new SeedGenerator(1) });
    expect(new Set(calm?.dataSync()).size).toBe(1);
    expect(new Set(wild?.dataSync()).size).toBeGreaterThan(2);
    // what is returned are the weights before dropping
    expectClose(scores?.dataSync() ?? [], new Float32Array(4 * 8 * 8).fill(1 / 8));
  });
  it('hand the mask of the query on', () => {
    const mask = ones([2, 3], 'bool');
    expect(layers.multiHeadAttention(1, 2).computeMask([], [mask, null])[0]).toBe(mask);
  });
  it('name what does not fit', () => {
    expect(() => layers.multiHeadAttention(0, 2)).toThrow(/numHeads 0 must be a whole number/);
    expect(() => layers.groupedQueryAttention(4, 4, 3)).toThrow(/numQueryHeads 4 must be a multiple of numKeyValueHeads 3/);
    expect(() => layers.multiHeadAttention(1, 2, { dropout: 1 })).toThrow(ValueError);
    expect(() => layers.multiHeadAttention(1, 2, { attentionAxes: [1, 2], useCausalMask: true })).toThrow(/one attention axis/);
    expect(() => { layers.multiHeadAttention(1, 2).build([[null, 4]]); }).toThrow(/\[batch, length, …, features\]/);
    expect(() => { layers.multiHeadAttention(1, 2).build([[null, 4, 2], [null, 3, 2], [null, 5, 2]]); }).toThrow(/value \[\?, 3, 2\] and key \[\?, 5, 2\] must be equal/);
    const layer = layers.multiHeadAttention(1, 2);
    expect(() => layer.run([ones([2, 4, 3])], { ...context, masks: [ones([2, 5], 'bool')] })).toThrow(/mask of input 0 has shape \[2, 5\]/);
  });
});

describe('attention and additiveAttention', () => {
  it('keep the promises of layers', () => {
    checkLayer(() => layers.attention({ useScale: true, useCausalMask: true, dropout: 0.2 }), { inputs: [[4, 6], [4, 6]], output: [4, 6], weights: 1, learningRate: 0.5 });
    checkLayer(() => layers.attention({ scoreMode: 'concat' }), { inputs: [[4, 6], [3, 2], [3, 6]], output: [4, 2], weights: 1, learningRate: 0.5 });
    checkLayer(() => layers.additiveAttention(), { inputs: [[4, 6], [3, 6]], output: [4, 6], weights: 1, learningRate: 0.5 });
  });
  it('name what does not fit', () => {
    expect(() => { layers.attention().build([[null, 4, 2]]); }).toThrow(/takes \[query, value\]/);
    expect(() => { layers.attention().build([[null, 4, 2], [null, 4, 3]]); }).toThrow(/must have the same width/);
    expect(() => layers.attention({ scoreMode: 'cosine' as 'dot' })).toThrow(/'dot' or 'concat'/);
  });
});

describe('layerNormalization and rmsNormalization', () => {
  it('keep the promises of layers', () => {
    checkLayer(() => layers.layerNormalization(), { inputs: [[5, 6]], output: [5, 6], weights: 2 });
    checkLayer(() => layers.layerNormalization({ axis: [1, 2], scale: false, betaRegularizer: 'l2' }), { inputs: [[2, 3]], output: [2, 3], weights: 1 });
    checkLayer(() => layers.rmsNormalization({ axis: 1 }), { inputs: [[5, 6]], output: [5, 6], weights: 1 });
  });
  it('name what does not fit', () => {
    expect(() => { layers.layerNormalization({ axis: 3 }).build([[null, 4, 2]]); }).toThrow(/axis 3 is outside a tensor of rank 3/);
    expect(() => { layers.layerNormalization().build([[null, null]]); }).toThrow(/must be known/);
    expect(() => layers.rmsNormalization({ epsilon: -1 })).toThrow(/epsilon -1/);
  });
});
