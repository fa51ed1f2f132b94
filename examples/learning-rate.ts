/**
 * Which learning rate? The range test needs one pass over the data; cross-validation then checks what it suggests against rates on both sides of it.
 * The picture: out/learning-rate.svg.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { input, layers, optimizers, sequential, type Sequential } from '@limelight/core';
import { datasets } from '@limelight/data';
import { crossValidate, findLearningRate } from '@limelight/tune';

const { train } = await datasets.mnist(), count = 6_000;
const data = { x: { data: train.x.data.subarray(0, count * 784), shape: [count, 28, 28] }, y: train.y.data.subarray(0, count) };

const build = (rate: number, seed: number): Sequential => sequential([
  input({ shape: [28, 28], dtype: 'u8' }), layers.rescaling(1 / 255), layers.flatten(), layers.dense(64, { activation: 'relu' }), layers.dense(10, { activation: 'softmax' }),
], { seed }).compile({ optimizer: optimizers.adam({ learningRate: rate }), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });

const test = await findLearningRate(({ seed }) => build(0.001, seed), data, { batchSize: 64, min: 1e-6, max: 3 });
console.log(test.text());
const rate = Number(test.suggestion.toPrecision(2));
console.log(`\nSuggestion: ${rate}. Against it, by cross-validation (4 folds, 3 epochs):`);

const means: number[] = [];
for (const own of [rate / 50, rate, rate * 50].map((r) => Number(r.toPrecision(2)))) {
  const { scores } = await crossValidate(({ seed }) => build(own, seed), data, { folds: 4, epochs: 3, batchSize: 64, curves: false });
  const { mean = 0, deviation = 0, interval = [0, 0] } = scores['accuracy'] ?? {};
  means.push(mean);
  console.log(`rate ${String(own).padEnd(8)} accuracy ${mean.toFixed(4)} ± ${deviation.toFixed(4)}, 95 % interval ${interval.map((b) => b.toFixed(3)).join(' to ')}`);
}
mkdirSync('out', { recursive: true });
writeFileSync('out/learning-rate.svg', test.svg());
console.log('Picture: out/learning-rate.svg');

const [low = 0, suggested = 0, high = 0] = means;
if (!(suggested > low && suggested > high && suggested > 0.85)) throw new Error('the suggested rate should beat one fifty times smaller and one fifty times larger');
