// A generative pair in one dimension: the generator must learn to give numbers around 4, spread by 2, seen only through its critic.
import { jit, layers, losses, ops, optimizers, random, SeedGenerator, sequential, setRandomSeed, tensor, valueAndGrad, type Tensor } from '@limelight/core';

setRandomSeed(6);
const dense = (units: number, activation: 'relu' | 'linear') => layers.dense(units, { activation });
const generator = sequential([layers.inputLayer({ shape: [1] }), dense(16, 'relu'), dense(1, 'linear')]);
const critic = sequential([layers.inputLayer({ shape: [1] }), dense(32, 'relu'), dense(32, 'relu'), dense(1, 'linear')]);
const entropy = losses.binaryCrossentropy({ fromLogits: true });
const [forG, forC] = [optimizers.adam({ beta1: 0.5 }), optimizers.adam({ beta1: 0.5 })];
const seeds = new SeedGenerator(9), BATCH = 128, yes = ops.ones([BATCH, 1]), no = ops.zeros([BATCH, 1]);

const step = jit((rate: Tensor) => {
  const real = ops.add(4, ops.multiply(2, random.normal([BATCH, 1], seeds))), noise = random.normal([BATCH, 1], seeds);
  // the critic tells real from made
  const made = ops.stopGradient(generator.apply(noise));
  const c = valueAndGrad(() => ops.add(entropy.compute(yes, critic.apply(real)), entropy.compute(no, critic.apply(made))), critic.trainableWeights)();
  forC.apply(c.grad, critic.trainableWeights, rate);
  // the generator wants to be taken for real
  const g = valueAndGrad(() => entropy.compute(yes, critic.apply(generator.apply(noise))), generator.trainableWeights)();
  forG.apply(g.grad, generator.trainableWeights, rate);
  return g.value;
});
for (let i = 0; i < 3500; i++) step(tensor(0.001));

const made = generator.apply(random.normal([4000, 1], 1)), mean = ops.mean(made).item(), spread = ops.std(made).item();
console.log(`made numbers: mean ${mean.toFixed(0)}, spread ${spread.toFixed(0)}`);
