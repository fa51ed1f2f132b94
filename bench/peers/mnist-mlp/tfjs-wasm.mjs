// TensorFlow.js on its WASM backend (one thread: in Node it has no others), the layers API with fit.
import { config, median, peakMegabytes, readMnist, scaled, tell } from '../../lib/child.mjs';
import { tf } from '../tfjs.mjs';

const { train, test } = readMnist();
const x = tf.tensor(scaled(train.images), [train.count, 28, 28]);
const y = tf.tensor(Float32Array.from(train.labels), [train.count, 1]);
const model = tf.sequential({ layers: [
  tf.layers.flatten({ inputShape: [28, 28] }),
  tf.layers.dense({ units: 128, activation: 'relu' }),
  tf.layers.dropout({ rate: 0.2 }),
  tf.layers.dense({ units: 10, activation: 'softmax' }),
] });
model.compile({ optimizer: tf.train.adam(1e-3, 0.9, 0.999, 1e-7), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
const seconds = [];
let start = 0;
await model.fit(x, y, {
  epochs: config.epochs, batchSize: config.batch, shuffle: true, verbose: 0, yieldEvery: 'never',
  callbacks: { onEpochBegin: () => { start = performance.now(); }, onEpochEnd: () => { seconds.push((performance.now() - start) / 1000); } },
});
const [, accuracy] = model.evaluate(tf.tensor(scaled(test.images), [test.count, 28, 28]), tf.tensor(Float32Array.from(test.labels), [test.count, 1]), { batchSize: 1000, verbose: 0 });
tell([
  { case: config.case, metric: 'epoch_s', value: median(seconds) },
  { case: config.case, metric: 'accuracy', value: accuracy.dataSync()[0] },
  { case: config.case, metric: 'peak_mb', value: peakMegabytes() },
]);
