// Limelight: the CNN as a user writes it, images u8 until the graph scales them.
import { layers, sequential } from '@limelight/core';
import { datasets } from '@limelight/data';
import { config, median, peakMegabytes, tell } from '../lib/child.mjs';

const { train, test } = await datasets.mnist();
const full = config.round === 0 && config.always !== 'short';
const count = full ? 60000 : config.short;
const head = (part, size) => ({ data: part.data.subarray(0, count * size), shape: [count, ...part.shape.slice(1)] });
const model = sequential([
  layers.input({ shape: [28, 28], dtype: 'u8' }),
  layers.rescaling(1 / 255),
  layers.reshape([28, 28, 1]),
  layers.conv2d(32, 3, { activation: 'relu' }),
  layers.maxPooling2d(2),
  layers.conv2d(64, 3, { activation: 'relu' }),
  layers.maxPooling2d(2),
  layers.flatten(),
  layers.dense(128, { activation: 'relu' }),
  layers.dense(10, { activation: 'softmax' }),
]).compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
const seconds = [];
let start = 0;
const clock = { onEpochBegin: () => { start = performance.now(); }, onEpochEnd: () => { seconds.push((performance.now() - start) / 1000); } };
await model.fit(head(train.x, 784), head(train.y, 1), { epochs: config.epochs, batchSize: config.batch, verbose: 0, callbacks: [clock] });
const samples = [{ case: config.case, metric: 's_per_1k', value: (median(seconds) / count) * 1000 }];
if (full) {
  const { accuracy } = await model.evaluate(test.x, test.y, { batchSize: config.batch });
  samples.push({ case: config.case, metric: 'accuracy', value: accuracy }, { case: config.case, metric: 'peak_mb', value: peakMegabytes() });
}
tell(samples);
