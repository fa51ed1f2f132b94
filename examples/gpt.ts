/**
 * A small GPT: two transformer blocks learn a short text letter by letter and go on writing. The text is `data/harbour.txt`; any other will do.
 * Each step sees the letters before it (causal attention) and predicts the next one; to write, the model's own letters are fed back.
 */
import { readFileSync } from 'node:fs';
import { generate, initializers, input, Layer, layers, losses, model, ops, optimizers, setRandomSeed, type SymbolicTensor, type Tensor } from '@limelight/core';

const LENGTH = 96, WIDTH = 64, HEADS = 4, BLOCKS = 2, STRIDE = 4;
setRandomSeed(1);
const text = readFileSync(new URL('data/harbour.txt', import.meta.url), 'utf8');
const letters = [...new Set(text)].sort(), ids = Int32Array.from(text, (letter) => letters.indexOf(letter));

/** A trained vector for each letter. */
class Letters extends Layer {
  readonly className = 'Letters';
  readonly table = this.addWeight('table', [letters.length, WIDTH], { initializer: initializers.randomNormal({ stddev: 0.05 }) });
  call([x]: readonly Tensor[]): Tensor { return ops.take(this.table.value, x as Tensor, 0); }
}

const x = input({ shape: [null], dtype: 'i32' }), vectors = new Letters('Letters', {}).apply(x);
const add = (a: SymbolicTensor, b: SymbolicTensor): SymbolicTensor => layers.add().apply([a, b]), norm = (a: SymbolicTensor): SymbolicTensor => layers.layerNormalization().apply(a);
let h = add(vectors, layers.positionEmbedding(LENGTH).apply(vectors));
for (let i = 0; i < BLOCKS; i++) {
  h = add(h, layers.multiHeadAttention(HEADS, WIDTH / HEADS, { useCausalMask: true }).apply(norm(h)));
  h = add(h, layers.dense(WIDTH).apply(layers.dense(4 * WIDTH, { activation: 'gelu' }).apply(norm(h))));
}
const gpt = model({ inputs: x, outputs: layers.dense(letters.length).apply(norm(h)) });
gpt.compile({ optimizer: optimizers.adam({ learningRate: 0.003 }), loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }) });

// windows of the text, and the same one letter further on
const count = Math.floor((ids.length - LENGTH - 1) / STRIDE), windows = (shift: number): { data: Int32Array; shape: number[] } => {
  const data = new Int32Array(count * LENGTH);
  for (let i = 0; i < count; i++) data.set(ids.subarray(STRIDE * i + shift, STRIDE * i + shift + LENGTH), i * LENGTH);
  return { data, shape: [count, LENGTH] };
};
const { history } = await gpt.fit(windows(0), windows(1), { epochs: 7, batchSize: 16 });
const loss = history['loss'] ?? [], first = loss.at(0) ?? Number.NaN, last = loss.at(-1) ?? Number.NaN;
console.log(`loss: ${loss.map((l) => l.toFixed(2)).join(' → ')}   (guessing: ${Math.log(letters.length).toFixed(2)})`);
if (!(last < 0.6 * first)) throw new Error(`the loss went from ${first.toFixed(2)} to ${last.toFixed(2)} only`);

const prompt = 'In the morning ';
const sample = await generate(gpt, Array.from(prompt, (letter) => letters.indexOf(letter)), { length: LENGTH - prompt.length, temperature: 0.5, seed: 7 });
console.log(`${prompt}${sample.map((id) => letters[id]).join('')}`);
