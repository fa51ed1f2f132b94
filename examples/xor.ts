/**
 * The functional API: one hidden layer with two heads that answer different questions about two bits. No straight line separates the classes of
 * "exclusive or", so without the hidden layer the first head could not learn it.
 */
import { input, layers, model, optimizers, setRandomSeed, tensor } from '@limelight/core';

setRandomSeed(7);
const bits = input({ shape: [2], name: 'bits' });
const hidden = layers.dense(8, { activation: 'tanh' }).apply(bits);
const xor = layers.dense(1, { activation: 'sigmoid', name: 'xor' }).apply(hidden);
const and = layers.dense(1, { activation: 'sigmoid', name: 'and' }).apply(hidden);

const logic = model({ inputs: bits, outputs: [xor, and] });
logic.summary();
logic.compile({ optimizer: optimizers.adam({ learningRate: 0.05 }), loss: 'binaryCrossentropy' });

const x = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]);
const y = { xor: tensor([[0], [1], [1], [0]]), and: tensor([[0], [0], [0], [1]]) };
const history = await logic.fit(x, y, { epochs: 300, batchSize: 4, verbose: 0 });
console.log(`loss: ${history.history['loss']?.at(0)?.toFixed(3)} → ${history.history['loss']?.at(-1)?.toFixed(4)}`);

const answers = await logic.predictAll(x);
const bit = (name: string, row: number): number => Math.round(answers[name]?.dataSync()[row] ?? Number.NaN);
for (const [row, [a, b]] of [[0, 0], [0, 1], [1, 0], [1, 1]].entries()) {
  console.log(`${a} ${b}   xor ${bit('xor', row)}   and ${bit('and', row)}`);
  if (bit('xor', row) !== ((a ?? 0) ^ (b ?? 0)) || bit('and', row) !== ((a ?? 0) & (b ?? 0))) throw new Error('the network did not learn both functions');
}
