// Limelight: the steady step of the MNIST network inside fit, and a program of its five products alone (forward, gradients of the weights, gradient
// of the hidden layer), operands and results as state on the device.
import { jit, ops, tensor, Variable } from '@limelight/core';
import { config, median, tell } from '../lib/child.mjs';
import { mnistModel } from './model.mjs';

const { batch } = config;
const STEPS = 200;
const EPOCHS = 14;

const variable = (...shape) => new Variable(tensor(Float32Array.from({ length: shape[0] * shape[1] }, Math.random), shape));
const [x, w1, w2, hidden, g1, g2] = [variable(batch, 784), variable(784, 128), variable(128, 10), variable(batch, 128), variable(batch, 128), variable(batch, 10)];
const results = [[batch, 128], [batch, 10], [784, 128], [128, 10], [batch, 128]].map((shape) => Variable.zeros(shape, 'f32'));
const products = jit(() => {
  const [y1, y2, dw1, dw2, dh] = results;
  y1.assign(ops.matmul(x.value, w1.value));
  y2.assign(ops.matmul(hidden.value, w2.value));
  dw1.assign(ops.matmul(ops.transpose(x.value), g1.value));
  dw2.assign(ops.matmul(ops.transpose(hidden.value), g2.value));
  dh.assign(ops.matmul(g2.value, ops.transpose(w2.value)));
});
const rows = STEPS * batch;
const images = { data: Uint8Array.from({ length: rows * 784 }, () => Math.random() * 256), shape: [rows, 28, 28] };
const labels = Uint8Array.from({ length: rows }, (_, i) => i % 10);
// Turn by turn, so that both see the machine in the same state: an epoch of steps, then as long of products.
const steps = [], alone = [];
let start = 0;
const clock = {
  onEpochBegin: () => { start = performance.now(); },
  onEpochEnd: () => {
    const from = performance.now(), stepTime = (from - start) / STEPS;
    const calls = Math.max(20, Math.round((from - start) / stepTime / 2));
    for (let i = 0; i < calls; i++) products();
    steps.push(stepTime / 1000);
    alone.push((performance.now() - from) / calls / 1000);
  },
};
await mnistModel().fit(images, labels, { epochs: EPOCHS, batchSize: batch, verbose: 0, callbacks: [clock] });
tell([
  { case: 'train-step', metric: 'step_us', value: median(steps.slice(2)) * 1e6 },
  { case: 'gemms-alone', metric: 'step_us', value: median(alone.slice(2)) * 1e6 },
]);
