// Which optimizer learns a hilly surface fastest? Each tries the same number of learning rates, then runs with the same seeds.
import { input, layers, random, sequential } from '@limelight/core';
import { compareOptimizers } from '@limelight/tune';

const count = 600, x = random.uniform([count, 2], 3, { min: -2, max: 2 }).dataSync();
const y = Float32Array.from({ length: count }, (_, i) => Math.sin(3 * (x[2 * i] ?? 0)) * Math.cos(2 * (x[2 * i + 1] ?? 0)));

const { rows } = await compareOptimizers(({ optimizer, seed }) => sequential([
  input({ shape: [2] }), layers.dense(32, { activation: 'tanh' }), layers.dense(32, { activation: 'tanh' }), layers.dense(1),
], { seed }).compile({ optimizer, loss: 'meanSquaredError' }), { x: { data: x, shape: [count, 2] }, y }, { optimizers: ['momentum', 'adam', 'adamW'], epochs: 30, batchSize: 20, seeds: 5, rateTrials: 4 });

const [best, ...others] = rows;
console.log(`best: ${best?.name.startsWith('adam') === true ? 'Adam or AdamW' : best?.name}`);
for (const { name, summary, against } of others) {
  console.log(`${(name.startsWith('adam') ? 'the other' : name).padEnd(9)} ${(summary.mean / (best?.summary.mean ?? 1)) > 2 ? 'more than twice its error' : 'less than twice its error'}, ${(against?.p ?? 1) < 0.05 ? 'beyond chance' : 'may be chance'}`);
}
