import { describe, expect, it } from 'vitest';
import { defaultDevice } from '../runtime/device.ts';
import * as layers from '../nn/layers/public.ts';
import type { Column } from './columns.ts';
import { paysToStay } from './resident.ts';
import { sequential, type Sequential } from './sequential.ts';

const ROWS = 2100, WIDTH = 600;
const column = (bytes: number): Column => ({ name: 'x', rows: 1, shape: [bytes], size: bytes, dtype: 'u8', data: new Uint8Array(bytes) });
/** A Buffer, as files are read. */
const images = Buffer.alloc(ROWS * WIDTH, 0);
for (let i = 0; i < images.length; i++) images[i] = (i * 2654435761) >>> 24;
const labels = Uint8Array.from({ length: ROWS }, (_, i) => i % 3), weights = Float32Array.from({ length: ROWS }, (_, i) => 1 + (i % 4));

function model(): Sequential {
  const made = sequential([layers.input({ shape: [20, 30], dtype: 'u8' }), layers.rescaling(1 / 255), layers.flatten(), layers.dense(8, { activation: 'relu' }), layers.dropout(0.3), layers.dense(3, { activation: 'softmax' })], { seed: 5 });
  return made.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
}
const x = { data: images, shape: [ROWS, 20, 30] };
const options = { batchSize: 64, verbose: 0, sampleWeight: weights } as const;

describe('columns on the device', () => {
  it('pay for data of middling size and several epochs', () => {
    expect(paysToStay([column(2 << 20)], 2)).toBe(true);
    expect(paysToStay([column(2 << 20)], 1)).toBe(false);
    expect(paysToStay([column(1000)], 5)).toBe(false);
    expect(paysToStay([column(40 << 20), column(30 << 20)], 5)).toBe(false);
  });

  it('train to the same bits as batches that the host collects, also with a short last batch', async () => {
    const stays = model(), collects = model();
    expect(paysToStay([column(images.length)], 3)).toBe(true);
    const history = await stays.fit(x, labels, { ...options, epochs: 3 });
    // epoch by epoch nothing stays
    const losses: number[] = [];
    for (let epoch = 0; epoch < 3; epoch++) losses.push(...((await collects.fit(x, labels, { ...options, epochs: epoch + 1, initialEpoch: epoch })).history['loss'] ?? []));
    expect(history.history['loss']).toEqual(losses);
    for (const [i, weight] of stays.weights.entries()) expect(weight.read()).toEqual(collects.weights[i]?.read());
  });

  it('give their memory back, also when training is broken off, and can be used again', async () => {
    const one = model(), stop = { onEpochEnd: (epoch: number) => { if (epoch === 1) throw new Error('enough'); } };
    await one.fit(x, labels, { ...options, epochs: 2 });
    const before = defaultDevice().memory();
    for (let i = 0; i < 3; i++) await one.fit(x, labels, { ...options, epochs: 2 });
    await expect(one.fit(x, labels, { ...options, epochs: 3, callbacks: [stop] })).rejects.toThrow('enough');
    expect(defaultDevice().memory()).toEqual(before);
  });
});
