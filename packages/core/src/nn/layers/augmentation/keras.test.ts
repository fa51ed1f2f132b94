/** Augmentation against Keras where nothing is left to chance. */
import { describe, expect, it } from 'vitest';
import { expectClose, golden } from '../../../base/testing/golden.ts';
import { at } from '../../../base/shape.ts';
import { SeedGenerator } from '../../../tensor/random.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import { jit } from '../../../tensor/trace.ts';
import { layerFromConfig } from '../../registry.ts';
import type { Config } from '../../registry-table.ts';
import { contrasted, hueShifted, solarized } from './colors.ts';
import { warp, type FillMode } from './warp.ts';

interface Numbers { readonly shape: readonly number[]; readonly data: readonly number[] }
interface Golden {
  readonly layers: readonly { readonly name: string; readonly className: string; readonly config: Config; readonly input: Numbers; readonly result: Numbers }[];
  readonly warps: readonly { readonly fillMode: FillMode; readonly interpolation: 'nearest' | 'bilinear'; readonly fillValue: number; readonly matrices: Numbers; readonly input: Numbers; readonly result: Numbers }[];
  readonly colors: readonly { readonly name: string; readonly input: Numbers; readonly factors: readonly (readonly number[])[]; readonly result: Numbers }[];
}
const fixture = golden<Golden>('keras-augmentation'), toTensor = (a: Numbers): Tensor => tensor(Float32Array.from(a.data), a.shape);
const near = { relative: 1e-5, absolute: 5e-3 };
const images = ['RandomBrightness', 'RandomTranslation', 'RandomRotation', 'RandomZoom', 'RandomColorDegeneration', 'RandomSharpness', 'RandomPosterization', 'RandomInvert', 'RandomGrayscale', 'AutoContrast', 'Equalization', 'RandomSaturation', 'Solarization'];

describe('augmentation', () => {
  it.each(fixture.layers)('equals Keras: $name', ({ name, className, config, input, result }) => {
    expect(images).toContain(className);
    const layer = layerFromConfig({ className, config }), x = toTensor(input), run = (own: Tensor): Tensor => at(layer.run([own], { training: true, seeds: new SeedGenerator(5) }), 0);
    expectClose(run(x).dataSync(), result.data, near, name);
    expectClose(jit(run)(x).dataSync(), result.data, near, `${name}, compiled`);
  });
  it.each(fixture.warps)('affine images equal Keras: $fillMode, $interpolation', ({ fillMode, interpolation, fillValue, matrices, input, result }) => {
    const part = (i: number): Tensor => tensor(Float32Array.from([0, 1], (b) => at(matrices.data, b * 8 + i)), [2, 1, 1, 1]);
    const run = (x: Tensor): Tensor => warp(x, { x: [part(0), part(1), part(2)], y: [part(3), part(4), part(5)] }, { fillMode, interpolation, fillValue });
    expectClose(run(toTensor(input)).dataSync(), result.data, near, fillMode);
    expectClose(jit(run)(toTensor(input)).dataSync(), result.data, near, `${fillMode}, compiled`);
  });
  it.each(fixture.colors)('colours equal Keras: $name', ({ name, input, factors, result }) => {
    const [a, b] = factors.map((f) => tensor(Float32Array.from(f), [2, 1, 1, 1])) as [Tensor, Tensor], x = toTensor(input);
    const y = name === 'contrasted' ? contrasted(x, a, [0, 255]) : name === 'hueShifted' ? hueShifted(x, a, [0, 1]) : solarized(x, a, b, [0, 255]);
    expectClose(y.dataSync(), result.data, name === 'hueShifted' ? { absolute: 1e-5 } : near, name);
  });
});
