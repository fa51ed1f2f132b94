/** Layers and models of one's own: state found by itself, training, files, freezing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Layer, type BatchShape, type CallContext, type LayerOptions } from '../nn/layer.ts';
import * as layers from '../nn/layers/index.ts';
import { adam } from '../nn/optimizers/index.ts';
import { registerLayer, type Config } from '../nn/registry.ts';
import { createDevice, setDefaultDevice } from '../runtime/device.ts';
import * as ops from '../tensor/ops/index.ts';
import { ones, zeros, type Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import { model } from './functional.ts';
import { loadModel, modelFromBytes } from './load.ts';
import { Model, type ModelOptions } from './model.ts';
import { sequential } from './sequential.ts';

beforeAll(() => { setDefaultDevice(createDevice({ backend: 'reference' })); });

/** Two dense layers in a list, a scale that is a variable, and x added to it all. */
class Residual extends Layer {
  readonly className = 'Residual';
  readonly parts: layers.Dense[];
  readonly scale = new Variable(ones([1]), { name: 'scale' });
  readonly units: number;
  constructor(units: number, options: LayerOptions = {}) {
    super('Residual', options);
    this.units = units;
    this.parts = [layers.dense(units * 2, { activation: 'relu', name: `${this.name}/up`, kernelRegularizer: 'l2' }), layers.dense(units, { name: `${this.name}/down` })];
  }
  call(inputs: readonly Tensor[], context: CallContext): Tensor {
    const [x] = inputs;
    if (x === undefined) throw new Error('one input');
    return this.parts.reduce<Tensor>((h, part) => part.apply(h, context), x).mul(this.scale.value).add(x);
  }
  override getConfig(): Config { return { ...super.getConfig(), units: this.units }; }
}
registerLayer('Residual', (c) => new Residual(Number(c['units']), { name: String(c['name']), trainable: c['trainable'] !== false }));

/** Two inputs, two results; dropout shows that the context arrives. */
class Pair extends Model {
  readonly className = 'Pair';
  protected override readonly outputNames = ['mean', 'sign'];
  readonly body = new Residual(3, { name: 'body' });
  readonly heads = { mean: layers.dense(1, { name: 'mean_head' }), sign: layers.dense(1, { name: 'sign_head', activation: 'sigmoid' }) };
  readonly drop = layers.dropout(0.5, { name: 'drop' });
  constructor(options: ModelOptions = {}) { super('Pair', options); }
  override call(inputs: readonly Tensor[], context: CallContext): readonly Tensor[] {
    const h = this.drop.apply(this.body.apply(ops.concat(inputs, -1), context), context);
    return [this.heads.mean.apply(h, context), this.heads.sign.apply(h, context)];
  }
}
registerLayer('Pair', (c) => new Pair({ name: String(c['name']), seed: Number(c['seed']) }));

const left = Array.from({ length: 24 }, (_, i) => [Math.sin(i), Math.cos(i)]), right = left.map(([a = 0]) => [a * a]);
const data = { x: { left, right }, y: { mean: left.map(([a = 0, b = 0]) => [a + b]), sign: left.map(([a = 0]) => [Number(a > 0)]) } };
const pair = (): Pair => new Pair({ name: 'pair', seed: 3 }).compile({ optimizer: 'adam', loss: { mean: 'mse', sign: 'binaryCrossentropy' }, metrics: { sign: ['accuracy'] } });

describe('a layer of one\'s own', () => {
  it('finds its shapes, weights, penalties and seeds', () => {
    const make = (): Residual => { const layer = new Residual(3, { name: 'r' }); layer.seed = 9; return layer; };
    const layer = make(), out = layer.apply(layers.input({ shape: [null, 3] }));
    expect(out.shape).toEqual([null, null, 3]);
    expect(layer.weights.map((w) => w.name)).toEqual(['scale', 'r/up/kernel', 'r/up/bias', 'r/down/kernel', 'r/down/bias']);
    expect(layer.regularizationLoss()?.item()).toBeGreaterThan(0);
    const again = make();
    again.apply(layers.input({ shape: [3] }));
    expect(again.weights.map((w) => [...w.read()])).toEqual(layer.weights.map((w) => [...w.read()]));
  });
  it('trains in a chain and comes back from a file', async () => {
    const net = sequential([layers.input({ shape: [3] }), new Residual(3), layers.dense(1)], { seed: 1 }).compile({ optimizer: adam({ learningRate: 0.01 }), loss: 'mse' });
    const x = left.map(([a = 0, b = 0]) => [a, b, a * b]), y = data.y.mean;
    const { history } = await net.fit(x, y, { epochs: 20, verbose: 0 });
    expect(history['loss']?.at(-1)).toBeLessThan((history['loss']?.[0] ?? 0) / 2);
    const back = modelFromBytes(await net.toBytes());
    expect((await back.predict(x)).dataSync()).toEqual((await net.predict(x)).dataSync());
    expect((await back.fit(x, y, { verbose: 0 })).history).toEqual((await net.fit(x, y, { verbose: 0 })).history);
  });
  it('leaves out masks that do not fit what it hands on', () => {
    const dense = layers.dense(1), masks = [ones([2, 4]).cast('bool')];
    expect(dense.apply(ones([2, 3]), { masks }).shape).toEqual([2, 1]);
    expect(() => dense.run([ones([2, 3])], { training: false, seeds: new Pair().seeds, masks })).toThrow(/mask of input 0 has shape \[2, 4\]/);
  });
  it('says what it misses where it needs a shape that it cannot know', () => {
    class Half extends Layer {
      readonly className = 'Half';
      constructor() { super('Half', {}); }
      call([x]: readonly Tensor[]): Tensor { return x === undefined ? zeros([1]) : ops.split(x, 2, 1)[0] ?? x; }
    }
    const shape = (own: BatchShape): BatchShape => new Half().apply(layers.input({ shape: own })).shape;
    expect([shape([6]), shape([6, 2])]).toEqual([[null, 3], [null, 3, 2]]);
  });
});

describe('a model of one\'s own', () => {
  it('is built by its first data, with the names of inputs and outputs', async () => {
    const net = pair();
    expect(net.weights.map((w) => w.name)).toEqual(['scale']);
    const { history } = await net.fit(data.x, data.y, { epochs: 30, batchSize: 8, verbose: 0 });
    expect(net.inputPorts?.map((p) => [p.name, p.shape])).toEqual([['left', [2]], ['right', [1]]]);
    expect(Object.keys(history)).toEqual(['loss', 'mean_loss', 'sign_loss', 'sign_accuracy']);
    expect(history['loss']?.at(-1)).toBeLessThan(history['loss']?.[0] ?? 0);
    const out = await net.predictAll([left, right]);
    expect(Object.entries(out).map(([name, t]) => [name, t.shape])).toEqual([['mean', [24, 1]], ['sign', [24, 1]]]);
    expect(net.summary({ print: false })).toContain('body (Residual)');
  });
  it('goes on from a file as if it had not stopped', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pair-'));
    try {
      const net = pair(), again = { epochs: 2, batchSize: 8, verbose: 0, shuffle: false } as const;
      await net.fit(data.x, data.y, again);
      await net.save(join(folder, 'pair.safetensors'));
      const back = await loadModel(join(folder, 'pair.safetensors'));
      expect(back).toBeInstanceOf(Pair);
      expect((await back.fit(data.x, data.y, again)).history).toEqual((await net.fit(data.x, data.y, again)).history);
      expect(await back.getWeights()).toEqual(await net.getWeights());
    } finally { rmSync(folder, { recursive: true }); }
  });
  it('has the same weights for the same seed', async () => {
    const weights = async (): Promise<unknown> => { const net = pair(); await net.evaluate(data.x, data.y); return net.getWeights(); };
    expect(await weights()).toEqual(await weights());
  });
  it('stands in a functional model as a layer', () => {
    const a = layers.input({ shape: [2], name: 'a' }), b = layers.input({ shape: [1], name: 'b' });
    const [mean, sign] = new Pair().applyAll([a, b]);
    if (mean === undefined || sign === undefined) throw new Error('two results');
    const net = model({ inputs: [a, b], outputs: { mean, sign } });
    expect(net.outputPorts.map((p) => [p.name, p.shape])).toEqual([['mean', [1]], ['sign', [1]]]);
    expect(net.weights.length).toBe(9);
  });
});

describe('freezing', () => {
  it('reaches every layer inside and leaves its weights alone, but not the others', async () => {
    const base = sequential([layers.input({ shape: [3] }), new Residual(3), layers.dense(4)], { seed: 2 });
    const net = sequential([layers.input({ shape: [3] }), base, layers.dense(1)], { seed: 3 });
    base.trainable = false;
    expect(base.layers.map((l) => l.trainable)).toEqual([false, false]);
    expect((base.layers[0] as Residual).parts.map((l) => l.trainable)).toEqual([false, false]);
    net.compile({ optimizer: 'sgd', loss: 'mse' });
    expect(net.trainableWeights.length).toBe(2);
    const x = left.map(([a = 0, b = 0]) => [a, b, a * b]), before = await net.getWeights();
    await net.fit(x, data.y.mean, { verbose: 0 });
    const after = await net.getWeights();
    expect(after.map((w, i) => String(w) === String(before[i]))).toEqual([true, true, true, true, true, true, true, false, false]);
    expect(net.optimizer.variables.length).toBeLessThan(4);
    base.trainable = true;
    expect(net.trainableWeights.length).toBe(9);
  });
  it('of one layer of a model is kept in files', async () => {
    const net = sequential([layers.input({ shape: [3] }), layers.dense(2, { trainable: false }), layers.dense(1)]);
    expect(modelFromBytes(await net.toBytes()).trainableWeights.length).toBe(2);
  });
});
