import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { AbortedError, StateError } from '../../base/errors.ts';
import * as layers from '../../nn/layers/index.ts';
import { sgd } from '../../nn/optimizers/index.ts';
import { createDevice, setDefaultDevice } from '../../runtime/device.ts';
import { sequential, type Sequential } from '../sequential.ts';
import { BackupAndRestore, LambdaCallback, SwapEMAWeights, type Callback } from './index.ts';

beforeAll(() => { setDefaultDevice(createDevice({ backend: 'reference' })); });

/**
 * One weight w, input 1, target 0, loss w²: a step with rate 1/4 halves w. From w = 8, one step per epoch: w = 4, 2, 1; the averages with momentum 1/2
 * (the first is the weight itself) are 4, 3, 2. All of it is exact, and the loss with the averages is 16, 9, 4.
 */
function halver(useEma = true): Sequential {
  const model = sequential([layers.inputLayer({ shape: [1] }), layers.dense(1, { useBias: false })], { name: 'halver' })
    .compile({ optimizer: sgd({ learningRate: 0.25, useEma, ...(useEma ? { emaMomentum: 0.5 } : {}) }), loss: 'meanSquaredError' });
  model.setWeights([new Float32Array([8])]);
  return model;
}
const x = [[1]], y = [[0]];
const weight = async (model: Sequential): Promise<number> => (await model.getWeights())[0]?.[0] ?? NaN;
const average = async (model: Sequential): Promise<number> => (await model.optimizer.averages[0]?.[1].readAsync())?.[0] ?? NaN;
/** The weight at the moments of a run. */
function spy(model: Sequential, seen: [string, number][]): Callback {
  const see = (what: string) => async (): Promise<void> => { seen.push([what, await weight(model)]); };
  return new LambdaCallback({ onEpochBegin: see('begin'), onTestBegin: see('test'), onEpochEnd: see('end'), onTrainEnd: see('done') });
}

describe('SwapEMAWeights', () => {
  it('evaluates with the averages and trains with the weights', async () => {
    const model = halver(), seen: [string, number][] = [];
    const { history } = await model.fit(x, y, { epochs: 3, verbose: 0, validationData: [x, y], callbacks: [new SwapEMAWeights(), spy(model, seen)] });
    expect(history).toMatchObject({ loss: [64, 16, 4], val_loss: [16, 9, 4] });
    expect(seen).toEqual([['begin', 8], ['test', 4], ['end', 4], ['begin', 4], ['test', 3], ['end', 2], ['begin', 2], ['test', 2], ['end', 1], ['done', 2]]);
  });
  it('with swapOnEpoch shows the averages to the callbacks behind it, also without validation', async () => {
    for (const validation of [{}, { validationData: [x, y] as const }]) {
      const model = halver(), seen: [string, number][] = [];
      const { history } = await model.fit(x, y, { epochs: 3, verbose: 0, ...validation, callbacks: [new SwapEMAWeights({ swapOnEpoch: true }), spy(model, seen)] });
      expect(history['loss']).toEqual([64, 16, 4]);
      expect(seen.filter(([what]) => what !== 'test')).toEqual([['begin', 8], ['end', 4], ['begin', 4], ['end', 3], ['begin', 2], ['end', 2], ['done', 2]]);
      expect(await average(model)).toBe(2);
    }
  });
  it('leaves the averages in the weights also where the training is stopped early', async () => {
    const model = halver();
    const stop = new LambdaCallback({ onEpochEnd: (epoch) => { if (epoch === 1) model.stopTraining = true; } });
    await model.fit(x, y, { epochs: 9, verbose: 0, callbacks: [new SwapEMAWeights({ swapOnEpoch: true }), stop] });
    expect([await weight(model), await average(model)]).toEqual([3, 3]);
  });
  it('puts the weights back where the training breaks off, also in the middle of an evaluation', async () => {
    const model = halver(), stop = new AbortController();
    const aborts = new LambdaCallback({ onTestBatchEnd: () => { stop.abort(); } });
    await expect(model.fit(x, y, { epochs: 9, verbose: 0, validationData: [[[1], [1]], [[0], [0]]], validationBatchSize: 1, signal: stop.signal, callbacks: [new SwapEMAWeights(), aborts] })).rejects.toThrow(AbortedError);
    const other = halver();
    const fails = new LambdaCallback({ onEpochEnd: (epoch) => { if (epoch === 1) throw new Error('full'); } });
    await expect(other.fit(x, y, { epochs: 9, verbose: 0, callbacks: [new SwapEMAWeights({ swapOnEpoch: true }), fails] })).rejects.toThrow('full');
    expect([await weight(model), await weight(other), await average(other)]).toEqual([4, 2, 3]);
  });
  it('goes on from a backup that was made while they were swapped', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'limelight-ema-')), 'run.bak');
    const callbacks = (): Callback[] => [new SwapEMAWeights({ swapOnEpoch: true }), new BackupAndRestore(path, { deleteCheckpoint: false })];
    await halver().fit(x, y, { epochs: 2, verbose: 0, callbacks: callbacks() });
    const model = halver(), { history } = await model.fit(x, y, { epochs: 3, verbose: 0, callbacks: callbacks() });
    expect([history['loss'], await weight(model), await average(model)]).toEqual([[64, 16, 4], 2, 2]);
  });
  it('evaluates with the averages outside of fit too, and puts the weights back', async () => {
    const model = halver(), stop = new AbortController();
    for (let i = 0; i < 2; i++) await model.trainOnBatch(x, y);
    expect(await model.evaluate(x, y, { callbacks: [new SwapEMAWeights()] })).toMatchObject({ loss: 9 });
    expect([await weight(model), await average(model)]).toEqual([2, 3]);
    const aborts = new LambdaCallback({ onTestBatchEnd: () => { stop.abort(); } });
    await expect(model.evaluate([[1], [1]], [[0], [0]], { batchSize: 1, signal: stop.signal, callbacks: [new SwapEMAWeights(), aborts] })).rejects.toThrow(AbortedError);
    expect([await weight(model), await average(model)]).toEqual([2, 3]);
    await expect(halver(false).evaluate(x, y, { callbacks: [new SwapEMAWeights()] })).rejects.toThrow(/useEma: true/);
  });
  it('asks for an optimizer with averages', async () => {
    await expect(halver(false).fit(x, y, { verbose: 0, callbacks: [new SwapEMAWeights()] })).rejects.toThrow(StateError);
    await expect(halver(false).fit(x, y, { verbose: 0, callbacks: [new SwapEMAWeights()] })).rejects.toThrow(/useEma: true/);
  });
});
