import { initializers, input, layers, model, sequential } from '@limelight/core';
import { describe, expect, it } from 'vitest';
import { gradCam } from './gradCam.ts';
import { resize } from './resize.ts';

const ones = initializers.ones();
describe('gradCam', () => {
  // one map that copies the image, one that negates it; the class adds up the first and takes off the second
  const copying = sequential([
    input({ shape: [6, 6, 1] }), layers.conv2d(2, 1, { name: 'maps', kernelInitializer: ones }), layers.globalAveragePooling2d(), layers.dense(2, { activation: 'softmax', name: 'class', kernelInitializer: ones }),
  ]);
  copying.setWeights([Float32Array.of(1, -1), new Float32Array(2), Float32Array.of(1, 0, 0, 1), new Float32Array(2)]);
  const image = new Float32Array(36);
  image[2 * 6 + 3] = 5;

  it('is the closed form of a network of one convolution: ReLU of the weighed maps', async () => {
    const found = await gradCam(copying, image, { target: 0 }), values = found.values.dataSync();
    expect(found.values.shape).toEqual([6, 6, 1]);
    expect(values[15]).toBeCloseTo(5 / 36, 6); // gradient of the mean 1/36 times 5
    expect(Math.max(...values.filter((_, i) => i !== 15))).toBe(0);
    expect((await gradCam(copying, image, { target: 1 })).values.dataSync().every((v) => v === 0)).toBe(true); // nothing speaks for it
    expect(found.details['layer']).toBe('maps');
  });
  it('enlarges small maps to the input, also in one dimension and with channels first', async () => {
    const signal = sequential([input({ shape: [12, 2] }), layers.conv1d(3, 3, { strides: 3 }), layers.flatten(), layers.dense(2)], { seed: 1 });
    expect((await gradCam(signal, new Float32Array(24).fill(1))).values.shape).toEqual([12, 2]);
    const first = sequential([input({ shape: [8, 8, 1] }), layers.permute([3, 1, 2]), layers.conv2d(3, 3, { dataFormat: 'channelsFirst' }), layers.flatten(), layers.dense(2)], { seed: 1 });
    expect((await gradCam(first, new Float32Array(64).fill(1))).values.shape).toEqual([8, 8, 1]);
  });
  it('looks into models inside models', async () => {
    const inner = sequential([input({ shape: [6, 6, 1] }), layers.conv2d(2, 3, { name: 'deep' })]), x = input({ shape: [6, 6, 1] });
    const net = model({ inputs: x, outputs: layers.dense(2).apply(layers.flatten().apply(inner.apply(x))) });
    expect((await gradCam(net, image)).details['layer']).toBe('deep');
  });
  it('refuses layers that are unknown or have no maps, and models without convolutions', async () => {
    await expect(gradCam(copying, image, { layer: 'map' })).rejects.toThrow(/Unknown layer 'map'\. Did you mean 'maps'\?/);
    await expect(gradCam(copying, image, { layer: 'class' })).rejects.toThrow(/layer 'class' gives \[\?, 2\]: no map of places.*maps/);
    await expect(gradCam(sequential([input({ shape: [3] }), layers.dense(2)]), [1, 2, 3])).rejects.toThrow(/has no convolution/);
  });
});
describe('resize', () => {
  it('reads between the middles of places', () => { expect([...resize([0, 4], [2], [4])]).toEqual([0, 1, 3, 4]); });
  it('keeps what has its size', () => { expect([...resize([1, 2, 3, 4], [2, 2], [2, 2])]).toEqual([1, 2, 3, 4]); });
});
