/** Functional models: several inputs and outputs, shared layers, nested models, data by name, partial training, steps of one's own. */
import { beforeAll, describe, expect, it } from 'vitest';
import { expectClose } from '../base/testing/golden.ts';
import { DataError, NameError, ValueError } from '../base/errors.ts';
import type { Layer, SymbolicTensor } from '../nn/layer.ts';
import * as layers from '../nn/layers/index.ts';
import { adam } from '../nn/optimizers/index.ts';
import { createDevice, setDefaultDevice } from '../runtime/device.ts';
import * as ops from '../tensor/ops/index.ts';
import { tensor, type Tensor } from '../tensor/tensor.ts';
import { grad, jit, valueAndGrad } from '../tensor/trace.ts';
import { model, type Functional } from './functional.ts';
import { modelFromBytes } from './load.ts';
import type { Model } from './model.ts';
import { layerFromConfig } from './registry.ts';
import { sequential } from './sequential.ts';

beforeAll(() => { setDefaultDevice(createDevice({ backend: 'reference' })); });

const rows = Array.from({ length: 16 }, (_, i) => i), a = rows.map((i) => [Math.sin(i), Math.cos(i)]), b = rows.map((i) => [Math.cos(i * 2), Math.sin(i * 3), i / 16]);
const y = { sum: rows.map((i) => [Math.sin(i) + i / 16]), both: rows.map((i) => [Math.cos(i), i / 16]) };
const at = (list: readonly SymbolicTensor[], i: number): SymbolicTensor => { const t = list[i]; if (t === undefined) throw new Error(`no result ${i}`); return t; };

/** Two inputs, a tower shared by both, a nested model, two outputs. */
function siamese(): Functional {
  const one = layers.input({ shape: [2], name: 'one' }), two = layers.input({ shape: [3], name: 'two' });
  const tower = sequential([layers.dense(4, { activation: 'tanh', name: 'tower_dense' })], { name: 'tower', seed: 5 }), widen = layers.dense(3, { name: 'widen' });
  const left = tower.apply(widen.apply(one)), right = tower.apply(two);
  const merged = layers.concatenate({ name: 'merged' }).apply([left, right, layers.subtract({ name: 'difference' }).apply([left, right])]);
  return model({ inputs: [one, two], outputs: { sum: layers.dense(1, { name: 'sum_head' }).apply(merged), both: layers.dense(2, { name: 'both_head' }).apply(merged) }, name: 'siamese' });
}
const compiled = (): Functional => siamese().compile({ optimizer: adam({ learningRate: 0.02 }), loss: { sum: 'mse', both: 'mae' }, lossWeights: { sum: 1, both: 0.5 } });

describe('several inputs and outputs', () => {
  it('take and give lists and records alike', async () => {
    const net = compiled(), before = await net.getWeights(), options = { epochs: 4, batchSize: 8, shuffle: false, verbose: 0 } as const;
    const { history } = await net.fit({ two: b, one: a }, y, options);
    const again = compiled();
    again.setWeights(before);
    expect((await again.fit([a, b], [y.sum, y.both], options)).history).toEqual(history);
    expect(Object.keys(history)).toEqual(['loss', 'sum_loss', 'both_loss']);
    expectClose(history['loss'] ?? [], history['sum_loss']?.map((v, i) => v + 0.5 * (history['both_loss']?.[i] ?? NaN)) ?? [], { absolute: 1e-5 });
    expect(history['loss']?.at(-1)).toBeLessThan(history['loss']?.[0] ?? 0);
    const out = await net.predictAll({ one: a, two: b });
    expect([out['sum']?.shape, out['both']?.shape]).toEqual([[16, 1], [16, 2]]);
    expect(await net.evaluate({ one: a, two: b }, y)).toHaveProperty('both_loss');
  });
  it('name what is missing, unknown or too much', async () => {
    const net = compiled();
    await expect(net.fit({ one: a }, y)).rejects.toThrow(/nothing is given for the input 'two'/);
    await expect(net.fit({ one: a, tow: b }, y)).rejects.toThrow(NameError);
    await expect(net.fit([a, b, b], y)).rejects.toThrow(DataError);
    await expect(net.predict([a, b])).rejects.toThrow(/2 outputs \(sum, both\); use predictAll/);
  });
});

describe('shared layers and nested models', () => {
  it('have their weights once, also in files', async () => {
    const net = compiled();
    expect(net.weights.length).toBe(8);
    expect(net.getLayer('tower').parameterCount).toBe(16);
    const back = modelFromBytes(await net.toBytes());
    expect(back.weights.map((w) => w.name)).toEqual(net.weights.map((w) => w.name));
    expect((await back.predictAll([a, b]))['sum']?.dataSync()).toEqual((await net.predictAll([a, b]))['sum']?.dataSync());
    expect((await back.fit([a, b], y, { verbose: 0 })).history).toEqual((await net.fit([a, b], y, { verbose: 0 })).history);
  });
  it('gives a shared layer the gradients of all its uses', () => {
    const x = layers.input({ shape: [1] }), shared = layers.dense(1, { kernelInitializer: 'ones' });
    const net = model({ inputs: x, outputs: layers.add().apply([shared.apply(x), layers.lambda((t) => ops.multiply(t, 3)).apply(shared.apply(x))]) });
    const { grad: [kernel, bias] } = valueAndGrad((t: Tensor) => ops.sum(net.apply(t)), net.trainableWeights)(tensor([[2]]));
    expect([kernel?.item(), bias?.item()]).toEqual([8, 4]);
  });
  it('keep the dtype of what comes in', () => {
    const ids = layers.input({ shape: [2], dtype: 'i32' }), inner = sequential([layers.identity(), layers.lambda((t) => ops.oneHot(t as Tensor<'i32'>, 4))]);
    const out = inner.apply(ids);
    expect([out.shape, inner.inputPorts?.[0]?.dtype]).toEqual([[null, 2, 4], 'i32']);
    expect(model({ inputs: ids, outputs: out }).apply(tensor([[1, 3]], undefined, 'i32')).shape).toEqual([1, 2, 4]);
  });
  it('nest in both directions, with several results', async () => {
    const x = layers.input({ shape: [2] }), h = layers.dense(3).apply(x), inner = model({ inputs: x, outputs: [h, layers.dense(1).apply(h)] });
    const z = layers.input({ shape: [2], name: 'z' }), [wide, narrow] = inner.applyAll(z);
    const outer = model({ inputs: z, outputs: layers.concatenate().apply([at([wide as SymbolicTensor], 0), at([narrow as SymbolicTensor], 0)]) });
    const deep = sequential([layers.input({ shape: [2] }), outer, layers.dense(1)]).compile({ loss: 'mse' });
    await deep.fit(a, y.sum, { verbose: 0 });
    expect(deep.weights.length).toBe(6);
    expect((await modelFromBytes(await deep.toBytes()).predict(a)).dataSync()).toEqual((await deep.predict(a)).dataSync());
  });
  it('may share a layer between a model and a model inside it, also in files', async () => {
    const x = layers.input({ shape: [2] }), shared = layers.dense(2, { name: 'shared' }), inner = sequential([layers.input({ shape: [2] }), shared, layers.wrapper(layers.dense(2))], { name: 'inner' });
    const net = model({ inputs: x, outputs: layers.add().apply([shared.apply(x), inner.apply(x)]) }).compile({ optimizer: 'sgd', loss: 'mse' }), back = modelFromBytes(await net.toBytes());
    expect(back.weights.map((w) => w.name)).toEqual(net.weights.map((w) => w.name));
    expect((back.getLayer('inner') as Model).getLayer('shared')).toBe(back.getLayer('shared'));
    expect((await back.fit(a, y.both, { verbose: 0 })).history).toEqual((await net.fit(a, y.both, { verbose: 0 })).history);
    expect(() => layerFromConfig({ className: 'Dense', config: { sharedWith: 3 } })).toThrow(/refers to layer 3, which does not stand before it/);
  });
  it('may have one table at both ends, also in files', async () => {
    const ids = layers.input({ shape: [3], dtype: 'i32' }), table = layers.reversibleEmbedding(5, 4), net = model({ inputs: ids, outputs: layers.activation('softmax').apply(table.reversed().apply(table.apply(ids))) });
    net.compile({ optimizer: adam({ learningRate: 0.1 }), loss: 'sparseCategoricalCrossentropy' });
    expect(net.weights.length).toBe(1);
    const x = rows.map((i) => [i % 5, (i + 1) % 5, (i * 2) % 5]), { history } = await net.fit(x, x, { epochs: 8, verbose: 0 }), back = modelFromBytes(await net.toBytes());
    expect(history['loss']?.at(-1)).toBeLessThan((history['loss']?.[0] ?? 0) / 2);
    expect([back.weights.length, (await back.predict(x)).dataSync()]).toEqual([1, (await net.predict(x)).dataSync()]);
  });
  it('refuse graphs that do not hang together', () => {
    const x = layers.input({ shape: [2], name: 'x' }), other = layers.input({ shape: [2], name: 'other' }), sum = layers.add().apply([x, other]);
    expect(() => model({ inputs: x, outputs: sum })).toThrow(/need the input 'other', which is not among the inputs/);
    expect(() => model({ inputs: [x, layers.dense(1, { name: 'd' }).apply(x)], outputs: sum })).toThrow(ValueError);
    const d = layers.dense(2, { name: 'same' }).apply(x);
    expect(() => model({ inputs: x, outputs: layers.dense(2, { name: 'same' }).apply(d) })).toThrow(/two layers are named 'same'/);
  });
});

describe('partial training', () => {
  const step = async (net: Model, frozen: readonly Layer[]): Promise<boolean[]> => {
    for (const layer of frozen) layer.trainable = false;
    net.compile({ optimizer: 'sgd', loss: 'mse' });
    const before = await net.getWeights();
    await net.fit([a, b], y, { verbose: 0 });
    return (await net.getWeights()).map((w, i) => String(w) !== String(before[i]));
  };
  it('changes only what is not frozen; unfrozen and compiled anew, everything', async () => {
    const net = siamese(), names = net.weights.map((w) => w.name), changes = await step(net, [net.getLayer('tower'), net.getLayer('sum_head')]);
    expect(names.filter((_, i) => changes[i])).toEqual(['widen/kernel', 'widen/bias', 'both_head/kernel', 'both_head/bias']);
    net.trainable = true;
    expect(net.getLayer('tower').trainable).toBe(true);
    expect((await step(net, [])).every(Boolean)).toBe(true);
  });
  it('says when nothing is left to train', async () => {
    const net = siamese();
    await expect(step(net, [net])).rejects.toThrow(/no trainable weights.*Set trainable = true/);
  });
});

describe('a training step of one\'s own', () => {
  const x = tensor(a), target = tensor(y.sum);
  const small = () => sequential([layers.input({ shape: [2] }), layers.dense(8, { activation: 'tanh' }), layers.dense(1)], { seed: 4 });
  it('of grad, jit and an optimizer does what fit does', async () => {
    const net = small(), reference = small().compile({ optimizer: adam({ learningRate: 0.01 }), loss: 'mse' }), optimizer = adam({ learningRate: 0.01 }), weights = net.trainableWeights;
    const loss = (input: Tensor, wanted: Tensor): Tensor => ops.mean(ops.square(ops.subtract(net.apply(input, { training: true }), wanted)));
    const train = jit((input: Tensor, wanted: Tensor, rate: Tensor) => {
      const { value, grad: gradients } = valueAndGrad(loss, weights)(input, wanted);
      optimizer.apply(gradients, weights, rate);
      return value;
    });
    const losses = rows.map(() => train(x, target, tensor(0.01)).item());
    const { history } = await reference.fit(a, y.sum, { epochs: 16, batchSize: 16, shuffle: false, verbose: 0 });
    expectClose(losses, history['loss'] ?? [], { relative: 1e-4 });
    expect(net.weights.map((w) => [...w.read()].map((v) => v.toFixed(4)))).toEqual(reference.weights.map((w) => [...w.read()].map((v) => v.toFixed(4))));
  });
  it('takes derivatives of the model by its input, and of those by its weights', () => {
    const net = small(), slope = grad((t: Tensor) => ops.sum(net.apply(t)));
    const bent = jit((t: Tensor) => valueAndGrad((u: Tensor) => ops.mean(ops.square(slope(u))), net.trainableWeights)(t));
    const { value, grad: gradients } = bent(x), kernel = net.weights[0], h = 1e-2;
    if (kernel === undefined) throw new Error('no kernel');
    const own = kernel.read() as Float32Array, moved = (by: number): number => { const next = own.slice(); next[0] = (next[0] ?? 0) + by; kernel.write(next); return bent(x).value.item(); };
    expect(value.item()).toBeGreaterThan(0);
    expect(gradients[0]?.dataSync()[0]).toBeCloseTo((moved(h) - moved(-h)) / (2 * h), 3);
  });
});
