/** The MNIST program: handwritten digits, a small network, five epochs. `npm start` runs it. */
import { input, layers, sequential } from '@limelight/core';
import { datasets } from '@limelight/data';
import { showClassifier } from 'limelight';

const { train, test } = await datasets.mnist();

const model = sequential([
  input({ shape: [28, 28], dtype: 'u8' }),
  layers.rescaling(1 / 255),
  layers.flatten(),
  layers.dense(128, { activation: 'relu' }),
  layers.dropout(0.2),
  layers.dense(10, { activation: 'softmax' }),
]);

model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
await model.fit(train.x, train.y, { epochs: 5, batchSize: 128 });

await showClassifier(model, test);
await model.save('out/mnist.safetensors');
console.log('Model saved: out/mnist.safetensors');

const { accuracy = 0 } = await model.evaluate(test.x, test.y);
console.log(`Accuracy: ${accuracy.toFixed(4)}`);
