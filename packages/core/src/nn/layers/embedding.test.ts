import { describe, expect, it } from 'vitest';
import { DataError, ValueError } from '../../base/errors.ts';
import { expectClose, golden } from '../../base/testing/golden.ts';
import { at } from '../../base/shape.ts';
import { input } from './index.ts';
import { model, sequential } from '../../model/index.ts';
import * as ops from '../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../tensor/tensor.ts';
import { jit, valueAndGrad } from '../../tensor/trace.ts';
import { getOptimizer } from '../optimizers/index.ts';
import type { Config } from '../registry-table.ts';
import { checkLayer } from '../testing/check-layer.ts';
import * as layers from './index.ts';

const keras = golden<{
  table: number[][]; batches: number[][][]; targets: number[][][]; result: number[][][]; mask: number[][]; initializer: number;
  steps: { name: string; config: Config & { learningRate: number }; tables: number[][][] }[];
}>('keras-embedding');
const i32 = (x: number[][]): Tensor => tensor(x, undefined, 'i32');

describe('Embedding', () => {
  it('keeps the promises of a layer', () => {
    checkLayer(() => layers.embedding(10, 4), { inputs: [[5]], dtype: 'i32', output: [5, 4], weights: 1, learningRate: 0.5 });
    checkLayer(() => layers.embedding(10, 3, { sparse: true, maskZero: true, embeddingsInitializer: 'randomNormal' }), { inputs: [[2, 5]], dtype: 'i32', output: [2, 5, 3], weights: 1, learningRate: 0.5 });
  });
  it('gives the rows and the mask that Keras gives', () => {
    const layer = layers.embedding(7, 3, { maskZero: true, weights: keras.table }), ids = i32(at(keras.batches, 0));
    const { outputs, masks } = layer.runMasked([ids], { training: false, seeds: null as never });
    expectClose(at(outputs, 0).dataSync(), keras.result);
    expect([...(masks[0] as Tensor).dataSync()]).toEqual(keras.mask.flat());
  });
  it('starts as in Keras', () => {
    const table = layers.embedding(1000, 8);
    table.build([[null, 1]]);
    const values = [...at(table.weights, 0).read()];
    expect(Math.max(...values)).toBeLessThan(keras.initializer);
    expect(Math.max(...values)).toBeGreaterThan(0.99 * keras.initializer);
    expect(Math.min(...values)).toBeLessThan(-0.99 * keras.initializer);
  });
  it.each(keras.steps.map((s) => [`${s.name} ${JSON.stringify(s.config)}`, s] as const))('is trained as in Keras: %s', (_, { name, config, tables }) => {
    const layer = layers.embedding(7, 3, { weights: keras.table }), optimizer = getOptimizer({ className: name, config });
    layer.build([[null, 4]]);
    const step = jit((ids: Tensor, targets: Tensor, rate: Tensor) => {
      const loss = valueAndGrad(() => ops.sum(ops.square(ops.subtract(layer.call([ids]), targets))), layer.weights)();
      optimizer.apply(loss.grad, layer.weights, rate);
      return loss.value;
    });
    keras.batches.forEach((ids, i) => {
      step(i32(ids), tensor(keras.targets), tensor(new Float32Array([config.learningRate]), []));
      expectClose(at(layer.weights, 0).read(), at(tables, i), { relative: 2e-5, absolute: 2e-6 }, `after step ${i + 1}`);
    });
  });
  it('says which id is outside of the table, and where, before any work', async () => {
    const net = sequential([layers.embedding(10, 2), layers.flatten(), layers.dense(1)]);
    net.compile({ optimizer: 'sgd', loss: 'mse' });
    const fit = (x: number[][]): Promise<unknown> => net.fit(x, x.map(() => [0]), { verbose: 0 });
    await expect(fit([[1, 2, 3], [4, 10, 0]])).rejects.toThrow(/fit: input '\w+' holds id 10 at sample 1, element \[1\]; the embedding it goes to has ids 0\.\.9/);
    await expect(fit([[1, -1, 3]])).rejects.toThrow(/id -1 at sample 0, element \[1\]/);
    await expect(fit([[1, 1.5, 3]])).rejects.toThrow(DataError);
    await fit([[0, 1, 9]]);
    await expect(net.predict([[0, 99, 1]])).rejects.toThrow(/predict: input '\w+' holds id 99/);
    await expect(net.evaluate([[0, 1, 11]], [[0]])).rejects.toThrow(/evaluate: input '\w+' holds id 11/);
    net.predictSync(Float32Array.of(0, 1, 2));
    expect(() => net.predictSync(Float32Array.of(0, 1, 20))).toThrow(/id 20/);
    // inside a program the nearest row is meant
    const rows = net.layers[0] as layers.Embedding;
    expect([...rows.call([i32([[-3, 77]])]).dataSync()]).toEqual([...rows.call([i32([[0, 9]])]).dataSync()]);
  });
  it('knows the inputs of functional and nested models', () => {
    const users = input({ shape: [], dtype: 'i32', name: 'user' }), items = input({ shape: [3], dtype: 'i32', name: 'item' }), extra = input({ shape: [2], name: 'extra' });
    const inner = sequential([layers.inputLayer({ shape: [3], dtype: 'i32' }), layers.embedding(50, 2), layers.flatten()]);
    const net = model({ inputs: { users, items, extra }, outputs: layers.concatenate({ axis: 1 }).apply([layers.embedding(20, 4).apply(users), inner.apply(items), layers.dense(2).apply(extra)]) });
    expect(net.idLimits).toEqual([20, 50, null]);
    expect(() => net.predictSync({ users: [3, 20], items: [[1, 2, 3], [1, 2, 3]], extra: [[0, 0], [0, 0]] })).toThrow(/input 'users' holds id 20 at sample 1/);
  });
  it('refuses nonsense', () => {
    expect(() => layers.embedding(0, 4)).toThrow(ValueError);
    expect(() => layers.embedding(4, 1.5)).toThrow(/outputDim 1.5/);
  });
});
