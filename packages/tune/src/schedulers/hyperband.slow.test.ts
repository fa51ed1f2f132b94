/**
 * Measures how long Hyperband takes to the score that random search ends with, at an equal budget of epochs, over five seeds, and prints it. The aim is at most half of the time. It is NOT
 * reached here: a median of 1.76 was seen, with two seeds of five that never got there. So nothing is asserted of it yet but that both searches run. Suspected, not shown: epochs of a few
 * milliseconds, beside which building and compiling a model anew for each rung is dear; and first rungs of 5 to 20 steps, which say little about the end.
 */
import { describe, expect, it } from 'vitest';
import { AbortedError, input, layers, optimizers, sequential } from '@limelight/core';
import { datasets } from '@limelight/data';
import { float, int, choice } from '../space/parameters.ts';
import { median } from '../stats/statistics.ts';
import type { TrialRecord } from '../study/record.ts';
import { createStudy, type Study } from '../study/study.ts';
import { hyperband } from './halving.ts';
import type { Scheduler } from './scheduler.ts';

const TRIALS = 20, EPOCHS = 27, TRAIN = 500, VALID = 1_000;
const space = { units: int(16, 128, { log: true }), rate: float(1e-5, 1, { log: true }), dropout: float(0, 0.6), batchSize: choice([25, 50, 100]), kind: choice(['adam', 'sgd', 'rmsprop']) };

describe('Hyperband', () => {
  it('is measured against random search (the aim, half of its time, is not reached yet)', { timeout: 600_000 }, async () => {
    const { train } = await datasets.mnist(), part = (from: number, to: number) => ({ x: { data: train.x.data.subarray(from * 784, to * 784), shape: [to - from, 28, 28] }, y: train.y.data.subarray(from, to) });
    const own = part(0, TRAIN), other = part(TRAIN, TRAIN + VALID);
    const study = (seed: number, scheduler: Scheduler | null): Study<typeof space> => createStudy({
      space, objective: 'val_accuracy', seed, scheduler,
      run: (params, trial) => {
        const { rate: learningRate } = params, optimizer = { adam: optimizers.adam({ learningRate }), sgd: optimizers.sgd({ learningRate, momentum: 0.9 }), rmsprop: optimizers.rmsprop({ learningRate }) }[params.kind];
        const model = sequential([input({ shape: [28, 28], dtype: 'u8' }), layers.rescaling(1 / 255), layers.flatten(), layers.dense(params.units, { activation: 'relu' }), layers.dropout(params.dropout), layers.dense(10, { activation: 'softmax' })], { seed: trial.seed });
        model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
        // validated once, at the end of a rung, by both alike
        return trial.fit(model, own.x, own.y, { epochs: EPOCHS, batchSize: params.batchSize, validationData: [other.x, other.y], validationFreq: trial.budget ?? EPOCHS });
      },
    });
    const rows: { seed: number; score: number; seconds: number; hyperband: number }[] = [];
    for (const seed of [1, 2, 3, 4, 5]) {
      let started = performance.now();
      const random = study(seed, null);
      await random.optimize({ trials: TRIALS });
      const seconds = (performance.now() - started) / 1000, score = random.best.values?.[0] ?? 1;
      const timeTo = async (scheduler: Scheduler): Promise<number> => {
        const stop = new AbortController();
        started = performance.now();
        let reached = Infinity;
        await study(seed + 100, scheduler).optimize({
          trials: 10_000, budget: TRIALS * EPOCHS, signal: stop.signal,
          onTrial: (trial: TrialRecord) => { if ((trial.values?.[0] ?? [...trial.reports.values()].at(-1) ?? 0) >= score && reached === Infinity) { reached = (performance.now() - started) / 1000; stop.abort(); } },
        }).catch((error: unknown) => { if (!(error instanceof AbortedError)) throw error; });
        return reached / seconds;
      };
      rows.push({ seed, score, seconds, hyperband: await timeTo(hyperband({ maxEpochs: EPOCHS })) });
      console.log(`seed ${seed}: random search ${score.toFixed(4)} in ${seconds.toFixed(1)} s; Hyperband there after ${rows.at(-1)?.hyperband.toFixed(2)} of that time`);
    }
    console.log(`${TRIALS} trials of ${EPOCHS} epochs, equal budget; median of the shares: ${median(rows.map((r) => r.hyperband)).toFixed(2)}`);
    expect(rows.every((r) => r.score > 0.5 && r.hyperband > 0)).toBe(true);
  });
});
