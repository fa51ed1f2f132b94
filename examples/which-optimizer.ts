/**
 * Which optimizer? Six of them learn handwritten digits: each gets the same number of epochs, the same number of trials to find its learning rate, and the same seeds. What is
 * printed says what is beyond chance, and what is not. The picture: out/which-optimizer.svg.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { input, layers, sequential } from '@limelight/core';
import { datasets } from '@limelight/data';
import { compareOptimizers } from '@limelight/tune';

const { train } = await datasets.mnist(), count = 3_000;
const data = { x: { data: train.x.data.subarray(0, count * 784), shape: [count, 28, 28] }, y: train.y.data.subarray(0, count) };

const result = await compareOptimizers(({ optimizer, seed }) => sequential([
  input({ shape: [28, 28], dtype: 'u8' }), layers.rescaling(1 / 255), layers.flatten(), layers.dense(64, { activation: 'relu' }), layers.dense(10, { activation: 'softmax' }),
], { seed }).compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] }), data, {
  optimizers: ['sgd', 'momentum', 'rmsprop', 'adam', 'adamW', 'lion', 'muon'], epochs: 4, batchSize: 50, seeds: 4, rateTrials: 5,
  onRun: ({ optimizer, phase, done, total }) => { if (process.stderr.isTTY) process.stderr.write(`\r${done}/${total} runs: ${optimizer} (${phase})`.padEnd(50)); },
});
if (process.stderr.isTTY) process.stderr.write('\r'.padEnd(50) + '\r');

console.log('optimizer   rate     loss on held-out data   s per run');
for (const { name, learningRate, summary, secondsPerRun, atEdge } of result.rows) {
  console.log(`${name.padEnd(10)} ${String(learningRate).padStart(7)}   ${summary.mean.toFixed(4)} ± ${summary.deviation.toFixed(4)}        ${secondsPerRun.toFixed(2)}${atEdge ? '   (rate at the end of its range)' : ''}`);
}
console.log(`\n${result.statement}`);
mkdirSync('out', { recursive: true });
writeFileSync('out/which-optimizer.svg', result.svg());
console.log('Picture: out/which-optimizer.svg');

const sgd = result.rows.find((row) => row.name === 'sgd');
if (result.rows.length !== 7 || sgd === undefined || !(sgd.against !== null && sgd.against.p < 0.05)) throw new Error('after four epochs plain SGD should be behind, beyond chance');
