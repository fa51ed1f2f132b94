/**
 * A recurrent network learns to write: a GRU reads `data/harbour.txt` letter by letter and predicts the next one. To write, a second model with the same weights
 * keeps its state from letter to letter (`stateful`) and is fed its own letters.
 */
import { readFileSync } from 'node:fs';
import { input, layers, optimizers, random, sequential, setRandomSeed } from '@limelight/core';

const LENGTH = 50, UNITS = 96;
setRandomSeed(1);
const text = readFileSync(new URL('data/harbour.txt', import.meta.url), 'utf8');
const letters = [...new Set(text)].sort(), ids = Array.from(text, (letter) => letters.indexOf(letter)), kinds = letters.length;

// windows of the text as one-hot rows, and the same one letter further on
const starts = Array.from({ length: Math.floor((ids.length - LENGTH - 1) / 3) }, (_, i) => 3 * i);
const x = new Float32Array(starts.length * LENGTH * kinds), y = new Int32Array(starts.length * LENGTH);
starts.forEach((start, i) => {
  for (let t = 0; t < LENGTH; t++) {
    x[(i * LENGTH + t) * kinds + (ids[start + t] ?? 0)] = 1;
    y[i * LENGTH + t] = ids[start + t + 1] ?? 0;
  }
});

const head = () => layers.timeDistributed(layers.dense(kinds, { activation: 'softmax' }));
const reader = sequential([input({ shape: [LENGTH, kinds] }), layers.gru(UNITS, { returnSequences: true }), head()]);
reader.compile({ optimizer: optimizers.adam({ learningRate: 0.01 }), loss: 'sparseCategoricalCrossentropy' });
const { history } = await reader.fit({ data: x, shape: [starts.length, LENGTH, kinds] }, { data: y, shape: [starts.length, LENGTH] }, { epochs: 8, batchSize: 32, verbose: 0 });
const loss = history['loss'] ?? [], first = loss.at(0) ?? Number.NaN, last = loss.at(-1) ?? Number.NaN;
console.log(`loss: ${loss.map((l) => l.toFixed(2)).join(' → ')}   (guessing: ${Math.log(kinds).toFixed(2)})`);
if (!(last < 0.6 * first)) throw new Error(`the loss went from ${first.toFixed(2)} to ${last.toFixed(2)} only`);

// one letter at a time: the state lies in the model
const writer = sequential([input({ shape: [1, kinds] }), layers.gru(UNITS, { returnSequences: true, stateful: true }), head()]);
writer.setWeights(await reader.getWeights());
const dice = random.uniform([400], 7).dataSync();
let letter = letters.indexOf('T'), written = 'T';
for (let i = 0; i < 300; i++) {
  const row = new Float32Array(kinds);
  row[letter] = 1;
  const chances = writer.predictSync({ data: row, shape: [1, 1, kinds] }).dataSync();
  let left = dice[i] ?? 0;
  letter = chances.findIndex((p) => { left -= p; return left < 0; });
  if (letter < 0) letter = kinds - 1;
  written += letters[letter] ?? '';
}
console.log(written);
