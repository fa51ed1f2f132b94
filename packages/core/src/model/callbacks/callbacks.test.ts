import * as callbacks from './index.ts';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { HostArray } from '../../base/dtype.ts';
import { NameError, ValueError } from '../../base/errors.ts';
import {
  CSVLogger, EarlyStopping, History, LambdaCallback, LearningRateScheduler, ModelCheckpoint, ProgressBar, ReduceLROnPlateau, TerminateOnNaN,
  type Callback, type CallbackModel, type FitContext, type Logs,
} from './index.ts';
import { fillTemplate } from './template.ts';
import { Comparison } from './monitor.ts';

const folder = mkdtempSync(join(tmpdir(), 'limelight-callbacks-'));

/** A stand-in for a model: its only weight is the number of the epoch. */
class Stub implements CallbackModel {
  readonly name = 'stub';
  stopTraining = false;
  learningRate = 1;
  weight = -1;
  readonly saved: string[] = [];
  getWeights(): Promise<HostArray[]> { return Promise.resolve([new Float32Array([this.weight])]); }
  setWeights(values: readonly HostArray[]): void { this.weight = values[0]?.[0] ?? NaN; }
  save(path: string): Promise<void> { this.saved.push(path); return Promise.resolve(); }
  saveWeights(path: string): Promise<void> { this.saved.push(`weights:${path}`); return Promise.resolve(); }
}
/** Plays epochs with the given logs, three batches each. */
async function play(callback: Callback, epochs: readonly Logs[], stub = new Stub()): Promise<Stub & { epochs: number }> {
  const context: FitContext = {
    model: stub, params: { epochs: epochs.length, initialEpoch: 0, steps: 3, samples: 30, batchSize: 10, verbose: 1 },
    snapshot: () => Promise.resolve(new Uint8Array(0)), restore: () => Promise.resolve({ epoch: 0, step: 0 }),
  };
  callback.setContext?.(context);
  await callback.onTrainBegin?.();
  let done = 0;
  for (const logs of epochs) {
    stub.weight = done;
    await callback.onEpochBegin?.(done);
    for (let step = 0; step < 3; step++) {
      await callback.onTrainBatchBegin?.(step);
      await callback.onTrainBatchEnd?.(step, { loss: logs['loss'] ?? 0, size: 10, running: () => Promise.resolve(logs) });
    }
    await callback.onEpochEnd?.(done, logs);
    done++;
    if (stub.stopTraining) break;
  }
  await callback.onTrainEnd?.({});
  return Object.assign(stub, { epochs: done });
}
const val = (...values: number[]): Logs[] => values.map((v) => ({ loss: 1, val_loss: v }));

describe('EarlyStopping', () => {
  it('stops after `patience` epochs without anything better and puts the best weights back', async () => {
    const callback = new EarlyStopping({ patience: 2, restoreBestWeights: true });
    const stub = await play(callback, val(5, 3, 4, 3.5, 1, 0));
    expect([stub.epochs, stub.weight, callback.stoppedEpoch, callback.bestEpoch, callback.best]).toEqual([4, 1, 3, 1, 3]);
  });
  it('restores the best also when the training ends by itself', async () => {
    expect((await play(new EarlyStopping({ patience: 9, restoreBestWeights: true }), val(5, 3, 4))).weight).toBe(1);
    expect((await play(new EarlyStopping({ patience: 9 }), val(5, 3, 4))).weight).toBe(2);
  });
  it('minDelta, baseline, startFromEpoch, mode', async () => {
    expect((await play(new EarlyStopping({ patience: 1, minDelta: 0.5 }), val(5, 4.8, 4.7))).epochs).toBe(2);
    expect((await play(new EarlyStopping({ patience: 2, baseline: 1 }), val(5, 4, 3, 2))).epochs).toBe(4);
    expect((await play(new EarlyStopping({ patience: 2, baseline: 1 }), val(5, 5, 5, 5))).epochs).toBe(2);
    expect((await play(new EarlyStopping({ patience: 1, startFromEpoch: 3 }), val(1, 2, 3, 4, 5, 6))).epochs).toBe(5);
    const rising = [1, 2, 3].map((v) => ({ val_accuracy: v }));
    expect((await play(new EarlyStopping({ patience: 1, monitor: 'val_accuracy' }), rising)).epochs).toBe(3);
    expect((await play(new EarlyStopping({ patience: 1, monitor: 'val_accuracy', mode: 'min' }), rising)).epochs).toBe(2);
  });
  it('finds the quantity by nearly its name, and says when there is none', async () => {
    await play(new EarlyStopping({ monitor: 'valLoss' }), val(1));
    await expect(play(new EarlyStopping({ monitor: 'val_lost' }), val(1))).rejects.toThrow(NameError);
    await expect(play(new EarlyStopping({ monitor: 'val_lost' }), val(1))).rejects.toThrow(/Did you mean 'val_loss'/);
    expect(() => new EarlyStopping({ patience: -1 })).toThrow(ValueError);
    expect(() => new EarlyStopping({ mode: 'up' as never })).toThrow(ValueError);
  });
  it('goes on from its saved state', async () => {
    const whole = new EarlyStopping({ patience: 2, restoreBestWeights: true }), first = new EarlyStopping({ patience: 2, restoreBestWeights: true });
    await play(whole, val(5, 3, 4, 4));
    const context = { model: new Stub() } as unknown as FitContext;
    first.setContext(context);
    first.onTrainBegin();
    for (const [i, v] of [5, 3, 4].entries()) { context.model.setWeights([new Float32Array([i])]); await first.onEpochEnd(i, { val_loss: v }); }
    const second = new EarlyStopping({ patience: 2, restoreBestWeights: true });
    second.setContext(context);
    second.onTrainBegin();
    second.loadState(JSON.parse(JSON.stringify(first.saveState().json)) === null ? { json: null } : first.saveState());
    await second.onEpochEnd(3, { val_loss: 4 });
    second.onTrainEnd();
    expect([second.stoppedEpoch, second.bestEpoch, (await context.model.getWeights())[0]?.[0]]).toEqual([whole.stoppedEpoch, whole.bestEpoch, 1]);
  });
});

describe('monitor', () => {
  it('knows the better direction by name', () => {
    const sign = (name: string) => new Comparison(name, 'auto').sign;
    expect(['val_loss', 'loss', 'mae', 'mean_squared_error', 'val_accuracy', 'acc', 'sparse_top_k_categorical_accuracy', 'val_auc', 'accuracy_loss'].map(sign)).toEqual([-1, -1, -1, -1, 1, 1, 1, 1, -1]);
  });
  it('never takes NaN for better', () => {
    const c = new Comparison('loss', 'auto');
    expect([c.better(NaN, Infinity), c.better(1, Infinity), c.better(NaN, 1)]).toEqual([false, true, false]);
  });
});

describe('ModelCheckpoint', () => {
  it('saves each epoch, only the best, weights only, or every so many batches', async () => {
    expect((await play(new ModelCheckpoint('m-{epoch:02d}-{val_loss:.2f}.st'), val(1, 0.5))).saved).toEqual(['m-01-1.00.st', 'm-02-0.50.st']);
    expect((await play(new ModelCheckpoint('best-{epoch}', { saveBestOnly: true }), val(3, 4, 2))).saved).toEqual(['best-1', 'best-3']);
    expect((await play(new ModelCheckpoint('w', { saveWeightsOnly: true }), val(3))).saved).toEqual(['weights:w']);
    expect((await play(new ModelCheckpoint('b{epoch}-{batch}', { saveFreq: 2 }), val(3, 4))).saved).toEqual(['b1-2', 'b2-1', 'b2-3']);
    expect((await play(new ModelCheckpoint('t', { saveBestOnly: true, initialValueThreshold: 2.5 }), val(3, 4, 2))).saved).toEqual(['t']);
    expect(() => new ModelCheckpoint('x', { saveFreq: 0 })).toThrow(ValueError);
  });
  it('refuses formats it does not know', () => {
    expect(() => fillTemplate('{epoch:s}', { epoch: 1 })).toThrow(/Format 's'/);
    expect(() => fillTemplate('{epok}', { epoch: 1 })).toThrow(/Did you mean 'epoch'/);
  });
});

describe('learning rate', () => {
  it('a scheduler is asked at each epoch', async () => {
    const asked: [number, number][] = [];
    const stub = await play(new LearningRateScheduler((epoch, rate) => { asked.push([epoch, rate]); return rate / 2; }), val(1, 1, 1));
    expect(asked).toEqual([[0, 1], [1, 0.5], [2, 0.25]]);
    expect(stub.learningRate).toBe(0.125);
    await expect(play(new LearningRateScheduler(() => NaN), val(1))).rejects.toThrow(ValueError);
  });
  it('is reduced on a plateau, with cooldown and a floor', async () => {
    const rate = async (o: ConstructorParameters<typeof ReduceLROnPlateau>[0], ...v: number[]) => (await play(new ReduceLROnPlateau(o), val(...v))).learningRate;
    expect(await rate({ patience: 2, factor: 0.5 }, 1, 1, 1)).toBe(0.5);
    expect(await rate({ patience: 2, factor: 0.5 }, 1, 1)).toBe(1);
    expect(await rate({ patience: 1, factor: 0.5 }, 1, 1, 1, 1)).toBe(0.125);
    expect(await rate({ patience: 1, factor: 0.5, cooldown: 2 }, 1, 1, 1, 1)).toBe(0.25);
    expect(await rate({ patience: 1, factor: 0.5, minLearningRate: 0.4 }, 1, 1, 1, 1)).toBe(0.4);
    expect(() => new ReduceLROnPlateau({ factor: 1 })).toThrow(ValueError);
  });
});

describe('small ones', () => {
  it('TerminateOnNaN', async () => {
    const callback = new TerminateOnNaN();
    expect((await play(callback, [{ loss: 1 }, { loss: NaN }, { loss: 1 }])).epochs).toBe(2);
    expect(callback.step).not.toBeNull();
    expect((await play(new TerminateOnNaN(), [{ loss: 1 }, { loss: 2 }])).epochs).toBe(2);
  });
  it('LambdaCallback runs what it is given', async () => {
    const seen: string[] = [];
    await play(new LambdaCallback({ onTrainBegin: () => { seen.push('begin'); }, onEpochEnd: (e) => { seen.push(`epoch ${e}`); }, onTrainEnd: () => { seen.push('end'); } }), val(1, 1));
    expect(seen).toEqual(['begin', 'epoch 0', 'epoch 1', 'end']);
  });
  it('History', async () => {
    const history = new History();
    await play(history, val(3, 2));
    expect([history.epoch, history.history]).toEqual([[0, 1], { loss: [1, 1], val_loss: [3, 2] }]);
  });
  it('CSVLogger writes a header and one line per epoch, and appends', async () => {
    const path = join(folder, 'log.csv');
    await play(new CSVLogger(path), val(3, 2));
    expect(readFileSync(path, 'utf8')).toBe('epoch,loss,val_loss\n0,1,3\n1,1,2\n');
    await play(new CSVLogger(path, { append: true }), val(1));
    expect(readFileSync(path, 'utf8')).toBe('epoch,loss,val_loss\n0,1,3\n1,1,2\n0,1,1\n');
    await play(new CSVLogger(path, { separator: ';' }), [{ 'a;b': 1 }]);
    expect(readFileSync(path, 'utf8')).toBe('epoch;"a;b"\n0;1\n');
    expect(readdirSync(folder)).toEqual(['log.csv']);
  });
});

describe('ProgressBar', () => {
  it('goes by Keras\'s name, too', () => { expect(callbacks.ProgbarLogger).toBe(ProgressBar); });
  const bar = async (live: boolean, columns?: number): Promise<string> => {
    let text = '';
    await play(new ProgressBar({ live, intervalMs: 0, writer: { write: (t) => { text += t; }, columns } }), [{ loss: 0.5, accuracy: 0.75, val_loss: 0.25 }]);
    return text;
  };
  it('writes one plain line per epoch where there is no terminal', async () => {
    expect(await bar(false)).toMatch(/^Epoch 1\/1 {2}3\/3 {2}\d+ ms {2}[\d,]+\/s {2}loss 0\.5000 {2}accuracy 0\.7500 {2}val_loss 0\.2500\n$/);
  });
  it('keeps one live line with bar, steps, rate, time left and metrics', async () => {
    const text = await bar(true), parts = text.split('\r\u001b[2K');
    expect(parts).toHaveLength(5);
    expect(parts[1]).toMatch(/^Epoch 1\/1 {2}━{7}─{13} {2}1\/3 {2}[\d,]+\/s {2}\d+ ms left {2}loss 0\.5000 {2}accuracy 0\.7500/);
    expect(parts[3]).toContain(`${'━'.repeat(20)}  3/3`);
    expect(text.match(/\n/g)).toHaveLength(1);
    expect(text.endsWith('val_loss 0.2500\n')).toBe(true);
  });
  it('gives up bar before figures where the terminal is narrow', async () => {
    const clock = vi.spyOn(performance, 'now');
    try {
      const first = async (columns?: number): Promise<string> => {
        let now = 0;
        clock.mockImplementation(() => (now += 10));
        return (await bar(true, columns)).split('\r\u001b[2K')[1] ?? '';
      };
      const full = (await first()).length, cells = async (columns: number): Promise<number> => [...await first(columns)].filter((c) => c === '━' || c === '─').length;
      expect(await cells(full + 1)).toBe(20);
      expect(await cells(full - 7)).toBe(12);
      expect(await cells(full - 15)).toBe(0);
      for (const columns of [full + 1, full - 7, full - 14, full - 15, full - 21]) expect(await first(columns)).toMatch(/accuracy 0\.7500 {2}val_loss 0\.2500$/);
      expect(await first(full - 22)).toMatch(/…$/);
    } finally {
      clock.mockRestore();
    }
  });
  it('draws whole lines on a terminal that does not know its width', async () => {
    expect((await bar(true, 0)).split('\r\u001b[2K')[3]).toContain(`${'━'.repeat(20)}  3/3`);
  });
  it('does not run over the edge of the terminal', async () => {
    for (const part of (await bar(true, 40)).split('\r\u001b[2K').slice(1, -1)) expect(part.length).toBeLessThan(40);
  });
});
