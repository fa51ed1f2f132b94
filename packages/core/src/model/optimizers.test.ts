/** Optimizers inside training: saved and restored with the model, averages, accumulation, loss scale, fusion. */
import { describe, expect, it } from 'vitest';
import { input } from '../nn/layers/input.ts';
import * as layers from '../nn/layers/public.ts';
import { adam, getOptimizer, lossScaleOptimizer, sgd, type OptimizerLike } from '../nn/optimizers/index.ts';
import { createDevice, setDefaultDevice } from '../runtime/device.ts';
import { exponentialDecay } from '../nn/schedules/index.ts';
import { modelFromBytes } from './load.ts';
import { sequential } from './sequential.ts';

setDefaultDevice(createDevice({ threads: 1 }));
const x = Array.from({ length: 24 }, (_, i) => [Math.sin(i), Math.cos(3 * i), i / 24]), y = x.map(([a = 0, b = 0]) => [a * b]);
const make = (optimizer: OptimizerLike) => sequential([input({ shape: [3] }), layers.dense(4, { activation: 'tanh' }), layers.dense(1)], { seed: 3 }).compile({ optimizer, loss: 'meanSquaredError' });
const flat = async (model: ReturnType<typeof make>): Promise<number[]> => (await model.getWeights()).flatMap((w) => [...w]);
const steps = async (model: ReturnType<typeof make>, from: number, to: number): Promise<void> => {
  for (let i = from; i < to; i++) await model.trainOnBatch(x.slice(i * 2, i * 2 + 6), y.slice(i * 2, i * 2 + 6));
};

describe('an optimizer in a model', () => {
  it.each([
    ...['adadelta', 'adafactor', 'adagrad', 'adamax', 'ftrl', 'lamb', 'lion', 'muon', 'nadam', 'rmsprop', 'scheduleFreeAdamW', 'sgd'].map((name) => [name, () => getOptimizer(name)] as const),
    ['adam with everything', () => adam({ useEma: true, emaOverwriteFrequency: 2, gradientAccumulationSteps: 3, amsgrad: true, weightDecay: 0.1, excludeFromWeightDecay: ['bias'], lossScaleFactor: 4 })] as const,
    ['loss scale', () => lossScaleOptimizer(adam({ gradientAccumulationSteps: 2 }), { initialScale: 8, dynamicGrowthSteps: 2 })] as const,
  ])('%s: a saved model trains on as if it had not stopped', async (_, optimizer) => {
    const whole = make(optimizer()), first = make(optimizer());
    const before = await flat(whole);
    await steps(whole, 0, 7);
    await steps(first, 0, 4);
    const again = modelFromBytes(await first.toBytes()) as ReturnType<typeof make>;
    await steps(again, 4, 7);
    const end = await flat(again);
    expect(end).toEqual(await flat(whole));
    expect(end).not.toEqual(before);
  });
  it('loads a model that was saved before its first step', async () => {
    const again = modelFromBytes(await make('nadam').toBytes()) as ReturnType<typeof make>;
    await steps(again, 0, 1);
  });
  it('fit ends with the averages as weights', async () => {
    const model = make(sgd({ learningRate: 0.1, useEma: true, emaMomentum: 0.9 })), last: number[][] = [], plain = make(sgd({ learningRate: 0.1 }));
    await model.fit(x, y, { epochs: 2, batchSize: 6, verbose: 0, shuffle: false, callbacks: [{ onEpochEnd: async () => { last.push(await flat(model)); } }] });
    await plain.fit(x, y, { epochs: 2, batchSize: 6, verbose: 0, shuffle: false });
    expect(last[1]).toEqual(await flat(plain));
    const averages = (await Promise.all(model.optimizer.averages.map(([, average]) => average.readAsync()))).flatMap((a) => [...a]);
    expect(await flat(model)).toEqual(averages);
    expect(averages).not.toEqual(last[1]);
  });
  it('steps left out by the loss scale do not count for schedules', async () => {
    const model = make(lossScaleOptimizer(sgd({ learningRate: exponentialDecay(0.1, 1, 0.5) }), { initialScale: 2 ** 126 }));
    for (let i = 0; i < 3; i++) await model.trainOnBatch(x, x.map(() => [1000]));
    // 2^126 overflows in the gradients: nothing but the scale has changed
    expect([model.learningRate, model.optimizer.iterations.read()[0]]).toEqual([0.1, 0]);
    expect(await flat(model)).toEqual(await flat(make('sgd')));
  });
  it.each([['adam', 'adam'], ['with averages', adam({ useEma: true, emaOverwriteFrequency: 3 })], ['with accumulation', adam({ gradientAccumulationSteps: 3 })], ['scheduleFreeAdamW', 'scheduleFreeAdamW'], ['ftrl', 'ftrl']] as const)('%s: updates are written by the products that make the gradients', async (_, optimizer) => {
    let text = '';
    setDefaultDevice(createDevice({ threads: 1, debug: 2, write: (line) => { text += `${line}\n`; } }));
    try {
      const model = sequential([input({ shape: [20] }), layers.dense(32, { activation: 'relu' }), layers.dense(10)]).compile({ optimizer, loss: 'meanSquaredError' });
      await model.trainOnBatch({ data: new Float32Array(320), shape: [16, 20] }, { data: new Float32Array(160), shape: [16, 10] });
      for (let i = 0; i < 100 && !text.includes('// kernels'); i++) await new Promise((done) => { setTimeout(done, 20); });
    } finally {
      setDefaultDevice(createDevice({ threads: 1 }));
    }
    const kernels = text.split('// kernels')[1]?.split(/\n {2}(?=k\d)/) ?? [];
    const writing = kernels.filter((k) => /\/kernel\[[^\]]*\] = /.test(k));
    expect(writing.map((k) => / (gemm|map|rows) /.exec(k)?.[1])).toEqual(['gemm', 'gemm']);
  });
});
