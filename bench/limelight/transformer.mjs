// Limelight: one training step of the transformer inside fit: forward, loss, backward, Adam.
import { losses } from '@limelight/core';
import { config, median, peakMegabytes, tell } from '../lib/child.mjs';
import { transformer } from './transformer-model.mjs';

const { batch, length, width, classes, steps, epochs } = config;
const net = transformer(config);
net.compile({ optimizer: 'adam', loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }) });
const rows = batch * steps;
const x = { data: Float32Array.from({ length: rows * length * width }, () => Math.random() * 2 - 1), shape: [rows, length, width] };
const y = { data: Uint8Array.from({ length: rows * length }, (_, i) => i % classes), shape: [rows, length] };
const times = [];
let start = 0, first = 0;
const begun = performance.now();
const clock = {
  onTrainBatchBegin: () => { start = performance.now(); },
  onTrainBatchEnd: () => { if (first === 0) first = performance.now() - begun; times.push(performance.now() - start); },
};
await net.fit(x, y, { epochs, batchSize: batch, verbose: 0, callbacks: [clock] });
tell([
  { case: 'train-step', metric: 'step_us', value: median(times.slice(steps)) * 1000 },
  { case: 'first-step', metric: 'step_us', value: first * 1000, note: 'first-step is tracing, compiling and running the first step' },
  { case: 'transformer', metric: 'peak_mb', value: peakMegabytes() },
]);
