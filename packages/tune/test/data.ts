/** Small data that tests train on: classes around centres in 8 dimensions, with noise and, where asked, wrong labels. */
import { input, layers, optimizers, sequential, type Sequential } from '@limelight/core';
import { Random } from '../src/random.ts';

export interface Blobs { readonly x: { readonly data: Float32Array; readonly shape: readonly number[] }; readonly y: Uint8Array }
export function blobs(rows: number, options: { readonly seed?: number; readonly classes?: number; readonly spread?: number; readonly wrong?: number } = {}): Blobs {
  const { seed = 1, classes = 3, spread = 1, wrong = 0 } = options, width = 8, where = new Random(99), rng = new Random(seed, 7);
  const centres = Array.from({ length: classes * width }, () => 1.5 * where.normal()), data = new Float32Array(rows * width), y = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    const c = i % classes;
    y[i] = rng.uniform() < wrong ? rng.below(classes) : c;
    for (let k = 0; k < width; k++) data[i * width + k] = (centres[c * width + k] ?? 0) + spread * rng.normal();
  }
  return { x: { data, shape: [rows, width] }, y };
}
export const network = (seed: number, options: { readonly units?: number; readonly rate?: number; readonly classes?: number; readonly optimizer?: optimizers.Optimizer } = {}): Sequential =>
  sequential([input({ shape: [8] }), layers.dense(options.units ?? 8, { activation: 'relu' }), layers.dense(options.classes ?? 3, { activation: 'softmax' })], { seed })
    .compile({ optimizer: options.optimizer ?? optimizers.adam({ learningRate: options.rate ?? 0.01 }), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
