/** A small image problem made of formulas, and a training run on it; for tests of determinism and resuming, in this process and in others. */
import * as layers from '../../nn/layers/index.ts';
import { LambdaCallback } from '../callbacks/index.ts';
import { sequential } from '../sequential.ts';

/** n images of 8 × 8, u8: a bright bar whose place and direction tell the class, and noise. */
export function digits(n: number): { x: { data: Uint8Array; shape: number[] }; y: Uint8Array } {
  const data = new Uint8Array(n * 64), y = new Uint8Array(n);
  let noise = 12345;
  for (let i = 0; i < n; i++) {
    const label = (i * 7) % 10, line = Math.floor(label / 2) + 1;
    y[i] = label;
    for (let p = 0; p < 64; p++) {
      noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
      const on = label % 2 === 0 ? p % 8 === line : Math.floor(p / 8) === line;
      data[i * 64 + p] = (on ? 180 : 20) + (noise >>> 26);
    }
  }
  return { x: { data, shape: [n, 8, 8] }, y };
}

export interface Outcome { readonly loss: number; readonly steps: number; readonly weights: readonly (readonly number[])[]; readonly losses: readonly number[] }

/** Trains and gives loss, number of steps done here, and the bits of all weights. `onStep` sees every step. */
export async function trainDigits(epochs: number, samples = 512, backup?: string, onStep: (epoch: number, step: number) => void | Promise<void> = () => undefined): Promise<Outcome> {
  const { x, y } = digits(samples);
  const model = sequential([
    layers.inputLayer({ shape: [8, 8] }), layers.rescaling(1 / 255), layers.flatten(), layers.dense(64, { activation: 'relu', name: 'hidden' }), layers.dropout(0.2, { name: 'drop' }),
    layers.dense(10, { activation: 'softmax', name: 'out' }),
  ], { seed: 42, name: 'digits' }).compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  let steps = 0, epoch = 0;
  const watch = new LambdaCallback({ onEpochBegin: (e) => { epoch = e; }, onTrainBatchEnd: (step) => { steps++; return onStep(epoch, step); } });
  const history = await model.fit(x, y, { epochs, batchSize: 50, verbose: 0, callbacks: [watch], ...(backup === undefined ? {} : { backup: { path: backup, saveFreq: 3 } }) });
  const losses = history.history['loss'] ?? [];
  return { loss: losses.at(-1) ?? NaN, steps, losses, weights: (await model.getWeights()).map((w) => [...new Uint32Array(w.buffer, w.byteOffset, w.length)]) };
}
