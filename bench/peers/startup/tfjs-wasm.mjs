// TensorFlow.js on its WASM backend: from the import to the first finished step of the MNIST network.
import { config, tell } from '../../lib/child.mjs';

const images = Float32Array.from({ length: config.batch * 784 }, Math.random);
const labels = Float32Array.from({ length: config.batch }, (_, i) => i % 10);
const start = performance.now();
const { tf } = await import('../tfjs.mjs');
const model = tf.sequential({ layers: [
  tf.layers.flatten({ inputShape: [28, 28] }),
  tf.layers.dense({ units: 128, activation: 'relu' }),
  tf.layers.dropout({ rate: 0.2 }),
  tf.layers.dense({ units: 10, activation: 'softmax' }),
] });
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
await model.trainOnBatch(tf.tensor(images, [config.batch, 28, 28]), tf.tensor(labels, [config.batch, 1]));
tell([{ case: config.case, metric: 'wall_s', value: (performance.now() - start) / 1000 }]);
