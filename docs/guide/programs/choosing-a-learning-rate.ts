// Three ways to a learning rate: the range test, random search scored by cross-validation, and a look at how sure the score is.
import { input, layers, optimizers, random, sequential, type Sequential } from '@limelight/core';
import { createStudy, crossValidate, findLearningRate, float } from '@limelight/tune';

const rows = 300, x = random.normal([rows, 4], 1).dataSync(), y = Float32Array.from({ length: rows }, (_, i) => ((x[4 * i] ?? 0) * (x[4 * i + 1] ?? 0) > 0 ? 1 : 0));
const data = { x: { data: x, shape: [rows, 4] }, y };
const build = (learningRate: number, seed: number): Sequential => sequential([input({ shape: [4] }), layers.dense(16, { activation: 'tanh' }), layers.dense(1, { activation: 'sigmoid' })], { seed })
  .compile({ optimizer: optimizers.adam({ learningRate }), loss: 'binaryCrossentropy', metrics: ['accuracy'] });
const magnitude = (rate: number): string => `about 10^${Math.round(Math.log10(rate))}`;
const score = (rate: number) => crossValidate(({ seed }) => build(rate, seed), data, { folds: 4, epochs: 10, batchSize: 10, curves: false });

const test = await findLearningRate(({ seed }) => build(0.001, seed), data, { batchSize: 30, min: 1e-5, max: 10, steps: 120 });
console.log('range test:    ', magnitude(test.suggestion));

const study = createStudy({ space: { rate: float(1e-4, 1, { log: true }) }, objective: 'accuracy', seed: 1, run: async ({ rate }) => (await score(rate)).scores['accuracy']?.mean });
await study.optimize({ trials: 12 });
console.log('random search: ', magnitude(study.best.params.rate), `in ${study.trials.length} trials`);

for (const rate of [1e-4, study.best.params.rate]) {
  const { mean = 0, interval: [low] = [0, 0] } = (await score(rate)).scores['accuracy'] ?? {};
  console.log(rate === 1e-4 ? 'rate 10^-4:    ' : 'the best:      ', `accuracy ${mean.toFixed(1)} of 1, and ${low > 0.5 ? 'surely' : 'perhaps not'} better than guessing`);
}
