// TensorFlow.js on its WASM backend: one training step of the same LSTM, which it unrolls.
import { config, tell } from '../../lib/child.mjs';
import { tf } from '../tfjs.mjs';

const { batch, length, features, hidden } = config;
const model = tf.sequential({ layers: [tf.layers.lstm({ units: hidden, inputShape: [length, features] }), tf.layers.dense({ units: 1 })] });
model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
const x = tf.randomUniform([batch, length, features], -0.5, 0.5), y = tf.randomUniform([batch, 1]);
const step = () => model.trainOnBatch(x, y);
const result = { case: 'train-step', metric: 'step_us', value: NaN };
try {
  await step();
  const start = performance.now(), count = 3;
  for (let i = 0; i < count; i++) await step();
  result.value = ((performance.now() - start) / count) * 1000;
} catch (error) {
  result.note = `cannot train it: ${error.message.split('\n')[0]}`;
}
tell([result]);
