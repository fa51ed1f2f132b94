/**
 * Fine-tuning: a network that learned to read the ten digits learns another question, whether a digit is odd, from twenty images. Its layers are frozen: they know
 * digits already, so only a new last layer is trained. A network of the same shape that starts from nothing, and trains all of its weights on the same images, does
 * worse with every set of images; the more images there are, the less that matters.
 */
import { input, layers, optimizers, sequential, setRandomSeed, type Model } from '@limelight/core';
import { datasets } from '@limelight/data';

setRandomSeed(4);
const { train, test } = await datasets.mnist();
interface Part { readonly x: { readonly data: Uint8Array; readonly shape: readonly number[] }; readonly y: Uint8Array }

/** `count` images of each digit, after the first `skip` of each. */
function digits(from: typeof train, count: number, skip = 0): Part {
  const seen = new Array<number>(10).fill(0), chosen = Array.from(from.y.data.keys()).filter((i) => {
    const digit = from.y.data[i] ?? 0, place = seen[digit] ?? 0;
    seen[digit] = place + 1;
    return place >= skip && place < skip + count;
  });
  const data = new Uint8Array(chosen.length * 784);
  chosen.forEach((row, i) => { data.set(from.x.data.subarray(row * 784, (row + 1) * 784), i * 784); });
  return { x: { data, shape: [chosen.length, 28, 28] }, y: Uint8Array.from(chosen, (i) => from.y.data[i] ?? 0) };
}
const isOdd = ({ x, y }: Part): Part => ({ x, y: y.map((digit) => digit % 2) });
const body = (): Model => sequential([
  input({ shape: [28, 28], dtype: 'u8' }), layers.rescaling(1 / 255), layers.reshape([28, 28, 1]),
  layers.conv2d(16, 3, { strides: 2, activation: 'relu' }), layers.conv2d(32, 3, { strides: 2, activation: 'relu' }), layers.flatten(), layers.dense(64, { activation: 'relu' }),
]);
const withHead = (base: Model, classes: number): Model => sequential([base, layers.dense(classes, { activation: 'softmax' })]);
async function learn(model: Model, part: Part, later: Part, epochs: number, batchSize: number, learningRate = 0.001): Promise<number> {
  model.compile({ optimizer: optimizers.adam({ learningRate }), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  await model.fit(part.x, part.y, { epochs, batchSize, verbose: 0 });
  return (await model.evaluate(later.x, later.y))['accuracy'] ?? 0;
}

const base = body(), before = digits(train, 1000), later = digits(test, 100), odd = isOdd(later);
console.log(`which digit, ${before.y.length} images: accuracy ${(await learn(withHead(base, 10), before, later, 3, 64)).toFixed(3)}`);

base.trainable = false;
const weights = async (): Promise<string> => JSON.stringify((await base.getWeights()).map((w) => Array.from(w))), frozen = await weights();
const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
let head = base;
const gains: number[] = [], least: number[] = [];
for (const [count, epochs] of [[2, 80], [20, 30]] as const) {
  const tuned: number[] = [], fresh: number[] = [];
  for (let draw = 0; draw < 4; draw++) {
    const few = isOdd(digits(train, count, 1000 + 100 * draw));
    head = withHead(base, 2);
    // one layer alone bears larger steps
    tuned.push(await learn(head, few, odd, epochs, 20, 0.01));
    fresh.push(await learn(withHead(body(), 2), few, odd, epochs, 20));
  }
  const each = tuned.map((accuracy, i) => accuracy - (fresh[i] ?? 0));
  gains.push(mean(each));
  least.push(Math.min(...each));
  console.log(`odd or even, ${10 * count} images: accuracy ${mean(tuned).toFixed(3)} with frozen layers, ${mean(fresh).toFixed(3)} from nothing (mean of ${tuned.length} draws; least gain ${least.at(-1)?.toFixed(3)})`);
}
console.log(`trained with frozen layers: ${head.trainableWeights.reduce((n, w) => n + w.size, 0)} of ${head.parameterCount} weights`);

if (await weights() !== frozen) throw new Error('a frozen weight has changed');
if (!((gains[0] ?? 0) > 0.06 && (least[0] ?? 0) > 0 && (gains[0] ?? 0) > (gains[1] ?? 0))) throw new Error('fine-tuning did not pay');
