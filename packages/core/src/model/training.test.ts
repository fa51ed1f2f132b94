import { mkdtempSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HostArray } from '../base/dtype.ts';
import { AbortedError, FormatError } from '../base/errors.ts';
import * as layers from '../nn/layers/index.ts';
import { l2 } from '../nn/regularizers/index.ts';
import { adam, sgd } from '../nn/optimizers/index.ts';
import { exponentialDecay } from '../nn/schedules/index.ts';
import { createDevice, setDefaultDevice } from '../runtime/device.ts';
import { Dataset } from './dataset.ts';
import { BackupAndRestore, EarlyStopping, LambdaCallback, LearningRateScheduler, ModelCheckpoint, ReduceLROnPlateau } from './callbacks/index.ts';
import { model as functional } from './functional.ts';
import { loadModel, modelFromBytes } from './load.ts';
import type { Model } from './model.ts';
import { sequential, type Sequential } from './sequential.ts';
import type { CompileOptions } from './compiled.ts';

beforeAll(() => { setDefaultDevice(createDevice({ backend: 'reference' })); });
const folder = mkdtempSync(join(tmpdir(), 'limelight-'));

const XOR = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [0, 1, 1, 0] };
/** Three clouds in the plane; 45 points. */
function clouds(n = 45): { x: Float32Array; y: Uint8Array } {
  const x = new Float32Array(2 * n), y = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    y[i] = i % 3;
    const angle = (2 * Math.PI * (i % 3)) / 3;
    x[2 * i] = Math.cos(angle) + 0.3 * Math.sin(i * 12.9898);
    x[2 * i + 1] = Math.sin(angle) + 0.3 * Math.cos(i * 78.233);
  }
  return { x, y };
}
const classifier = (seed = 3): Sequential => sequential([
  layers.inputLayer({ shape: [2] }), layers.dense(8, { activation: 'relu', name: 'hidden' }), layers.dropout(0.2, { name: 'drop' }), layers.dense(3, { activation: 'softmax', name: 'out' }),
], { seed, name: 'classifier' }).compile({ optimizer: adam({ learningRate: 0.02 }), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
const bits = async (model: Model): Promise<number[][]> => (await model.getWeights()).map((w) => [...new Uint32Array(w.buffer, w.byteOffset, w.length)]);
const quiet = { verbose: 0 } as const;

describe('fit', () => {
  it('learns XOR', async () => {
    const model = sequential([layers.inputLayer({ shape: [2] }), layers.dense(8, { activation: 'tanh' }), layers.dense(1, { activation: 'sigmoid' })], { seed: 1 })
      .compile({ optimizer: adam({ learningRate: 0.1 }), loss: 'binaryCrossentropy', metrics: ['accuracy'] });
    const { history } = await model.fit(XOR.x, XOR.y, { epochs: 120, ...quiet });
    expect(history['loss']?.[0]).toBeGreaterThan(0.5);
    expect(history['loss']?.at(-1)).toBeLessThan(0.1);
    expect(history['accuracy']?.at(-1)).toBe(1);
    const out = await model.predict(XOR.x);
    expect(out.shape).toEqual([4, 1]);
    expect([...out.dataSync()].map(Math.round)).toEqual(XOR.y);
    expect((await model.evaluate(XOR.x, XOR.y))['accuracy']).toBe(1);
  });

  it('linear regression reaches the closed form', async () => {
    const n = 32, x = new Float32Array(n), y = new Float32Array(n);
    for (let i = 0; i < n; i++) { x[i] = i / n; y[i] = 3 * (i / n) - 1 + 0.1 * Math.sin(i * 5); }
    const mean = (v: Float32Array) => v.reduce((a, b) => a + b, 0) / n, mx = mean(x), my = mean(y);
    let xy = 0, xx = 0;
    for (let i = 0; i < n; i++) { xy += ((x[i] ?? 0) - mx) * ((y[i] ?? 0) - my); xx += ((x[i] ?? 0) - mx) ** 2; }
    const slope = xy / xx, intercept = my - slope * mx;
    const model = sequential([layers.inputLayer({ shape: [1] }), layers.dense(1)], { seed: 0 }).compile({ optimizer: sgd({ learningRate: 0.5, momentum: 0.9 }), loss: 'mse' });
    await model.fit(x, y, { epochs: 200, batchSize: n, ...quiet });
    const [kernel, bias] = await model.getWeights();
    expect(kernel?.[0]).toBeCloseTo(slope, 4);
    expect(bias?.[0]).toBeCloseTo(intercept, 4);
  });

  it('two steps of gradient descent equal the formula, with sample weights and regularization', async () => {
    const model = sequential([layers.inputLayer({ shape: [1] }), layers.dense(1, { useBias: false, kernelRegularizer: l2(0.1) })]).compile({ optimizer: sgd({ learningRate: 0.1 }), loss: 'mse' });
    model.setWeights([new Float32Array([2])]);
    let w = 2;
    const x = [1, 2], y = [0, 1], s = [1, 3], losses: number[] = [];
    for (let step = 0; step < 2; step++) {
      let grad = 2 * 0.1 * w, loss = 0.1 * w * w;
      x.forEach((xi, i) => { const e = w * xi - (y[i] ?? 0); loss += ((s[i] ?? 0) * e * e) / 2; grad += ((s[i] ?? 0) * 2 * e * xi) / 2; });
      losses.push(loss);
      w -= 0.1 * grad;
    }
    const seen: number[] = [];
    await model.fit(x, y, { epochs: 2, sampleWeight: s, shuffle: false, callbacks: [new LambdaCallback({ onTrainBatchEnd: (_, batch) => { seen.push(batch.loss); } })], ...quiet });
    expect(seen[0]).toBeCloseTo(losses[0] ?? 0, 4);
    expect(seen[1]).toBeCloseTo(losses[1] ?? 0, 4);
    expect((await model.getWeights())[0]?.[0]).toBeCloseTo(w, 4);
  });

  it('class weights are sample weights by class', async () => {
    const { x, y } = clouds();
    const a = classifier(), b = classifier();
    await a.fit(x, y, { epochs: 2, classWeight: { 0: 3, 2: 0.5 }, ...quiet });
    await b.fit(x, y, { epochs: 2, sampleWeight: Float32Array.from(y, (label) => [3, 1, 0.5][label] ?? 0), ...quiet });
    expect(await bits(a)).toEqual(await bits(b));
    const c = classifier();
    await c.fit(x, y, { epochs: 2, ...quiet });
    expect(await bits(c)).not.toEqual(await bits(a));
  });

  it('the short last batch counts by its size in the loss of the epoch', async () => {
    const model = sequential([layers.inputLayer({ shape: [1] }), layers.dense(1, { useBias: false, kernelInitializer: 'ones' })]).compile({ optimizer: sgd({ learningRate: 0 }), loss: 'mse', metrics: ['mse'] });
    const x = [1, 2, 3, 4, 5], y = [0, 0, 0, 0, 0];
    const { history } = await model.fit(x, y, { batchSize: 2, ...quiet });
    expect(history['loss']?.[0]).toBeCloseTo(11, 5);
    expect(history['mse']?.[0]).toBeCloseTo(11, 5);
    const logs = await model.evaluate(x, y, { batchSize: 3 });
    expect(logs['loss']).toBeCloseTo(11, 5);
  });

  it('same seed, same bits; another seed, others', async () => {
    const { x, y } = clouds();
    const run = async (seed: number) => { const m = classifier(seed); await m.fit(x, y, { epochs: 3, batchSize: 8, ...quiet }); return bits(m); };
    const first = await run(5);
    expect(await run(5)).toEqual(first);
    expect(await run(6)).not.toEqual(first);
  });

  it('u8 inputs are cast on the device', async () => {
    const x = new Uint8Array([0, 50, 100, 150, 200, 250]);
    const make = () => sequential([layers.inputLayer({ shape: [1] }), layers.rescaling(1 / 255), layers.dense(1)], { seed: 2 }).compile({ optimizer: 'sgd', loss: 'mse' });
    const a = make(), b = make();
    await a.fit(x, [0, 1, 2, 3, 4, 5], { epochs: 2, ...quiet });
    await b.fit(Float32Array.from(x), [0, 1, 2, 3, 4, 5], { epochs: 2, ...quiet });
    expect(await bits(a)).toEqual(await bits(b));
  });

  it('validation: split, data, Dataset; frequency', async () => {
    const { x, y } = clouds();
    const { history } = await classifier().fit(x, y, { epochs: 2, validationSplit: 0.2, ...quiet });
    expect(Object.keys(history).sort()).toEqual(['accuracy', 'loss', 'val_accuracy', 'val_loss']);
    const model = classifier();
    const given = await model.fit(x, y, { epochs: 4, validationFreq: 2, validationData: [x, y], ...quiet });
    expect(given.history['val_loss']).toHaveLength(2);
    expect(given.history['val_loss']?.at(-1)).toBeCloseTo((await model.evaluate(x, y))['loss'] ?? NaN, 5);
    const set = Dataset.fromArrays({ x: { data: x, shape: [45, 2] }, y }).batch(16);
    const third = await model.fit(x, y, { validationData: set, ...quiet });
    expect(third.history['val_loss']?.[0]).toBeCloseTo((await model.evaluate(set))['loss'] ?? NaN, 5);
  });

  it('the samples of the split do not train', async () => {
    const x = [1, 2, 3, 1e6], y = [1, 2, 3, -1e6];
    const make = () => sequential([layers.inputLayer({ shape: [1] }), layers.dense(1)], { seed: 1 }).compile({ optimizer: 'sgd', loss: 'mse' });
    const a = make(), b = make();
    await a.fit(x, y, { epochs: 2, validationSplit: 0.25, ...quiet });
    await b.fit(x.slice(0, 3), y.slice(0, 3), { epochs: 2, ...quiet });
    expect(await bits(a)).toEqual(await bits(b));
  });

  it('a Dataset, a generator function and arrays give the same bits in the same order', async () => {
    const { x, y } = clouds(40);
    const arrays = classifier(), set = classifier(), generator = classifier(), lists = classifier();
    await arrays.fit(x, y, { epochs: 2, batchSize: 16, shuffle: false, ...quiet });
    await set.fit(Dataset.fromArrays({ x: { data: x, shape: [40, 2] }, y }), { epochs: 2, batchSize: 16, ...quiet });
    const batches = function* () { for (let i = 0; i < 40; i += 16) yield { x: { data: x.subarray(2 * i, 2 * i + 32), shape: [Math.min(16, 40 - i), 2] }, y: y.subarray(i, i + 16) }; };
    await generator.fit(batches, { epochs: 2, ...quiet });
    await lists.fit(async function* () { for (const { x: a, y: b } of batches()) { await Promise.resolve(); yield [Array.from({ length: b.length }, (_, i) => [a.data[2 * i] ?? 0, a.data[2 * i + 1] ?? 0]), [...b]] as const; } }, { epochs: 2, ...quiet });
    const expected = await bits(arrays);
    expect(await bits(set)).toEqual(expected);
    expect(await bits(generator)).toEqual(expected);
    expect(await bits(lists)).toEqual(expected);
  });

  it('learns its input shape from the first data', async () => {
    const model = sequential([layers.flatten(), layers.dense(3, { activation: 'softmax' })], { seed: 1 }).compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
    expect(model.weights).toHaveLength(0);
    await model.fit({ data: new Uint8Array(5 * 4), shape: [5, 2, 2] }, [0, 1, 2, 0, 1], quiet);
    expect(model.weights.map((w) => w.shape)).toEqual([[4, 3], [3]]);
    expect((await model.predict({ data: new Float32Array(8), shape: [2, 2, 2] })).shape).toEqual([2, 3]);
  });

  it('gives the event loop a turn at least every 50 ms', async () => {
    const n = 4000, model = sequential([layers.inputLayer({ shape: [4] }), layers.dense(64), layers.dense(1)]).compile({ optimizer: 'sgd', loss: 'mse' });
    let longest = 0, ticks = 0, last = performance.now();
    const timer = setInterval(() => { const now = performance.now(); longest = Math.max(longest, now - last); last = now; ticks++; }, 1);
    await model.fit(new Float32Array(4 * n), new Float32Array(n), { epochs: 6, batchSize: 8, ...quiet });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(3);
    // tracing and compiling come before the first step; a busy machine adds its own pauses
    expect(longest).toBeLessThan(400);
  });

  it('stops when its signal fires, with AbortedError', async () => {
    const { x, y } = clouds(), control = new AbortController(), model = classifier();
    let steps = 0;
    const stop = new LambdaCallback({ onTrainBatchEnd: () => { if (++steps === 5) control.abort(); } });
    await expect(model.fit(x, y, { epochs: 10, batchSize: 9, callbacks: [stop], signal: control.signal, ...quiet })).rejects.toThrow(AbortedError);
    expect(steps).toBe(5);
    await expect(model.fit(x, y, { signal: AbortSignal.abort(), ...quiet })).rejects.toThrow(AbortedError);
  });

  it('runs custom losses and metrics, and metrics weighted by sample', async () => {
    const model = sequential([layers.inputLayer({ shape: [1] }), layers.dense(1, { useBias: false, kernelInitializer: 'ones' })]).compile({
      optimizer: sgd({ learningRate: 0 }), loss: (yTrue, yPred) => yPred.sub(yTrue).abs().mean(-1).mul(2),
      metrics: [function worst(yTrue, yPred) { return yPred.sub(yTrue).square().mean(-1); }], weightedMetrics: ['mae'],
    });
    const logs = await model.evaluate([1, 2], [[0], [0]], { sampleWeight: [1, 3] });
    expect(logs['loss']).toBeCloseTo((2 * 1 + 3 * 4) / 2, 5);
    expect(logs['worst']).toBeCloseTo(2.5, 5);
    expect(logs['mae']).toBeCloseTo((1 + 3 * 2) / 4, 5);
  });

  it('frozen layers stay', async () => {
    const model = classifier(), { x, y } = clouds();
    model.getLayer('hidden').trainable = false;
    model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
    const before = await bits(model);
    await model.fit(x, y, quiet);
    const after = await bits(model);
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after[2]).not.toEqual(before[2]);
  });

  it('a schedule moves the learning rate step by step', async () => {
    const model = sequential([layers.inputLayer({ shape: [1] }), layers.dense(1, { useBias: false, kernelInitializer: 'zeros' })]).compile({ optimizer: sgd({ learningRate: exponentialDecay(1, 1, 0.5) }), loss: (yTrue, yPred) => yPred.sub(yTrue).mean(-1) });
    const { history } = await model.fit([1, 1, 1], [0, 0, 0], { batchSize: 1, ...quiet });
    expect((await model.getWeights())[0]?.[0]).toBeCloseTo(-(1 + 0.5 + 0.25), 5);
    expect(history['learning_rate']?.[0]).toBeCloseTo(0.125, 6);
  });
});

describe('predict', () => {
  it('predictSync equals predict, for every form of input', async () => {
    const model = classifier(), { x } = clouds(7);
    const all = (await model.predict({ data: x, shape: [7, 2] }, { batchSize: 3 })).dataSync();
    expect([...model.predictSync(x).dataSync()]).toEqual([...all]);
    for (let i = 0; i < 7; i++) {
      const row = x.slice(2 * i, 2 * i + 2), wanted = Array.from(all.subarray(3 * i, 3 * i + 3));
      expect([...model.predictSync(row).dataSync()]).toEqual(wanted);
      expect([...model.predictSync([[row[0] ?? 0, row[1] ?? 0]]).dataSync()]).toEqual(wanted);
    }
    expect(model.predictSync(x.slice(0, 2)).shape).toEqual([1, 3]);
  });
  it('takes streams: of inputs, of records, of pairs', async () => {
    const model = classifier(), { x, y } = clouds(10), all = Array.from((await model.predict({ data: x, shape: [10, 2] })).dataSync());
    const set = Dataset.fromArrays({ x: { data: x, shape: [10, 2] }, y });
    expect(Array.from((await model.predict(set.batch(4))).dataSync())).toEqual(all);
    expect(Array.from((await model.predict(set.map((e) => e.x), { batchSize: 3 })).dataSync())).toEqual(all);
    const pairs = function* () { for (let i = 0; i < 10; i += 5) yield [{ data: x.subarray(2 * i, 2 * i + 10), shape: [5, 2] }, y.subarray(i, i + 5)] as const; };
    const out = await model.predict(pairs);
    expect(out.shape).toEqual([10, 3]);
    expect(Array.from(out.dataSync())).toEqual(all);
  });
  it('sees new weights', async () => {
    const model = classifier(), row = new Float32Array([1, 1]);
    const before = [...model.predictSync(row).dataSync()];
    model.setWeights((await model.getWeights()).map((w) => w.map(() => 0)) as HostArray[]);
    const after = [...model.predictSync(row).dataSync()];
    expect(after).not.toEqual(before);
    after.forEach((p) => { expect(p).toBeCloseTo(1 / 3, 6); });
  });
});

describe('callbacks with a real model', () => {
  it('early stopping puts the best weights back', async () => {
    const { x, y } = clouds(), model = classifier(), stop = new EarlyStopping({ monitor: 'loss', patience: 1, restoreBestWeights: true });
    const seen: { loss: number; weights: number[][] }[] = [];
    // a rate that doubles until the training breaks
    const wild = new LearningRateScheduler((epoch) => 0.02 * 4 ** epoch), watch = new LambdaCallback({ onEpochEnd: async (_, logs) => { seen.push({ loss: logs['loss'] ?? NaN, weights: await bits(model) }); } });
    const { history } = await model.fit(x, y, { epochs: 12, callbacks: [wild, watch, stop], ...quiet });
    expect(stop.stoppedEpoch).toBeGreaterThan(0);
    const best = seen.reduce((a, b) => (b.loss < a.loss ? b : a));
    expect(best).not.toBe(seen.at(-1));
    expect(await bits(model)).toEqual(best.weights);
    expect(history['learning_rate']?.slice(0, 2)).toEqual([0.02, 0.08]);
  });
  it('checkpoints are whole models', async () => {
    const { x, y } = clouds(), model = classifier();
    await model.fit(x, y, { epochs: 3, validationSplit: 0.2, callbacks: [new ModelCheckpoint(join(folder, 'best.safetensors'), { saveBestOnly: true }), new ModelCheckpoint(join(folder, 'deep/e{epoch}.safetensors'))], ...quiet });
    expect(await bits(await loadModel(join(folder, 'deep/e3.safetensors')))).toEqual(await bits(model));
    expect((await loadModel(join(folder, 'best.safetensors'))).compiled).toBe(true);
  });
  it('a rate reduced on a plateau and the wait of early stopping survive a kill', async () => {
    const { x, y } = clouds(), path = join(folder, 'plateau');
    const run = async (kill: number, backup: boolean) => {
      const model = classifier(), stop = new EarlyStopping({ monitor: 'loss', minDelta: 10, patience: 5 });
      let epochs = 0;
      const death = new LambdaCallback({ onEpochBegin: (e) => { if (e === kill) throw new Error('killed'); epochs++; } });
      const result = await model.fit(x, y, { epochs: 20, callbacks: [new ReduceLROnPlateau({ monitor: 'loss', minDelta: 10, patience: 2, factor: 0.5 }), stop, death], ...(backup ? { backup: path } : {}), ...quiet }).then((h) => h.history, () => null);
      return { result, rate: model.learningRate, stopped: stop.stoppedEpoch, epochs, weights: await bits(model) };
    };
    const whole = await run(-1, false);
    expect((await run(4, true)).result).toBeNull();
    const resumed = await run(-1, true);
    expect(resumed.epochs).toBe(whole.epochs - 4);
    expect({ ...resumed, epochs: 0 }).toEqual({ ...whole, epochs: 0 });
    expect(whole.rate).toBeLessThan(0.02);
  });
  it('a schedule goes on after loading', async () => {
    const make = () => sequential([layers.inputLayer({ shape: [1] }), layers.dense(1)], { seed: 1 }).compile({ optimizer: sgd({ learningRate: exponentialDecay(0.1, 2, 0.5) }), loss: 'mse' });
    const model = make();
    await model.fit([1, 2, 3, 4], [1, 2, 3, 4], { batchSize: 1, ...quiet });
    const loaded = modelFromBytes(await model.toBytes());
    expect(loaded.learningRate).toBeCloseTo(0.025, 9);
    expect(model.learningRate).toBeCloseTo(0.025, 9);
  });
});

describe('functional models', () => {
  const build = () => {
    const a = layers.input({ shape: [2], name: 'a' }), b = layers.input({ shape: [2], name: 'b' });
    const shared = layers.dense(3, { name: 'shared', activation: 'tanh' });
    const left = shared.apply(a), right = shared.apply(b);
    return functional({ inputs: { a, b }, outputs: { class: layers.dense(2, { name: 'class', activation: 'softmax' }).apply(left), value: layers.dense(1, { name: 'value' }).apply(right) }, name: 'two', seed: 4 });
  };
  const data = { x: { a: [[1, 0], [0, 1], [1, 1]], b: [[0, 1], [1, 0], [0, 0]] }, y: { class: [0, 1, 0], value: [1, 2, 3] } };
  it('several inputs and outputs, a shared layer, losses and metrics by name', async () => {
    const model = build().compile({ optimizer: 'adam', loss: { class: 'sparseCategoricalCrossentropy', value: 'mse' }, lossWeights: { class: 1, value: 0.5 }, metrics: { class: ['accuracy'], value: 'mae' } });
    expect(model.weights).toHaveLength(6);
    const { history } = await model.fit(data.x, data.y, { epochs: 2, ...quiet });
    expect(Object.keys(history)).toEqual(['loss', 'class_loss', 'value_loss', 'class_accuracy', 'value_mae']);
    const logs = await model.evaluate(data.x, data.y);
    expect(logs['loss']).toBeCloseTo((logs['class_loss'] ?? 0) + 0.5 * (logs['value_loss'] ?? 0), 5);
    const out = await model.predictAll(data.x);
    expect([out['class']?.shape, out['value']?.shape]).toEqual([[3, 2], [3, 1]]);
    await expect(model.predict(data.x)).rejects.toThrow(/2 outputs \(class, value\); use predictAll/);
  });
  it('survives bytes, shared layer included, and trains on to the same bits', async () => {
    const model = build().compile({ optimizer: 'adam', loss: { class: 'sparseCategoricalCrossentropy', value: 'mse' } });
    await model.fit(data.x, data.y, { epochs: 2, ...quiet });
    const copy = modelFromBytes(await model.toBytes());
    expect(copy.layers.map((l) => l.name).sort()).toEqual(model.layers.map((l) => l.name).sort());
    await model.fit(data.x, data.y, { epochs: 4, initialEpoch: 2, ...quiet });
    await copy.fit(data.x, data.y, { epochs: 4, initialEpoch: 2, ...quiet });
    expect(await bits(copy)).toEqual(await bits(model));
  });
  it('models nest', async () => {
    const inner = sequential([layers.inputLayer({ shape: [2] }), layers.dense(4, { activation: 'tanh' })], { name: 'inner' });
    const x = layers.input({ shape: [2] });
    const outer = functional({ inputs: x, outputs: layers.dense(1).apply(inner.apply(x)) }).compile({ optimizer: 'sgd', loss: 'mse' });
    expect(outer.weights).toHaveLength(4);
    const before = await bits(outer);
    await outer.fit(XOR.x, XOR.y, { epochs: 2, ...quiet });
    expect((await bits(outer))[0]).not.toEqual(before[0]);
    expect(await bits(modelFromBytes(await outer.toBytes()))).toEqual(await bits(outer));
  });
  it('says what is missing or doubled', () => {
    const a = layers.input({ shape: [2], name: 'a' }), b = layers.input({ shape: [2], name: 'b' });
    const y = layers.dense(1).apply(a);
    expect(() => functional({ inputs: b, outputs: y })).toThrow(/need the input 'a'/);
    expect(() => functional({ inputs: y, outputs: y })).toThrow(/must come from input/);
    expect(() => functional({ inputs: a, outputs: layers.dense(1, { name: 'same' }).apply(layers.dense(1, { name: 'same' }).apply(a)) })).toThrow(/two layers are named 'same'/);
    expect(() => sequential([layers.dense(1, { name: 'same' }), layers.dense(1, { name: 'same' })])).toThrow(/named 'same' already/);
  });
});

describe('saving', () => {
  it('a loaded model trains on to the same bits', async () => {
    const { x, y } = clouds(), path = join(folder, 'half.safetensors');
    const whole = classifier(), half = classifier();
    await whole.fit(x, y, { epochs: 4, batchSize: 8, ...quiet });
    await half.fit(x, y, { epochs: 2, batchSize: 8, ...quiet });
    await half.save(path);
    const loaded = await loadModel(path);
    expect(loaded.learningRate).toBeCloseTo(0.02, 9);
    const { history } = await loaded.fit(x, y, { epochs: 4, initialEpoch: 2, batchSize: 8, ...quiet });
    expect(history['loss']).toHaveLength(2);
    expect(history['accuracy']).toHaveLength(2);
    expect(await bits(loaded)).toEqual(await bits(whole));
  });
  it('a model with a loss of its own is compiled again after loading, and keeps its optimizer state', async () => {
    const { x, y } = clouds(), own: CompileOptions = { optimizer: adam({ learningRate: 0.02 }), loss: (yTrue, yPred) => yPred.sub(yTrue).square().sum(-1) };
    const make = () => sequential([layers.inputLayer({ shape: [2] }), layers.dense(3)], { seed: 1 }).compile({ ...own, optimizer: adam({ learningRate: 0.02 }) });
    const targets = Array.from(y, (label) => [0, 1, 2].map((k) => Number(k === label)));
    const whole = make(), half = make();
    await whole.fit(x, targets, { epochs: 3, ...quiet });
    await half.fit(x, targets, { epochs: 2, ...quiet });
    const loaded = modelFromBytes(await half.toBytes());
    expect(loaded.compiled).toBe(false);
    await expect(loaded.fit(x, targets, quiet)).rejects.toThrow(/not compiled/);
    await loaded.compile(own).fit(x, targets, { epochs: 3, initialEpoch: 2, ...quiet });
    expect(await bits(loaded)).toEqual(await bits(whole));
    const other = modelFromBytes(await half.toBytes()).compile({ ...own, optimizer: 'sgd' });
    await other.fit(x, targets, { epochs: 3, initialEpoch: 2, ...quiet });
  });
  it('a model saved before its first step can be loaded', async () => {
    const model = classifier(), loaded = modelFromBytes(await model.toBytes()), { x, y } = clouds();
    await model.fit(x, y, quiet);
    await loaded.fit(x, y, quiet);
    expect(await bits(loaded)).toEqual(await bits(model));
  });
  it('files of another kind, cut short or of another model are refused, and leave the model as it was', async () => {
    const model = classifier(), bytes = await model.toBytes();
    expect(() => modelFromBytes(bytes.subarray(0, bytes.length - 1))).toThrow(/cut short/);
    expect(() => modelFromBytes(new TextEncoder().encode('{"not": "a model"}, and long enough'))).toThrow(FormatError);
    const other = sequential([layers.inputLayer({ shape: [2] }), layers.dense(5), layers.dense(3)]), path = join(folder, 'weights.safetensors');
    await model.saveWeights(path);
    const before = await bits(other);
    await expect(other.loadWeights(path)).rejects.toThrow(/belongs to another model/);
    expect(await bits(other)).toEqual(before);
    await expect(loadModel(path)).rejects.toThrow(/holds weights but no model/);
    await expect(loadModel(join(folder, 'missing'))).rejects.toThrow(/cannot read .*missing/);
    const twin = classifier(9);
    await twin.loadWeights(path);
    expect(await bits(twin)).toEqual(await bits(model));
  });
  it('never leaves a half-written file in place of a good one', async () => {
    const path = join(folder, 'good.safetensors'), model = classifier();
    await model.save(path);
    const good = readFileSync(path);
    const broken = sequential([layers.inputLayer({ shape: [1] }), layers.activation((x) => x)]);
    await expect(broken.save(path)).rejects.toThrow(/cannot be saved/);
    expect(readFileSync(path).equals(good)).toBe(true);
  });
});

describe('backup', () => {
  /** An error in the middle of the run, as good as a kill: nothing of the run is told. */
  const kill = (after: number) => { let n = 0; return new LambdaCallback({ onTrainBatchEnd: () => { if (++n === after) throw new Error('killed'); } }); };
  for (const saveFreq of ['epoch', 2] as const) {
    it(`goes on after a kill to the same bits and history (${saveFreq})`, async () => {
      const { x, y } = clouds(), path = join(folder, `backup-${saveFreq}`), options = { epochs: 4, batchSize: 8, validationSplit: 0.2, ...quiet };
      const whole = classifier();
      const expected = await whole.fit(x, y, options);
      await expect(classifier().fit(x, y, { ...options, callbacks: [kill(14)], backup: { path, saveFreq } })).rejects.toThrow('killed');
      expect(existsSync(path)).toBe(true);
      const resumed = classifier();
      let steps = 0;
      const { history, epoch } = await resumed.fit(x, y, { ...options, callbacks: [new LambdaCallback({ onTrainBatchEnd: () => { steps++; } })], backup: { path, saveFreq } });
      expect(steps).toBe(saveFreq === 'epoch' ? 10 : 8);
      expect(await bits(resumed)).toEqual(await bits(whole));
      expect(history).toEqual(expected.history);
      expect(epoch).toEqual([0, 1, 2, 3]);
      expect(existsSync(path)).toBe(false);
    });
  }
  it('an abort keeps the very step', async () => {
    const { x, y } = clouds(), path = join(folder, 'aborted'), control = new AbortController(), options = { epochs: 3, batchSize: 8, ...quiet };
    const whole = classifier();
    await whole.fit(x, y, options);
    let n = 0;
    await expect(classifier().fit(x, y, { ...options, callbacks: [new LambdaCallback({ onTrainBatchEnd: () => { if (++n === 9) control.abort(); } })], signal: control.signal, backup: path })).rejects.toThrow(AbortedError);
    const resumed = classifier();
    let steps = 0;
    await resumed.fit(x, y, { ...options, callbacks: [new LambdaCallback({ onTrainBatchEnd: () => { steps++; } })], backup: path });
    expect(steps).toBe(18 - 9);
    expect(await bits(resumed)).toEqual(await bits(whole));
  });
  /** A run of two epochs in batches of 8 that is aborted after 4 of its 6 steps of the first epoch. */
  const abortedRun = async (name: string, model: Model): Promise<string> => {
    const path = join(folder, name), control = new AbortController(), { x, y } = clouds();
    let n = 0;
    const stop = new LambdaCallback({ onTrainBatchEnd: () => { if (++n === 4) control.abort(); } });
    await expect(model.fit(x, y, { epochs: 2, batchSize: 8, backup: path, callbacks: [stop], signal: control.signal, ...quiet })).rejects.toThrow(AbortedError);
    return path;
  };
  it('other batches or other data than those of the stopped run are refused', async () => {
    const { x, y } = clouds(), backup = await abortedRun('others', classifier());
    await expect(classifier().fit(x, y, { epochs: 2, batchSize: 16, backup, ...quiet })).rejects.toThrow(/others' is the backup of a run with 8 samples in a batch, but this run has 16\. Go on with 8, or begin anew/);
    const fewer = clouds(40);
    await expect(classifier().fit(fewer.x, fewer.y, { epochs: 2, batchSize: 8, backup, ...quiet })).rejects.toThrow(/45 training samples, but this run has 40/);
    await classifier().fit(x, y, { epochs: 2, batchSize: 8, backup, ...quiet });
  });
  it('the order of the samples is that of the stopped run, also when the new model has another seed', async () => {
    const { x, y } = clouds(), options = { epochs: 2, batchSize: 8, ...quiet }, whole = classifier(3);
    await whole.fit(x, y, options);
    const backup = await abortedRun('seeds', classifier(3)), resumed = classifier(4);
    await resumed.fit(x, y, { ...options, backup });
    expect(await bits(resumed)).toEqual(await bits(whole));
  });
  it('resume: false begins anew; a file that is no backup is refused', async () => {
    const { x, y } = clouds(), path = join(folder, 'ignored');
    writeFileSync(path, 'something else');
    await expect(classifier().fit(x, y, { backup: path, ...quiet })).rejects.toThrow(FormatError);
    await classifier().fit(x, y, { backup: path, resume: false, ...quiet });
    await classifier().save(path);
    await expect(classifier().fit(x, y, { callbacks: [new BackupAndRestore(path)], ...quiet })).rejects.toThrow(/not a backup of a run/);
  });
});
