// TensorFlow.js on its WASM backend: predict and trainOnBatch of the layers API, values read back each time.
import { config, peakMegabytes, tell, timePerCall, timePerCallSync } from '../../lib/child.mjs';
import { tf } from '../tfjs.mjs';

const model = tf.sequential({ layers: [
  tf.layers.dense({ inputShape: [4], units: 64, activation: 'relu' }), tf.layers.dense({ units: 64, activation: 'relu' }), tf.layers.dense({ units: 2 }),
] });
model.compile({ optimizer: tf.train.adam(1e-3, 0.9, 0.999, 1e-7), loss: 'meanSquaredError' });
const row = tf.randomUniform([1, 4]);
const [x, y] = [tf.randomUniform([config.batch, 4]), tf.randomUniform([config.batch, 2])];
const predict = timePerCallSync(() => {
  const out = model.predict(row);
  out.dataSync();
  out.dispose();
});
const step = await timePerCall(() => model.trainOnBatch(x, y));
tell([
  { case: 'predict-1', metric: 'predict_us', value: predict * 1e6 },
  { case: `train-${config.batch}`, metric: 'step_us', value: step * 1e6 },
  { case: 'tiny', metric: 'peak_mb', value: peakMegabytes() },
]);
