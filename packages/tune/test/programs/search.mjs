// A program as a user writes it: one file, trials in two workers, a journal. `node search.mjs JOURNAL [scheduler]`. Each run of the objective leaves a line in JOURNAL.runs.
import { appendFileSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import { defaultDevice, input, layers, optimizers, random, sequential } from '@limelight/core';
import { createStudy, float, hyperband, int } from '@limelight/tune';

const journal = process.argv[2];
const rows = 600, x = random.normal([rows, 8], 1).dataSync(), y = Float32Array.from({ length: rows }, (_, i) => (x[i * 8] * x[i * 8 + 1] > 0 ? 1 : 0));
const data = { data: x, shape: [rows, 8] };

const study = createStudy({
  module: import.meta.url, journal, seed: 3, objective: 'val_accuracy', scheduler: process.argv[3] === 'hyperband' ? hyperband({ maxEpochs: 9 }) : null,
  space: { units: int(4, 32, { log: true }), rate: float(1e-3, 1e-1, { log: true }) },
  run: async ({ units, rate }, trial) => {
    appendFileSync(`${journal}.runs`, `${JSON.stringify({ trial: trial.number, budget: trial.budget, thread: threadId, threads: defaultDevice().capabilities.threads ?? null })}\n`);
    const model = sequential([input({ shape: [8] }), layers.dense(units, { activation: 'tanh' }), layers.dense(1, { activation: 'sigmoid' })], { seed: trial.seed });
    model.compile({ optimizer: optimizers.adam({ learningRate: rate }), loss: 'binaryCrossentropy', metrics: ['accuracy'] });
    return trial.fit(model, data, y, { epochs: 30, batchSize: 20, validationSplit: 0.25 });
  },
});
await study.resume({ trials: 9, workers: 2 });
console.log(JSON.stringify(study.trials.map(({ number, state, values, params }) => ({ number, state, values, params }))));
