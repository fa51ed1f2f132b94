// Twelve noisy points of a sine, and a network with room to learn them by heart. What helps?
import { callbacks, input, layers, random, regularizers, sequential, type Callback, type Layer } from '@limelight/core';

const sample = (count: number, seed: number): { x: Float32Array; y: Float32Array } => {
  const x = random.uniform([count], seed, { min: -3, max: 3 }).dataSync(), noise = random.normal([count], seed + 1).dataSync();
  return { x: x as Float32Array, y: Float32Array.from(x, (v, i) => Math.sin(v) + 0.4 * (noise[i] ?? 0)) };
};
const few = sample(12, 1), many = sample(360, 5), fresh = sample(500, 9);

async function learn(name: string, data: typeof few, hidden: () => Layer[], watch: Callback[] = []): Promise<void> {
  const model = sequential([input({ shape: [1] }), ...hidden(), layers.dense(1)], { seed: 4 }).compile({ optimizer: 'adam', loss: 'meanSquaredError', metrics: ['meanSquaredError'] });
  model.learningRate = 0.01;
  await model.fit(data.x, data.y, { epochs: data === few ? 1500 : 100, batchSize: 12, verbose: 0, validationData: [fresh.x, fresh.y], callbacks: watch });
  const error = async ({ x, y }: typeof few): Promise<number> => (await model.evaluate(x, y))['meanSquaredError'] ?? Number.NaN;
  console.log(name.padEnd(15), await error(data) < 0.08 ? 'learnt by heart; ' : 'smoother;         ', 'new points:', (await error(fresh)).toFixed(1));
}
const wide = () => [layers.dense(64, { activation: 'relu' }), layers.dense(64, { activation: 'relu' })];
const l2 = regularizers.l2(0.02);

await learn('nothing', few, wide);
await learn('early stopping', few, wide, [new callbacks.EarlyStopping({ patience: 50, restoreBestWeights: true })]);
await learn('L2', few, () => [layers.dense(64, { activation: 'relu', kernelRegularizer: l2 }), layers.dense(64, { activation: 'relu', kernelRegularizer: l2 })]);
await learn('a small model', few, () => [layers.dense(4, { activation: 'tanh' })]);
await learn('30 times data', many, wide);
