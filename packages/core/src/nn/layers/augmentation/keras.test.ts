/** Augmentation against Keras where nothing is left to chance. */
import { describe, expect, it } from 'vitest';
import { expectClose, golden } from '../../../base/testing/golden.ts';
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { SeedGenerator } from '../../../tensor/random.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import { jit } from '../../../tensor/trace.ts';
import { layerFromConfig } from '../../registry.ts';
import type { Config } from '../../registry-table.ts';
import * as layers from '../index.ts';
import { contrasted, hueShifted, solarized } from './colors.ts';
import { perspective } from './randomPerspective.ts';
import { sample } from './sample.ts';
import { warp, type FillMode } from './warp.ts';

interface Numbers { readonly shape: readonly number[]; readonly data: readonly number[] }
interface Places { readonly fillMode: FillMode; readonly interpolation: 'nearest' | 'bilinear'; readonly fillValue: number; readonly input: string; readonly result: Numbers }
interface Golden {
  readonly inputs: Readonly<Record<string, Numbers>>;
  readonly perspectives: readonly (Omit<Places, 'fillMode'> & { readonly corners: readonly (readonly number[])[] })[];
  readonly samples: { readonly x: Numbers; readonly y: Numbers; readonly cases: readonly Places[] };
  readonly boxes: { readonly boxes: Numbers; readonly labels: Numbers; readonly cases: readonly { readonly maxNumber: number; readonly fillValue: number; readonly boxes: Numbers; readonly labels: Numbers }[] };
  readonly layers: readonly { readonly name: string; readonly className: string; readonly config: Config; readonly input: string; readonly result: Numbers }[];
  readonly warps: readonly { readonly fillMode: FillMode; readonly interpolation: 'nearest' | 'bilinear'; readonly fillValue: number; readonly matrices: Numbers; readonly input: string; readonly result: Numbers }[];
  readonly colors: readonly { readonly name: string; readonly input: string; readonly factors: readonly (readonly number[])[]; readonly result: Numbers }[];
}
const fixture = golden<Golden>('keras-augmentation'), toTensor = (a: Numbers): Tensor => tensor(Float32Array.from(a.data), a.shape);
const inputOf = (name: string): Tensor => toTensor(fixture.inputs[name] as Numbers);
const near = { relative: 1e-5, absolute: 5e-3 };
const images = ['RandomBrightness', 'RandomTranslation', 'RandomRotation', 'RandomZoom', 'RandomColorDegeneration', 'RandomSharpness', 'RandomPosterization', 'RandomInvert', 'RandomGrayscale', 'AutoContrast', 'Equalization', 'RandomSaturation', 'Solarization', 'RandomGaussianBlur', 'RandomPerspective', 'RandomElasticTransform', 'ContrastLimitedAdaptiveHistogramEqualization'];

describe('augmentation', () => {
  it.each(fixture.layers)('equals Keras: $name', ({ name, className, config, input, result }) => {
    expect(images).toContain(className);
    const layer = layerFromConfig({ className, config }), x = inputOf(input), run = (own: Tensor): Tensor => at(layer.run([own], { training: true, seeds: new SeedGenerator(5) }), 0);
    expectClose(run(x).dataSync(), result.data, near, name);
    expectClose(jit(run)(x).dataSync(), result.data, near, `${name}, compiled`);
  });
  it.each(fixture.warps)('affine images equal Keras: $fillMode, $interpolation', ({ fillMode, interpolation, fillValue, matrices, input, result }) => {
    const part = (i: number): Tensor => tensor(Float32Array.from([0, 1], (b) => at(matrices.data, b * 8 + i)), [2, 1, 1, 1]);
    const run = (x: Tensor): Tensor => warp(x, { x: [part(0), part(1), part(2)], y: [part(3), part(4), part(5)] }, { fillMode, interpolation, fillValue });
    expectClose(run(inputOf(input)).dataSync(), result.data, near, fillMode);
    expectClose(jit(run)(inputOf(input)).dataSync(), result.data, near, `${fillMode}, compiled`);
  });
  it.each(fixture.perspectives)('views in perspective equal Keras: $interpolation', ({ interpolation, fillValue, corners, input, result }) => {
    const part = (i: number): Tensor => tensor(Float32Array.from(corners, (own) => at(own, i)), [2, 1, 1, 1]), x = inputOf(input);
    const run = (images: Tensor): Tensor => warp(images, perspective(part(0), part(1), [part(2), part(3)], at(x.shape, 1), at(x.shape, 2)), { fillMode: 'constant', interpolation, fillValue });
    expectClose(run(x).dataSync(), result.data, near, interpolation);
    expectClose(jit(run)(x).dataSync(), result.data, near, `${interpolation}, compiled`);
  });
  it.each(fixture.samples.cases)('images read at any places equal Keras: $fillMode, $interpolation', ({ input, result, ...options }) => {
    const places = [fixture.samples.x, fixture.samples.y].map((a) => ops.expandDims(toTensor(a), -1)) as [Tensor, Tensor], run = (x: Tensor): Tensor => sample(x, ...places, options);
    expectClose(run(inputOf(input)).dataSync(), result.data, near, options.fillMode);
    expectClose(jit(run)(inputOf(input)).dataSync(), result.data, near, `${options.fillMode}, compiled`);
  });
  it.each(fixture.boxes.cases)('boxes equal Keras: $maxNumber, filled with $fillValue', ({ maxNumber, fillValue, ...wanted }) => {
    const layer = layers.maxNumBoundingBoxes(maxNumber, { fillValue }), given = [toTensor(fixture.boxes.boxes), ops.cast(toTensor(fixture.boxes.labels), 'i32')], images = ops.ones([2, 4, 4, 3]);
    for (const run of [(xs: Tensor[]) => layer.applyAll(xs), jit((xs: Tensor[]) => [...layer.applyAll(xs)])]) {
      const [boxes, labels] = run(given);
      expect([boxes?.shape, labels?.shape, labels?.dtype]).toEqual([wanted.boxes.shape, wanted.labels.shape, 'i32']);
      expectClose(boxes?.dataSync() ?? [], wanted.boxes.data);
      expectClose(labels?.dataSync() ?? [], wanted.labels.data);
    }
    expect(layers.maxNumBoundingBoxes(maxNumber).applyAll([images, ...given]).map((t) => t.shape)).toEqual([images.shape, wanted.boxes.shape, wanted.labels.shape]);
  });
  it.each(fixture.colors)('colours equal Keras: $name', ({ name, input, factors, result }) => {
    const [a, b] = factors.map((f) => tensor(Float32Array.from(f), [2, 1, 1, 1])) as [Tensor, Tensor], x = inputOf(input);
    const y = name === 'contrasted' ? contrasted(x, a, [0, 255]) : name === 'hueShifted' ? hueShifted(x, a, [0, 1]) : solarized(x, a, b, [0, 255]);
    expectClose(y.dataSync(), result.data, name === 'hueShifted' ? { absolute: 1e-5 } : near, name);
  });
});
