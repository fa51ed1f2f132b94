/**
 * A training step of one's own: a network learns the solution of y' = y · cos x with y(0) = 1, from the equation alone and without a single sample of it.
 * The loss takes the derivative of the network by its input (`grad`), the step the derivative of that loss by the weights (`valueAndGrad`), and `jit` makes one
 * program of both with the optimizer.
 */
import { grad, jit, layers, ops, optimizers, sequential, setRandomSeed, tensor, valueAndGrad, type Tensor } from '@limelight/core';

setRandomSeed(3);
const net = sequential([layers.inputLayer({ shape: [1] }), layers.dense(24, { activation: 'tanh' }), layers.dense(24, { activation: 'tanh' }), layers.dense(1)]);
const weights = net.trainableWeights, optimizer = optimizers.adam();

// y(0) = 1 whatever the network says
const solution = (x: Tensor): Tensor => ops.add(ops.multiply(x, net.apply(x)), 1);
const slope = grad((x: Tensor) => ops.sum(solution(x)));
const loss = (x: Tensor): Tensor => ops.mean(ops.square(ops.subtract(slope(x), ops.multiply(solution(x), ops.cos(x)))));

const step = jit((x: Tensor, rate: Tensor) => {
  const { value, grad: gradients } = valueAndGrad(loss, weights)(x);
  optimizer.apply(gradients, weights, rate);
  return value;
});

const points = tensor(Float32Array.from({ length: 64 }, (_, i) => (4 * i) / 63), [64, 1]);
for (let i = 0; i <= 3000; i++) {
  const value = step(points, tensor(i < 2000 ? 0.01 : 0.001));
  if (i % 500 === 0) console.log(`step ${String(i).padStart(4)}   loss ${value.item().toExponential(2)}`);
}

const known = ops.exp(ops.sin(points)), error = ops.max(ops.abs(ops.subtract(solution(points), known))).item();
console.log(`largest difference from e^(sin x) on [0, 4]: ${error.toFixed(4)}`);
if (!(error < 0.02)) throw new Error('the network did not find the solution');
