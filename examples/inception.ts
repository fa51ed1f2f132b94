/**
 * An Inception block (Szegedy et al. 2015) on handwritten digits: the same image is looked at through windows of several sizes at once, and what they see is put
 * side by side. The functional API: one tensor goes into several layers, several tensors into one.
 */
import { input, layers, model, setRandomSeed, type SymbolicTensor } from '@limelight/core';
import { datasets } from '@limelight/data';

setRandomSeed(5);
const { train, test } = await datasets.mnist();
const count = 10_000;

const conv = (filters: number, size: number, x: SymbolicTensor): SymbolicTensor => layers.conv2d(filters, size, { padding: 'same', activation: 'relu' }).apply(x);
/** Four branches: 1 × 1; 3 × 3 and 5 × 5 over fewer channels; the largest neighbour. */
const inception = (x: SymbolicTensor): SymbolicTensor => layers.concatenate().apply([
  conv(8, 1, x),
  conv(16, 3, conv(8, 1, x)),
  conv(8, 5, conv(4, 1, x)),
  conv(8, 1, layers.maxPooling2d(3, { strides: 1, padding: 'same' }).apply(x)),
]);

const image = input({ shape: [28, 28], dtype: 'u8' });
const pixels = layers.reshape([28, 28, 1]).apply(layers.rescaling(1 / 255).apply(image));
const seen = layers.maxPooling2d(2).apply(inception(layers.maxPooling2d(2).apply(conv(16, 5, pixels))));
const digit = layers.dense(10, { activation: 'softmax' }).apply(layers.flatten().apply(inception(seen)));

const network = model({ inputs: image, outputs: digit });
network.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
await network.fit({ data: train.x.data.subarray(0, count * 784), shape: [count, 28, 28] }, train.y.data.subarray(0, count), { epochs: 2, batchSize: 64 });

const { accuracy = 0 } = await network.evaluate(test.x, test.y);
console.log(`${network.layers.length} layers, ${network.parameterCount} weights, accuracy ${accuracy.toFixed(4)}`);
if (accuracy < 0.9) throw new Error(`nine of ten digits should be known by now, not ${accuracy}`);
