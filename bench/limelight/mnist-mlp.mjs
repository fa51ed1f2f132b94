// Limelight: the MNIST program, images u8 until the graph scales them.
import { datasets } from '@limelight/data';
import { config, median, peakMegabytes, tell } from '../lib/child.mjs';
import { mnistModel } from './model.mjs';

const { train, test } = await datasets.mnist();
const seconds = [];
let start = 0;
const clock = { onEpochBegin: () => { start = performance.now(); }, onEpochEnd: () => { seconds.push((performance.now() - start) / 1000); } };
const model = mnistModel();
await model.fit(train.x, train.y, { epochs: config.epochs, batchSize: config.batch, verbose: 0, callbacks: [clock] });
const { accuracy } = await model.evaluate(test.x, test.y, { batchSize: config.batch });
tell([
  { case: config.case, metric: 'epoch_s', value: median(seconds) },
  { case: config.case, metric: 'accuracy', value: accuracy },
  { case: config.case, metric: 'peak_mb', value: peakMegabytes() },
]);
