/**
 * A generative adversarial network (Goodfellow et al. 2014) on handwritten digits: the generator makes images out of noise, the discriminator tells them from real ones,
 * and each learns from the other. Two losses and two optimizers in one training step of one's own, one compiled program. The images go to out/gan.png.
 */
import { mkdirSync } from 'node:fs';
import { jit, layers, losses, ops, optimizers, random, SeedGenerator, sequential, setRandomSeed, tensor, valueAndGrad, type Tensor } from '@limelight/core';
import { datasets } from '@limelight/data';
import sharp from 'sharp';

const NOISE = 32, BATCH = 64, STEPS = 1500;
setRandomSeed(6);
const { train } = await datasets.mnist();
const leaky = { activation: { className: 'leakyRelu', config: { negativeSlope: 0.2 } } };
const generator = sequential([
  layers.inputLayer({ shape: [NOISE] }), layers.dense(128, leaky), layers.batchNormalization({ momentum: 0.8 }), layers.dense(256, leaky), layers.batchNormalization({ momentum: 0.8 }),
  layers.dense(784, { activation: 'tanh' }), layers.reshape([28, 28]),
]);
const discriminator = sequential([layers.inputLayer({ shape: [28, 28] }), layers.flatten(), layers.dense(256, leaky), layers.dropout(0.3), layers.dense(64, leaky), layers.dense(1)]);

const entropy = losses.binaryCrossentropy({ fromLogits: true });
/** How far the discriminator's answers are from `wanted` (1: real, 0: made). */
const judge = (answers: Tensor, wanted: number): Tensor => entropy.compute(ops.fullLike(answers, wanted), answers);
const makerAdam = optimizers.adam({ beta1: 0.5 }), judgeAdam = optimizers.adam({ beta1: 0.5 }), seeds = new SeedGenerator(7), context = { training: true, seeds };

const step = jit((bytes: Tensor, rate: Tensor) => {
  const real = ops.subtract(ops.divide(ops.cast(bytes, 'f32'), 127.5), 1), noise = random.normal([BATCH, NOISE], seeds);
  const made = generator.apply(noise, context);
  const judged = valueAndGrad(() => ops.add(judge(discriminator.apply(real, context), 0.9), judge(discriminator.apply(ops.stopGradient(made), context), 0)), discriminator.trainableWeights)();
  const fooled = valueAndGrad(() => judge(discriminator.apply(made, context), 1), generator.trainableWeights)();
  judgeAdam.apply(judged.grad, discriminator.trainableWeights, rate);
  makerAdam.apply(fooled.grad, generator.trainableWeights, rate);
  return { judged: judged.value, fooled: fooled.value };
});

for (let i = 1; i <= STEPS; i++) {
  const from = ((i * BATCH) % 59_000) * 784, { judged, fooled } = step(tensor(train.x.data.slice(from, from + BATCH * 784), [BATCH, 28, 28]), tensor(0.0005));
  if (i % 250 === 0) console.log(`step ${i}   discriminator ${judged.item().toFixed(3)}   generator ${fooled.item().toFixed(3)}`);
}

const images = generator.apply(random.normal([64, NOISE], 8)), made = images.dataSync();
const grid = Uint8Array.from({ length: 224 * 224 }, (_, p) => {
  const x = p % 224, y = Math.floor(p / 224);
  return 127.5 + 127.5 * (made[(Math.floor(y / 28) * 8 + Math.floor(x / 28)) * 784 + (y % 28) * 28 + (x % 28)] ?? 0);
});
mkdirSync('out', { recursive: true });
await sharp(grid, { raw: { width: 224, height: 224, channels: 1 } }).png().toFile('out/gan.png');
console.log('64 images: out/gan.png');

// What is made must look like digits from afar: as much ink, in the middle, and not the same image again and again.
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
const ink = mean(made) / 2 + 0.5, realInk = mean(train.x.data.subarray(0, 784_000)) / 255, variety = ops.mean(ops.std(images, 0)).item();
console.log(`ink ${ink.toFixed(3)} (real digits ${realInk.toFixed(3)}), variety ${variety.toFixed(3)}`);
if (!(Math.abs(ink - realInk) < 0.08 && variety > 0.15)) throw new Error('the generator did not learn what digits look like');
