/**
 * Fine-tuning: a network that learned the digits 0 to 4 learns 5 to 9 from fifty images. Its first layers are frozen: they know strokes already, so only a
 * new last layer is trained. A network of the same shape that starts from nothing, and trains all of its weights, does no better.
 */
import { input, layers, sequential, setRandomSeed, type Model } from '@limelight/core';
import { datasets } from '@limelight/data';

setRandomSeed(4);
const { train, test } = await datasets.mnist();
type Part = { x: { data: Uint8Array; shape: number[] }; y: Uint8Array };

/** The first `count` images of the digits `first` … `first + 4`, labelled 0 to 4. */
function digits(from: typeof train, first: number, count: number): Part {
  const chosen = Array.from(from.y.data.keys()).filter((i) => { const own = (from.y.data[i] ?? 0) - first; return own >= 0 && own < 5; }).slice(0, count);
  const data = new Uint8Array(chosen.length * 784);
  chosen.forEach((row, i) => { data.set(from.x.data.subarray(row * 784, (row + 1) * 784), i * 784); });
  return { x: { data, shape: [chosen.length, 28, 28] }, y: Uint8Array.from(chosen, (i) => (from.y.data[i] ?? 0) - first) };
}
const body = (): Model => sequential([
  input({ shape: [28, 28], dtype: 'u8' }), layers.rescaling(1 / 255), layers.reshape([28, 28, 1]),
  layers.conv2d(16, 3, { strides: 2, activation: 'relu' }), layers.batchNormalization(), layers.conv2d(32, 3, { strides: 2, activation: 'relu' }), layers.flatten(),
]);
async function learn(model: Model, part: Part, epochs: number, batchSize: number): Promise<number> {
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  await model.fit(part.x, part.y, { epochs, batchSize, verbose: 0 });
  const later = digits(test, part === before ? 0 : 5, 10_000);
  return (await model.evaluate(later.x, later.y))['accuracy'] ?? 0;
}
const withHead = (base: Model): Model => sequential([base, layers.dense(5, { activation: 'softmax' })]);
const before = digits(train, 0, 10_000), few = digits(train, 5, 50);

const base = body();
console.log(`0 to 4, ${before.y.length} images: accuracy ${(await learn(withHead(base), before, 2, 64)).toFixed(3)}`);

base.trainable = false;
const frozen = JSON.stringify((await base.getWeights()).map((w) => Array.from(w)));
const tuned = withHead(base), adapted = await learn(tuned, few, 200, 25);
console.log(`5 to 9, ${few.y.length} images, frozen layers: accuracy ${adapted.toFixed(3)} (${tuned.trainableWeights.reduce((n, w) => n + w.size, 0)} of ${tuned.parameterCount} weights trained)`);
const fresh = await learn(withHead(body()), few, 200, 25);
console.log(`5 to 9, ${few.y.length} images, from nothing:  accuracy ${fresh.toFixed(3)}`);

if (JSON.stringify((await base.getWeights()).map((w) => Array.from(w))) !== frozen) throw new Error('a frozen weight has changed');
if (!(adapted > 0.65 && adapted > fresh - 0.02)) throw new Error('fine-tuning did not pay');
