/**
 * The adding problem: long memory in one picture. Each step of a sequence holds a random number and a mark; two steps are marked, and the network
 * must say the sum of their two numbers, at the end. Who forgets guesses 1 and has a mean squared error of 1/6. An LSTM learns it, a plain recurrent layer does not
 * (Hochreiter and Schmidhuber 1997). `node scripts/run.mjs examples/adding.ts 100` is the full problem, with sequences of 100 steps: some minutes.
 */
import { input, layers, optimizers, random, sequential, setRandomSeed, type Layer } from '@limelight/core';

const length = Number(process.argv[2] ?? 30), long = length > 50;
setRandomSeed(1);

/** Sequences of [number, mark]: the first mark is in the first half, the second in the second half. */
function sequences(count: number, seed: number): { x: { data: Float32Array; shape: number[] }; y: Float32Array } {
  const x = new Float32Array(count * length * 2), y = new Float32Array(count), half = Math.floor(length / 2);
  const numbers = random.uniform([count * length], seed).dataSync(), places = random.uniform([count * 2], seed + 1).dataSync();
  for (let i = 0; i < count; i++) {
    for (let t = 0; t < length; t++) x[(i * length + t) * 2] = numbers[i * length + t] ?? 0;
    for (const t of [Math.floor((places[2 * i] ?? 0) * half), half + Math.floor((places[2 * i + 1] ?? 0) * (length - half))]) {
      x[(i * length + t) * 2 + 1] = 1;
      y[i] = (y[i] ?? 0) + (numbers[i * length + t] ?? 0);
    }
  }
  return { x: { data: x, shape: [count, length, 2] }, y };
}

const train = sequences(long ? 20_000 : 4_000, 1), test = sequences(2_000, 3), epochs = long ? 20 : 12;
async function learn(name: string, layer: Layer): Promise<number> {
  const model = sequential([input({ shape: [length, 2] }), layer, layers.dense(1)]);
  model.compile({ optimizer: optimizers.adam({ learningRate: long ? 0.003 : 0.01, globalClipnorm: 1 }), loss: 'meanSquaredError' });
  const started = Date.now();
  let error = Number.POSITIVE_INFINITY;
  for (let epoch = 1; epoch <= epochs && error >= 0.003; epoch++) {
    await model.fit(train.x, train.y, { epochs: 1, batchSize: 50, verbose: 0 });
    error = (await model.evaluate(test.x, test.y)).loss ?? Number.NaN;
    console.log(`${name.padEnd(9)} ${'#'.repeat(Math.min(60, Math.ceil(error * 240))).padEnd(60)} ${error.toFixed(4)}  after ${epoch} epochs, ${((Date.now() - started) / 1000).toFixed(0)} s`);
  }
  return error;
}

const lstm = await learn('LSTM', layers.lstm(long ? 64 : 32)), plain = await learn('SimpleRNN', layers.simpleRnn(long ? 64 : 32));
console.log(`Sequences of ${length} steps: the LSTM's error is ${lstm.toFixed(4)}, the plain layer's ${plain.toFixed(4)} (guessing: 0.1667).`);
if (!(lstm < 0.01)) throw new Error('the LSTM did not learn to add');
