/** A convolutional network on handwritten digits: a quarter of MNIST, two epochs, some ten seconds. All of it and three epochs reach 0.99. */
import { input, layers, sequential, setRandomSeed } from '@limelight/core';
import { datasets } from '@limelight/data';

setRandomSeed(1);
const { train, test } = await datasets.mnist();
const count = 15_000;
const images = { data: train.x.data.subarray(0, count * 28 * 28), shape: [count, 28, 28] };
const labels = { data: train.y.data.subarray(0, count), shape: [count] };

const model = sequential([
  input({ shape: [28, 28], dtype: 'u8' }),
  layers.rescaling(1 / 255),
  layers.reshape([28, 28, 1]),
  layers.conv2d(32, 3, { activation: 'relu' }),
  layers.maxPooling2d(2),
  layers.conv2d(64, 3, { activation: 'relu' }),
  layers.maxPooling2d(2),
  layers.flatten(),
  layers.dense(128, { activation: 'relu' }),
  layers.dense(10, { activation: 'softmax' }),
]);
model.summary();
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
await model.fit(images, labels, { epochs: 2, batchSize: 128 });

const { accuracy = 0 } = await model.evaluate(test.x, test.y);
console.log(`Accuracy: ${accuracy.toFixed(4)}`);
if (accuracy < 0.97) throw new Error(`the network should know 97 of 100 digits by now, not ${(100 * accuracy).toFixed(1)}`);
