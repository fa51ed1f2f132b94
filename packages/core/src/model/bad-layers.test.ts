/** What layers refuse: inputs that do not meet, masks and sequences of the wrong length, strides with dilation, ids outside of a catalogue. Each names the layer, both shapes and the fix. */
import { describe, expect, it } from 'vitest';
import { DataError, ShapeError, ValueError } from '../base/errors.ts';
import { Dataset, generate, model, sequential } from './index.ts';
import * as ops from '../tensor/ops/index.ts';
import { SeedGenerator } from '../tensor/random.ts';
import { ones, tensor, zeros, type Tensor } from '../tensor/tensor.ts';
import type { Layer, Masks } from '../nn/layer.ts';
import * as layers from '../nn/layers/index.ts';

const input = (...shape: (number | null)[]) => layers.input({ shape });
const truths = (...shape: number[]): Tensor => ones(shape, 'bool');
const run = (layer: Layer, inputs: readonly Tensor[], masks?: Masks): unknown => layer.run(inputs, { training: true, seeds: new SeedGenerator(1), ...(masks === undefined ? {} : { masks }) });

describe('shapes that do not meet', () => {
  const { add, average, maximum, minimum, multiply, subtract } = layers;
  it.each(Object.entries({ add, average, maximum, minimum, multiply, subtract }))('%s: symbolic, on tensors and in fit', async (_, merge) => {
    const message = "Layer 'join': the inputs have shapes [?, 3, 4], [?, 3, 5]; input 1 does not meet the ones before it (4 and 5). Extents must be equal, or 1 in one of them.";
    expect(() => merge({ name: 'join' }).apply([input(3, 4), input(3, 5)])).toThrow(message);
    expect(() => run(merge({ name: 'join' }), [zeros([2, 3, 4]), zeros([2, 3, 5])])).toThrow(message);
    // an extent that is unknown until the data come
    const a = input(null), b = input(null), net = model({ inputs: [a, b], outputs: merge({ name: 'join' }).apply([a, b]) });
    await expect(net.predict([[[1, 2, 3]], [[1, 2]]])).rejects.toThrow(/shapes \[1, 3\] and \[1, 2\] do not broadcast: .* Make them equal, or one of them 1\. \(in join\)/);
  });
  it('concatenate and dot', () => {
    const along = "Layer 'cat': input 0 has shape [?, 3, 4], input 1 has [?, 3, 5]; along axis 1 only inputs that are equal in every other extent can be put together. Crop, pad or reshape one of them.";
    expect(() => layers.concatenate({ name: 'cat', axis: 1 }).apply([input(3, 4), input(3, 5)])).toThrow(along);
    expect(() => run(layers.concatenate({ name: 'cat', axis: 1 }), [zeros([2, 3, 4]), zeros([2, 3, 5])])).toThrow(along);
    const across = "Layer 'd': axis 1 of [?, 3] has 3 elements, axis 1 of [?, 4] has 4; they must be equal. Choose other axes.";
    expect(() => layers.dot(1, { name: 'd' }).apply([input(3), input(4)])).toThrow(across);
    expect(() => run(layers.dot(1, { name: 'd' }), [zeros([2, 3]), zeros([2, 4])])).toThrow(across);
  });
});

describe('a mask of the wrong length', () => {
  const steps = zeros([2, 4, 3]), short = truths(2, 5), wrong = (layer: Layer, inputs: readonly Tensor[], masks: Masks, message: string): void => {
    expect(() => run(layer, inputs, masks)).toThrow(message);
    expect(() => run(layer, inputs, masks)).toThrow(ShapeError);
  };
  const message = (i = 0): string => `Layer 'm': the mask of input ${i} has shape [2, 5], but the input has shape [2, 4, 3]. A mask covers the leading axes of its input: [2, 4].`;
  it.each(Object.entries<Layer>({
    dense: layers.dense(2, { name: 'm' }), masking: layers.masking({ name: 'm' }), lstm: layers.lstm(2, { name: 'm' }), gru: layers.gru(2, { name: 'm' }), simpleRnn: layers.simpleRnn(2, { name: 'm' }),
    bidirectional: layers.bidirectional(layers.gru(2), { name: 'm' }), timeDistributed: layers.timeDistributed(layers.dense(2), { name: 'm' }), batchNormalization: layers.batchNormalization({ name: 'm' }),
    globalAveragePooling1d: layers.globalAveragePooling1d({ name: 'm' }), multiHeadAttention: layers.multiHeadAttention(1, 2, { name: 'm' }), groupedQueryAttention: layers.groupedQueryAttention(2, 2, 1, { name: 'm' }),
    softmax: layers.softmax({ name: 'm' }), dropout: layers.dropout(0.5, { name: 'm' }), add: layers.add({ name: 'm' }),
  }))('%s', (_, layer) => { wrong(layer, [steps], [short], message()); });
  it('of the second input', () => {
    for (const layer of [layers.attention({ name: 'm' }), layers.additiveAttention({ name: 'm' }), layers.multiHeadAttention(1, 2, { name: 'm' }), layers.concatenate({ name: 'm' })]) wrong(layer, [steps, steps], [null, short], message(1));
  });
  it('given as an input: attention scores and softmax', () => {
    expect(() => run(layers.multiHeadAttention(1, 2, { name: 'm' }), [steps, steps, steps, truths(2, 4, 5)])).toThrow(/mask of shape \[2, 1, 4, 5\] does not broadcast.*\(in m\)/);
    expect(() => run(layers.softmax({ name: 'm' }), [zeros([2, 4]), truths(2, 5)])).toThrow("Layer 'm': the mask has shape [2, 5], the input [2, 4]; give one for each element, or one that broadcasts to it.");
  });
  it('images over time', () => {
    expect(() => run(layers.convLstm2d(1, 2, { name: 'm' }), [zeros([2, 4, 3, 3, 1])], [short])).toThrow("Layer 'm': the mask of input 0 has shape [2, 5], but the input has shape [2, 4, 3, 3, 1].");
  });
});

describe('strides and dilation above 1 together', () => {
  const both = { strides: 2, dilationRate: 3, name: 'wide' } as const;
  it.each<readonly [string, string, () => Layer]>([
    ['Conv1D', '[2] and dilationRate [3]', () => layers.conv1d(1, 2, both)], ['Conv2D', '[2, 2] and dilationRate [3, 3]', () => layers.conv2d(1, 2, both)], ['Conv3D', '[2, 2, 2] and dilationRate [3, 3, 3]', () => layers.conv3d(1, 2, both)],
    ['Conv1DTranspose', '[2] and dilationRate [3]', () => layers.conv1dTranspose(1, 2, both)], ['Conv2DTranspose', '[2, 2] and dilationRate [3, 3]', () => layers.conv2dTranspose(1, 2, both)],
    ['Conv3DTranspose', '[2, 2, 2] and dilationRate [3, 3, 3]', () => layers.conv3dTranspose(1, 2, both)], ['DepthwiseConv1D', '[2] and dilationRate [3]', () => layers.depthwiseConv1d(2, both)],
    ['DepthwiseConv2D', '[2, 2] and dilationRate [3, 3]', () => layers.depthwiseConv2d(2, both)], ['SeparableConv1D', '[2] and dilationRate [3]', () => layers.separableConv1d(1, 2, both)],
    ['SeparableConv2D', '[2, 2] and dilationRate [3, 3]', () => layers.separableConv2d(1, 2, both)], ['ConvLSTM1D', '[2] and dilationRate [3]', () => layers.convLstm1d(1, 2, both)],
    ['ConvLSTM2D', '[2, 2] and dilationRate [3, 3]', () => layers.convLstm2d(1, 2, both)], ['ConvLSTM3D', '[2, 2, 2] and dilationRate [3, 3, 3]', () => layers.convLstm3d(1, 2, both)],
  ])('%s', (className, lists, make) => {
    expect(make).toThrow(`${className} 'wide': strides ${lists} cannot both be above 1. Leave one of them at 1.`);
    expect(make).toThrow(ValueError);
  });
});

describe('ids outside of the catalogue', () => {
  const fix = /Correct the ids, or give the embedding a larger inputDim\./;
  const net = () => { const made = sequential([layers.embedding(10, 2), layers.flatten(), layers.dense(1)]); made.compile({ optimizer: 'sgd', loss: 'mse' }); return made; };
  it('in arrays: fit, evaluate and predict', async () => {
    const refused = [net().fit([[1, 2], [3, 12]], [[0], [0]], { verbose: 0 }), net().evaluate([[1, 2], [3, 12]], [[0], [0]]), net().predict([[1, 2], [3, 12]])];
    for (const [i, name] of ['fit', 'evaluate', 'predict'].entries()) {
      await expect(refused[i]).rejects.toThrow(new RegExp(`${name}: input '\\w+' holds id 12 at sample 1, element \\[1\\]; the embedding it goes to has ids 0\\.\\.9`));
    }
    await expect(net().predict([[-1, 2]])).rejects.toThrow(fix);
  });
  it('in validation data and in batches of a Dataset, before the batch is used', async () => {
    await expect(net().fit([[1, 2]], [[0]], { verbose: 0, validationData: [[[1, 10]], [[0]]] })).rejects.toThrow(/holds id 10 at sample 0, element \[1\]/);
    const stream = Dataset.fromArrays({ x: [[1, 2], [3, 4], [5, 60]], y: [[0], [0], [0]] }).batch(2);
    await expect(net().fit(stream, { verbose: 0 })).rejects.toThrow(/holds id 60 at sample 0, element \[1\]/);
  });
  it('in layers that count: reversible embeddings and category encodings', async () => {
    await expect(sequential([layers.input({ shape: [2], dtype: 'i32' }), layers.reversibleEmbedding(5, 2)]).predict([[4, 5]])).rejects.toThrow(/holds id 5 at sample 0, element \[1\]; the embedding it goes to has ids 0\.\.4/);
    await expect(sequential([layers.input({ shape: [2], dtype: 'i32' }), layers.categoryEncoding(3)]).predict([[0, 1], [3, 0]])).rejects.toThrow(DataError);
  });
});

describe('sequences longer than declared', () => {
  const text = () => sequential([layers.input({ shape: [null], dtype: 'i32' }), layers.embedding(9, 4), new Placed()]);
  /** Positions added to a sequence. */
  class Placed extends layers.PositionEmbedding { constructor() { super(6, { name: 'places' }); } override call(...args: Parameters<layers.PositionEmbedding['call']>): Tensor { return ops.add(args[0][0] as Tensor, super.call(...args)); } }
  const message = /PositionEmbedding 'places' knows 6 positions, but the sequence has 8\. Make it longer, or the sequence shorter\./;
  it('than the positions of an embedding', async () => {
    expect(() => layers.positionEmbedding(6, { name: 'places' }).apply(input(8, 4))).toThrow(message);
    expect(() => run(layers.positionEmbedding(6, { name: 'places' }), [zeros([1, 8, 4])])).toThrow(message);
    await expect(text().predict([[1, 2, 3, 4, 5, 6, 7, 8]])).rejects.toThrow(message);
    const open = text();
    open.compile({ loss: 'mse' });
    await expect(open.fit(tensor([[1, 2, 3, 4, 5, 6, 7, 8]]), zeros([1, 8, 4]), { verbose: 0 })).rejects.toThrow(message);
  });
  it('than the input of a model, or what a layer was built for', async () => {
    const net = sequential([layers.input({ shape: [4, 3] }), layers.lstm(2)]);
    await expect(net.predict(zeros([2, 6, 3]))).rejects.toThrow(/predict: input '\w+'.*\[4, 3\]/);
    const layer = layers.lstm(2, { name: 'memory' });
    layer.build([[null, 4, 3]]);
    expect(() => run(layer, [zeros([2, 6, 3])])).toThrow("Layer 'memory' was built for input [?, 4, 3], got [2, 6, 3]. Reshape the input, or make a new layer for it.");
  });
  it('than what a text model can hold', async () => { await expect(generate(text(), [1], { length: 20 })).rejects.toThrow(/20 positions are asked for, but layer 'places' knows 6/); });
});
