// TensorFlow.js on its WASM backend: a training step of the CNN stops at the first gradient of a convolution, which that backend does not have.
import { tell } from '../../lib/child.mjs';
import { tf } from '../tfjs.mjs';

const model = tf.sequential({ layers: [
  tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 32, kernelSize: 3, activation: 'relu' }),
  tf.layers.flatten(),
  tf.layers.dense({ units: 10, activation: 'softmax' }),
] });
model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
let note = 'trained a step of a convolution: give this suite its time';
try {
  await model.fit(tf.zeros([4, 28, 28, 1]), tf.zeros([4, 10]), { epochs: 1, batchSize: 4, verbose: 0, yieldEvery: 'never' });
} catch (error) {
  note = `cannot train a convolution: ${error.message.split('\n')[0]}`;
}
// no time to tell, but the reason
tell([{ case: 'mnist-cnn', metric: 's_per_1k', value: NaN, note }]);
