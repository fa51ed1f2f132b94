// The MNIST network as a user of Limelight writes it.
import { layers, sequential } from '@limelight/core';

export function mnistModel() {
  const model = sequential([
    layers.input({ shape: [28, 28], dtype: 'u8' }),
    layers.rescaling(1 / 255),
    layers.flatten(),
    layers.dense(128, { activation: 'relu' }),
    layers.dropout(0.2),
    layers.dense(10, { activation: 'softmax' }),
  ]);
  return model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
}
