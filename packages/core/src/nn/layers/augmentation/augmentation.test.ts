import { describe, expect, it } from 'vitest';
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { SeedGenerator } from '../../../tensor/random.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import { jit } from '../../../tensor/trace.ts';
import type { Layer } from '../../layer.ts';
import { checkLayer } from '../../testing/check-layer.ts';
import * as layers from '../index.ts';
import { expectClose } from '../../../base/testing/golden.ts';
import { Keys } from './base.ts';
import { symmetricBeta } from './beta.ts';
import { blurred, gaussian } from './blur.ts';

const gradient = (batch: number, height = 6, width = 8, channels = 3): Tensor => tensor(Float32Array.from({ length: batch * height * width * channels }, (_, i) => (i * 37) % 256), [batch, height, width, channels]);
const range = { valueRange: [0, 1] } as const;
const all: Record<string, () => Layer> = {
  augMix: () => layers.augMix({ chainDepth: 2 }), autoContrast: () => layers.autoContrast(), contrastLimitedAdaptiveHistogramEqualization: () => layers.contrastLimitedAdaptiveHistogramEqualization({ tileGridSize: [2, 3] }), equalization: () => layers.equalization(), randAugment: () => layers.randAugment(range), randomBrightness: () => layers.randomBrightness(0.2, range),
  randomColorDegeneration: () => layers.randomColorDegeneration(0.5), randomColorJitter: () => layers.randomColorJitter({ brightnessFactor: 0.1, contrastFactor: 0.2, saturationFactor: [0.4, 0.6], hueFactor: 0.1 }), randomContrast: () => layers.randomContrast(0.3),
  randomElasticTransform: () => layers.randomElasticTransform(), randomGaussianBlur: () => layers.randomGaussianBlur([0.8, 1], { kernelSize: [5, 3] }), randomPerspective: () => layers.randomPerspective(1, { scale: 0.5, interpolation: 'nearest' }), randomErasing: () => layers.randomErasing(), randomFlip: () => layers.randomFlip('horizontal'), randomGrayscale: () => layers.randomGrayscale(), randomHue: () => layers.randomHue(0.2), randomInvert: () => layers.randomInvert([0.9, 0.9]),
  randomPosterization: () => layers.randomPosterization([2, 6]), randomRotation: () => layers.randomRotation(0.1), randomSaturation: () => layers.randomSaturation(0.7), randomSharpness: () => layers.randomSharpness(0.6),
  randomShear: () => layers.randomShear({ xFactor: 0.3 }), randomTranslation: () => layers.randomTranslation(0.2, [-0.1, 0.3], { fillMode: 'constant' }), randomZoom: () => layers.randomZoom([-0.2, 0.4], { fillMode: 'wrap', interpolation: 'nearest' }), solarization: () => layers.solarization({ thresholdFactor: 0.5 }),
};

describe('augmentation layers', () => {
  it.each(Object.entries(all))('%s keeps the promises of layers', (_name, make) => {
    checkLayer(make, { inputs: [[5, 6, 3]], dtype: 'u8', output: [5, 6, 3], weights: 0 });
  });
  it.each(Object.entries(all).filter(([name]) => !['autoContrast', 'contrastLimitedAdaptiveHistogramEqualization'].includes(name)))('%s disturbs images while training only, by the seed', (_name, make) => {
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
  it('blurs about as many images as are asked for, and keeps their means', () => {
    const x = tensor(Float32Array.from({ length: 200 * 64 }, (_, i) => (i % 64 === 27 ? 200 : 20)), [200, 8, 8, 1]), y = layers.randomGaussianBlur([0.3, 0.3], { sigma: [0.9, 0.9] }).apply(x, { training: true, seeds: new SeedGenerator(8) }), own = y.dataSync();
    const blurredImages = Array.from({ length: 200 }, (_, i) => at(own, 64 * i + 27) < 199).filter(Boolean).length;
    expect(blurredImages).toBeGreaterThan(40);
    expect(blurredImages).toBeLessThan(80);
    const middle = ops.slice(y, null, [1, 7], [1, 7], null), wanted = ops.slice(x, null, [1, 7], [1, 7], null);
    expect(Math.abs(at(ops.mean(middle).dataSync(), 0) - at(ops.mean(wanted).dataSync(), 0))).toBeLessThan(1);
  });
  it('one by one and with a matrix neighbours weigh the same', () => {
    const x = gradient(2, 7, 9, 2), deviation = tensor(Float32Array.of(0.8, 2.5), [2, 1, 1, 1]), seven = gaussian(7, deviation), padded = ops.pad(seven, [[0, 0], [2, 2]]);
    for (const axis of [1, 2] as const) expectClose(blurred(x, axis, padded).dataSync(), blurred(x, axis, seven).dataSync(), { absolute: 1e-3 });
    expectClose(gaussian(7, deviation, tensor(Float32Array.of(0, 3), [2, 1, 1, 1])).dataSync(), [0, 0, 0, 1, 0, 0, 0, ...seven.dataSync().slice(7)]);
  });
  it('elastic transforms move pixels as far as the strength says, smoothly, and images apart', () => {
    // an image that is its own columns, and one that is its rows, show where pixels come from
    const size = 60, columns = tensor(Float32Array.from({ length: 8 * size * size }, (_, i) => i % size), [8, size, size, 1]), rows = ops.transpose(columns, [0, 2, 1, 3]);
    const move = (x: Tensor, scale: number): number[] => { const y = layers.randomElasticTransform([1, 1], { scale: [scale, scale], fillMode: 'nearest' }).apply(x, { training: true, seeds: new SeedGenerator(6) }); return [...ops.subtract(y, x).dataSync()]; };
    const spreadOf = (list: readonly number[]): number => Math.sqrt(list.reduce((sum, v) => sum + v * v, 0) / list.length), across = move(columns, 1), down = move(rows, 1);
    // noise of deviation σ, blurred over σ pixels in both directions, has about σ · 1/(2σ√π), times 0.1 · size
    expect(spreadOf(across)).toBeGreaterThan(0.5 * 6 / (2 * Math.sqrt(Math.PI)));
    expect(spreadOf(across)).toBeLessThan(1.3 * 6 / (2 * Math.sqrt(Math.PI)));
    expect(spreadOf(across.slice(1).map((v, i) => v - at(across, i)).filter((_, i) => (i + 1) % size !== 0))).toBeLessThan(0.5 * spreadOf(across));
    expect(spreadOf(move(columns, 0.4))).toBeLessThan(0.6 * spreadOf(across));
    const product = across.reduce((sum, v, i) => sum + v * at(down, i), 0) / across.length / spreadOf(across) / spreadOf(down);
    expect(Math.abs(product)).toBeLessThan(0.3);
    expect(across.slice(0, size * size)).not.toEqual(across.slice(size * size, 2 * size * size));
  });
  it('in perspective the upper left corner stays, and the others move by half of the scale at most', () => {
    const x = ops.ones([40, 9, 9, 1]), y = layers.randomPerspective([1, 1], { scale: 0.4, fillValue: -1 }).apply(x, { training: true, seeds: new SeedGenerator(3) }).dataSync(), inside = Array.from({ length: 40 }, (_, i) => y.slice(81 * i, 81 * i + 81).filter((v) => v > 0).length);
    for (let i = 0; i < 40; i++) expect(at(y, 81 * i)).toBe(1);
    expect(Math.min(...inside)).toBeLessThan(81);
    expect(Math.min(...inside)).toBeGreaterThan(0.6 * 0.6 * 81);
    expect(new Set(inside).size).toBeGreaterThan(5);
  });
  it('AugMix gives each image its own mean of chains, within the range of values', () => {
    const one = gradient(1, 8, 8, 3), x = ops.tile(one, [12, 1, 1, 1]), y = layers.augMix({ factor: 0.6 }).apply(x, { training: true, seeds: new SeedGenerator(2) }), rows = ops.reshape(y, [12, 192]).array() as number[][];
    expect(new Set(rows.map((row) => row.map((v) => v.toFixed(1)).join())).size).toBeGreaterThan(9);
    rows.flat().forEach((v) => { expect(v).toBeGreaterThanOrEqual(0); expect(v).toBeLessThanOrEqual(255); });
    // near to the image where its own weight is near to 1: alpha draws weights about 0.5 when it is large
    const apart = (alpha: number): number[] => { const own = layers.augMix({ alpha, chainDepth: 1 }).apply(x, { training: true, seeds: new SeedGenerator(4) }); return [...ops.mean(ops.abs(ops.subtract(own, x)), [1, 2, 3]).dataSync()].sort((a, b) => a - b); };
    expect(at(apart(0.05), 2)).toBeLessThan(1);
    expect(at(apart(50), 6)).toBeGreaterThan(1);
    checkLayer(() => layers.augMix({ allOps: false, numChains: 2, chainDepth: 1, valueRange: [0, 1] }), { inputs: [[6, 6, 1]], output: [6, 6, 1], weights: 0, tolerance: 1e-4 });
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
    expect(() => layers.augMix({ alpha: 0 })).toThrow(/alpha 0 must be above 0/);
    expect(() => layers.augMix({ numChains: 0 })).toThrow(/numChains 0 must be a whole number of at least 1/);
    expect(() => layers.randomGaussianBlur(1, { kernelSize: 4 })).toThrow(/kernelSize 4 must be an odd whole number, or two of them/);
    expect(() => layers.randomGaussianBlur(1, { sigma: 2 })).toThrow(/sigma 2 must be a number/);
    expect(() => layers.randomPerspective(1, { scale: 1.5 })).toThrow(/scale 1.5 must be within 0 and 1/);
    expect(() => layers.randomElasticTransform(1, { scale: [0, 2] })).toThrow(/scale \[0,2\] must be a number, or \[least, most\], within 0 and 1/);
    expect(() => layers.contrastLimitedAdaptiveHistogramEqualization({ tileGridSize: [0, 2] })).toThrow(/tileGridSize \[0,2\] must be two whole numbers/);
    expect(() => layers.contrastLimitedAdaptiveHistogramEqualization({ name: 'clahe' }).apply(gradient(1, 3, 3, 1))).toThrow(/'clahe': images \[1, 3, 3, 1\] are too small for 8 × 8 tiles/);
    expect(() => layers.maxNumBoundingBoxes(0)).toThrow(/maxNumber 0 must be/);
    expect(() => layers.maxNumBoundingBoxes(2, { name: 'boxes' }).applyAll([ops.ones([1, 3, 4]), ops.ones([1, 2])])).toThrow(/'boxes': boxes \[\?, 3, 4\] and labels \[\?, 2\] must be equally many|'boxes': boxes \[1, 3, 4\] and labels \[1, 2\] must be equally many/);
    expect(() => layers.maxNumBoundingBoxes(2, { name: 'boxes' }).apply(ops.ones([1, 3, 4]))).toThrow(/'boxes' takes boxes \[batch, n, 4\] and labels \[batch, n\]/);
  });
});
