// Memory: which of two letters stood first, twenty steps ago? A GRU carries it along.
import { input, layers, sequential, setRandomSeed } from '@limelight/core';

setRandomSeed(4);
const LENGTH = 20, SAMPLES = 512;
const noise = (i: number): number => { const v = Math.sin(i * 12.9898) * 43758.5453; return v - Math.floor(v); };
const first = Array.from({ length: SAMPLES }, (_, s) => (noise(s + 0.5) < 0.5 ? 0 : 1));
// per step: the letter a, the letter b (only at the start), and noise
const data = Float32Array.from({ length: SAMPLES * LENGTH * 3 }, (_, i) => {
  const s = Math.floor(i / (LENGTH * 3)), step = Math.floor(i / 3) % LENGTH, k = i % 3;
  return k === 2 ? noise(i) : step === 0 && first[s] === k ? 1 : 0;
});
const x = { data, shape: [SAMPLES, LENGTH, 3] };

const model = sequential([input({ shape: [LENGTH, 3] }), layers.gru(16), layers.dense(1, { activation: 'sigmoid' })]);
model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy', metrics: ['accuracy'] });
model.learningRate = 0.01;
const { history } = await model.fit(x, first, { epochs: 12, batchSize: 32, verbose: 0 });
const accuracy = history['accuracy'] ?? [];
console.log(`after 1 epoch it guesses: ${(accuracy[0] ?? 1) < 0.75}`);
console.log(`after ${accuracy.length} epochs accuracy ${(accuracy.at(-1) ?? 0).toFixed(2)}`);
