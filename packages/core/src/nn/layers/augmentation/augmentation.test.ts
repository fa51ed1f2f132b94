import { describe, expect, it } from 'vitest';
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { SeedGenerator } from '../../../tensor/random.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import { jit } from '../../../tensor/trace.ts';
import type { Layer } from '../../layer.ts';
import { checkLayer } from '../../testing/check-layer.ts';
import * as layers from '../index.ts';
import { Keys } from './base.ts';
import { symmetricBeta } from './beta.ts';

const gradient = (batch: number, height = 6, width = 8, channels = 3): Tensor => tensor(Float32Array.from({ length: batch * height * width * channels }, (_, i) => (i * 37) % 256), [batch, height, width, channels]);
const range = { valueRange: [0, 1] } as const;
const all: Record<string, () => Layer> = {
  autoContrast: () => layers.autoContrast(), equalization: () => layers.equalization(), randAugment: () => layers.randAugment(range), randomBrightness: () => layers.randomBrightness(0.2, range),
  randomColorDegeneration: () => layers.randomColorDegeneration(0.5), randomColorJitter: () => layers.randomColorJitter({ brightnessFactor: 0.1, contrastFactor: 0.2, saturationFactor: [0.4, 0.6], hueFactor: 0.1 }), randomContrast: () => layers.randomContrast(0.3),
  randomErasing: () => layers.randomErasing(), randomFlip: () => layers.randomFlip('horizontal'), randomGrayscale: () => layers.randomGrayscale(), randomHue: () => layers.randomHue(0.2), randomInvert: () => layers.randomInvert([0.9, 0.9]),
  randomPosterization: () => layers.randomPosterization([2, 6]), randomRotation: () => layers.randomRotation(0.1), randomSaturation: () => layers.randomSaturation(0.7), randomSharpness: () => layers.randomSharpness(0.6),
  randomShear: () => layers.randomShear({ xFactor: 0.3 }), randomTranslation: () => layers.randomTranslation(0.2, [-0.1, 0.3], { fillMode: 'constant' }), randomZoom: () => layers.randomZoom([-0.2, 0.4], { fillMode: 'wrap', interpolation: 'nearest' }), solarization: () => layers.solarization({ thresholdFactor: 0.5 }),
};

describe('augmentation layers', () => {
  it.each(Object.entries(all))('%s keeps the promises of layers', (_name, make) => {
    checkLayer(make, { inputs: [[5, 6, 3]], dtype: 'u8', output: [5, 6, 3], weights: 0 });
  });
  it.each(Object.entries(all).filter(([name]) => name !== 'autoContrast'))('%s disturbs images while training only, by the seed', (_name, make) => {
    const x = gradient(8), layer = make(), run = (seed: number): number[] => [...layer.apply(x, { training: true, seeds: new SeedGenerator(seed) }).dataSync()];
    expect([...layer.apply(x).dataSync()]).toEqual([...x.dataSync()]);
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual([...x.dataSync()]);
    expect(run(1)).not.toHaveLength(0);
  });
  it('a compiled step draws anew each time', () => {
    const layer = layers.randomRotation(0.5), seeds = new SeedGenerator(3), step = jit((x: Tensor) => at(layer.run([x], { training: true, seeds }), 0)), x = gradient(4);
    const first = [...step(x).dataSync()], second = [...step(x).dataSync()];
    expect(second).not.toEqual(first);
  });
  it('flips half of the images and leaves the others', () => {
    const x = gradient(400, 2, 3, 1), y = layers.randomFlip('horizontal').apply(x, { training: true, seeds: new SeedGenerator(1) }), mirrored = ops.flip(x, 2).dataSync(), own = x.dataSync(), got = y.dataSync();
    let flipped = 0;
    for (let i = 0; i < 400; i++) {
      const is = (other: ArrayLike<number>): boolean => Array.from({ length: 6 }, (_, j) => at(got, i * 6 + j) === at(other, i * 6 + j)).every(Boolean);
      if (is(mirrored)) flipped++; else expect(is(own)).toBe(true);
    }
    expect(flipped).toBeGreaterThan(150);
    expect(flipped).toBeLessThan(250);
  });
  it('crops a part that lies in the image, and the middle when not training', () => {
    checkLayer(() => layers.randomCrop(3, 4), { inputs: [[5, 6, 2]], output: [3, 4, 2], weights: 0 });
    const x = tensor(Float32Array.from({ length: 100 }, (_, i) => i), [1, 10, 10, 1]), crop = layers.randomCrop(4, 4), starts = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const part = crop.apply(x, { training: true, seeds: new SeedGenerator(seed) }).dataSync(), start = at(part, 0);
      starts.add(start);
      expect(at(part, 15)).toBe(start + 33);
      expect(start % 10).toBeLessThanOrEqual(6);
    }
    expect(starts.size).toBeGreaterThan(20);
    expect(at(crop.apply(x).dataSync(), 0)).toBe(33);
    expect(layers.randomCrop(12, 12).apply(x, { training: true }).shape).toEqual([1, 12, 12, 1]);
  });
  it('erases about the area that is asked for', () => {
    const x = ops.ones([200, 20, 20, 1]), y = layers.randomErasing([1, 1], { scale: [0.25, 0.25], fillValue: 0 }).apply(x, { training: true, seeds: new SeedGenerator(2) });
    const share = 1 - (at(ops.mean(y).dataSync(), 0));
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.3);
  });
  it('numbers of the beta distribution have its mean and variance', () => {
    for (const alpha of [0.2, 0.5, 1, 4]) {
      const draws = [...symmetricBeta(20000, alpha, new Keys(new SeedGenerator(9))).dataSync()], mean = draws.reduce((a, b) => a + b, 0) / draws.length, variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
      expect(mean).toBeCloseTo(0.5, 1.8);
      expect(variance / (1 / (4 * (2 * alpha + 1)))).toBeCloseTo(1, 1.3);
      expect(draws.every((d) => d >= 0 && d <= 1)).toBe(true);
    }
  });
  it('mix images and labels with the same weights', () => {
    const images = tensor(Float32Array.from({ length: 6 * 16 }, (_, i) => Math.floor(i / 16)), [6, 4, 4, 1]), labels = ops.oneHot(ops.arange(0, 6, 1, 'i32'), 6);
    for (const layer of [layers.mixUp({ alpha: 1 }), layers.cutMix()]) {
      const [x, y] = layer.applyAll([images, labels], { training: true, seeds: new SeedGenerator(4) }) as [Tensor, Tensor], rows = y.array() as number[][], pixels = x.dataSync();
      expect(x.shape).toEqual(images.shape);
      rows.forEach((row, i) => {
        expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
        if (layer instanceof layers.MixUp) expect(at(pixels, 16 * i)).toBeCloseTo(row.reduce((sum, w, k) => sum + w * k, 0), 4);
      });
      expect(layer.applyAll([images, labels])[1]?.array()).toEqual(labels.array());
      expect(() => layer.applyAll([images, ops.zeros([5, 6])], { training: true })).toThrow(/6 images but labels \[5, 6\]/);
    }
  });
  it('mix images alone too', () => { checkLayer(() => layers.mixUp(), { inputs: [[4, 4, 1]], output: [4, 4, 1], weights: 0, tolerance: 1e-4 }); });
  it('refuse what cannot be', () => {
    expect(() => layers.randomRotation(2)).toThrow(/factor 2 must be a number, or \[least, most\], within -1 and 1/);
    expect(() => layers.randomZoom(-1.5)).toThrow(/heightFactor -1.5/);
    expect(() => layers.randomFlip('sideways' as never)).toThrow(/'sideways' must be 'horizontal' or/);
    expect(() => layers.randomContrast(0.1, { valueRange: [1, 0] })).toThrow(/must be \[black, white\]/);
    expect(() => layers.randomHue(0.1, { name: 'hue' }).apply(gradient(1, 2, 2, 1), { training: true })).toThrow(/'hue' takes images with 3 channels/);
    expect(() => layers.randomFlip().apply(tensor([[1, 2]]))).toThrow(/takes \[batch, height, width, channels\], got \[1, 2\]/);
    expect(() => layers.mixUp({ alpha: 0 })).toThrow(/alpha 0 must be above 0/);
  });
});
