// Limelight: one training step of an LSTM (hidden 128, length 100, input 32) inside fit.
import { input, layers, sequential } from '@limelight/core';
import { config, median, tell } from '../lib/child.mjs';

const { batch, length, features, hidden } = config;
const STEPS = 20, EPOCHS = config.epochs ?? 8;

const model = sequential([input({ shape: [length, features] }), layers.lstm(hidden), layers.dense(1)]);
model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
const rows = STEPS * batch;
const x = { data: Float32Array.from({ length: rows * length * features }, () => Math.random() - 0.5), shape: [rows, length, features] };
const y = { data: Float32Array.from({ length: rows }, Math.random), shape: [rows, 1] };
const steps = [];
let start = 0;
const clock = {
  onEpochBegin: () => { start = performance.now(); },
  onEpochEnd: () => { steps.push((performance.now() - start) / STEPS / 1000); },
};
await model.fit(x, y, { epochs: EPOCHS, batchSize: batch, verbose: 0, callbacks: [clock] });
tell([{ case: 'train-step', metric: 'step_us', value: median(steps.slice(2)) * 1e6 }]);
