// The truth is "yes" (1). What does each loss say of a guess?
import { losses, tensor } from '@limelight/core';

const mse = losses.meanSquaredError(), crossentropy = losses.binaryCrossentropy();
console.log('guess   squared   cross-entropy');
for (const guess of [0.99, 0.9, 0.5, 0.1, 0.01]) {
  const [y, p] = [tensor([[1]]), tensor([[guess]])];
  console.log(`${guess.toFixed(2)}    ${mse.compute(y, p).item().toFixed(4)}    ${crossentropy.compute(y, p).item().toFixed(4)}`);
}
