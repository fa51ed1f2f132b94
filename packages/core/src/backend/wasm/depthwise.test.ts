/**
 * Depthwise convolutions, which have a kernel of their own, against the reference backend and against sums by the definition: results and both gradients; the same
 * bits on one thread and on two.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { expectClose } from '../../base/testing/golden.ts';
import { at } from '../../base/shape.ts';
import { createDevice, withDevice, type Device } from '../../runtime/device.ts';
import * as ops from '../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../tensor/tensor.ts';
import { jit, valueAndGrad } from '../../tensor/trace.ts';

interface Case { readonly x: readonly number[]; readonly window: readonly number[]; readonly multiplier?: number; readonly strides?: readonly number[]; readonly dilation?: readonly number[]; readonly padding?: 'same' }
const cases: readonly Case[] = [
  { x: [2, 9, 8, 3], window: [3, 3] }, { x: [2, 9, 8, 5], window: [3, 3], padding: 'same' }, { x: [1, 12, 11, 17], window: [5, 3], padding: 'same' }, { x: [3, 7, 7, 64], window: [3, 3] },
  { x: [2, 9, 8, 7], window: [3, 3], strides: [2, 2] }, { x: [2, 10, 11, 33], window: [3, 3], strides: [2, 3], padding: 'same' }, { x: [1, 8, 8, 4], window: [1, 1], strides: [2, 2] },
  { x: [2, 11, 9, 3], window: [3, 3], dilation: [2, 2] }, { x: [1, 11, 12, 19], window: [3, 2], dilation: [3, 1], padding: 'same' },
  { x: [2, 8, 7, 3], window: [3, 3], multiplier: 2 }, { x: [2, 8, 9, 5], window: [3, 3], multiplier: 3, strides: [2, 2], padding: 'same' }, { x: [1, 9, 9, 3], window: [2, 2], multiplier: 2, dilation: [2, 2] },
  { x: [2, 21, 13], window: [5] }, { x: [2, 21, 6], window: [4], strides: [3], padding: 'same' }, { x: [1, 5, 6, 5, 3], window: [2, 3, 2], padding: 'same' }, { x: [2, 16, 16, 3], window: [8, 8] },
  // enough work for two threads
  { x: [1, 32, 31, 37], window: [3, 3], padding: 'same' }, { x: [1, 41, 40, 30], window: [3, 3], strides: [2, 2], padding: 'same' }, { x: [1, 30, 20, 21], window: [3, 3], multiplier: 2, padding: 'same' },
];
const wave = (shape: readonly number[], step: number): Tensor => tensor(Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => Math.sin(i * step + 0.3)), shape);

/** Result, gradient by the input and by the kernel. */
function numbers({ x, window, multiplier = 1, strides = [1], dilation = [1], padding }: Case): readonly Float32Array[] {
  const channels = at(x, -1), kernel = wave([...window, 1, channels * multiplier], 0.7), each = (list: readonly number[]): number[] => window.map((_, i) => list[i] ?? at(list, 0));
  const conv = (a: Tensor, k: Tensor): Tensor => ops.conv(a, k, { strides: each(strides), dilation: each(dilation), padding: padding ?? 'valid', groups: channels });
  const step = jit((a: Tensor, k: Tensor) => {
    const y = conv(a, k), weighted = ([own, ker]: readonly Tensor[]): Tensor => { const out = conv(own as Tensor, ker as Tensor); return ops.sum(ops.multiply(out, ops.reshape(ops.sin(ops.arange(0, out.size)), out.shape))); };
    return { y, grad: valueAndGrad((both: Tensor[]) => weighted(both))([a, k]).grad };
  });
  const { y, grad } = step(wave(x, 0.37), kernel);
  return [y, ...grad].map((t) => Float32Array.from(t.dataSync()));
}
/** The same by the definition, in f64: each product of an element and a tap goes where it belongs. */
function byDefinition({ x, window, multiplier = 1, strides = [1], dilation = [1], padding }: Case, places: number): readonly Float64Array[] {
  const channels = at(x, -1), inside = x.slice(1, -1), each = (list: readonly number[], i: number): number => list[i] ?? at(list, 0);
  const axes = inside.map((n, i) => {
    const stride = each(strides, i), gap = each(dilation, i), taps = at(window, i), reach = (taps - 1) * gap + 1, count = padding === 'same' ? Math.ceil(n / stride) : Math.floor((n - reach) / stride) + 1;
    return { n, stride, gap, taps, count, low: padding === 'same' ? Math.floor(Math.max(0, (count - 1) * stride + reach - n) / 2) : 0 };
  });
  const width = channels * multiplier, samples = at(x, 0), data = wave(x, 0.37).dataSync(), kernel = wave([...window, 1, width], 0.7).dataSync();
  const y = new Float64Array(places), gradX = new Float64Array(data.length), gradKernel = new Float64Array(kernel.length);
  const visit = (axis: number, from: number, to: number, tap: number): void => {
    if (axis === axes.length) {
      for (let c = 0; c < width; c++) {
        const source = from * channels + Math.floor(c / multiplier), target = to * width + c, k = tap * width + c, weight = Math.sin(target);
        y[target] = at(y, target) + at(data, source) * at(kernel, k);
        gradX[source] = at(gradX, source) + weight * at(kernel, k);
        gradKernel[k] = at(gradKernel, k) + weight * at(data, source);
      }
      return;
    }
    const { n, stride, gap, taps, count, low } = at(axes, axis);
    for (let o = 0; o < count; o++) for (let t = 0; t < taps; t++) { const i = o * stride + t * gap - low; if (i >= 0 && i < n) visit(axis + 1, from * n + i, to * count + o, tap * taps + t); }
  };
  for (let sample = 0; sample < samples; sample++) visit(0, sample, sample, 0);
  return [y, gradX, gradKernel];
}
const devices: Device[] = [], device = (options: Parameters<typeof createDevice>[0]): Device => { const made = createDevice(options); devices.push(made); return made; };
afterAll(async () => { for (const own of devices) await own.close(); });

describe('depthwise convolutions', () => {
  const reference = device({ backend: 'reference' }), one = device({ threads: 1 }), two = device({ threads: 2 });
  it.each(cases)('$x, window $window, multiplier $multiplier, strides $strides, dilation $dilation, $padding', async (own) => {
    const single = withDevice(one, () => numbers(own)), places = at(single, 0).length, oracles: readonly (readonly ArrayLike<number>[])[] = [byDefinition(own, places), ...(own.x.reduce((n, d) => n * d, 1) < 2000 ? [withDevice(reference, () => numbers(own))] : [])];
    for (const wanted of oracles) {
      ['result', 'gradient by the input', 'gradient by the kernel'].forEach((what, i) => {
        // a kernel's gradient is a sum over all places
        expectClose(at(single, i), at(wanted, i), { relative: 1e-5, absolute: i === 2 ? 1e-6 * Math.sqrt(places) : 3e-6 }, what);
      });
    }
    // the second thread comes when it is ready
    for (let run = 0; run < 3; run++) {
      expect(withDevice(two, () => numbers(own))).toEqual(single);
      await new Promise((resolve) => { setTimeout(resolve, 15); });
    }
  });
});
