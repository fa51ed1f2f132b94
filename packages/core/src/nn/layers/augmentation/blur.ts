/** Gaussian blur, as wide as is drawn for each image. Weights are those of Keras's `gaussian_blur`: they add up to 1, and beyond the border there are zeros. */
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';

/** Up to so many neighbours are added one by one; more are a product with a matrix. */
const FEW = 9;

/** Weights of `taps` neighbours (odd) by their distance from the middle one, [batch, taps]; beyond `reach` none. Deviation and reach in pixels, one for each image. */
export function gaussian(taps: number, deviation: Tensor, reach: Tensor | null = null): Tensor {
  const own = (t: Tensor): Tensor => ops.reshape(t, [t.size, 1]), distance = tensor(Float32Array.from({ length: taps }, (_, i) => i - (taps - 1) / 2));
  const bell = ops.exp(ops.multiply(ops.square(ops.divide(distance, own(deviation))), -0.5));
  const kept = reach === null ? bell : ops.where(ops.lessEqual(ops.abs(distance), own(reach)), bell, 0);
  return ops.divide(kept, ops.sum(kept, 1, true));
}
/** Images [batch, height, width, channels] with each pixel made of its neighbours along one axis (1: down, 2: across), by weights [batch, taps]. */
export function blurred(images: Tensor, axis: 1 | 2, weights: Tensor): Tensor {
  const [batch, taps] = weights.shape as readonly [number, number], half = (taps - 1) / 2, n = at(images.shape, axis);
  if (taps <= FEW) {
    const padded = ops.pad(images, images.shape.map((_, i) => (i === axis ? [half, half] : [0, 0])));
    const parts = Array.from({ length: taps }, (_, i) => ops.multiply(ops.slice(padded, ...images.shape.map((_d, k) => (k === axis ? [i, i + n] as const : null))), ops.reshape(ops.slice(weights, null, [i, i + 1]), [batch, 1, 1, 1])));
    return parts.reduce((a, b) => ops.add(a, b));
  }
  const place = ops.arange(0, n, 1, 'i32'), distance = ops.subtract(place, ops.reshape(place, [n, 1]));
  const band = ops.take(weights, ops.reshape(ops.clip(ops.add(distance, half), 0, taps - 1), [n * n]), 1);
  const matrix = ops.where(ops.lessEqual(ops.abs(distance), half), ops.reshape(band, [batch, n, n]), 0);
  return ops.einsum(axis === 1 ? 'bij,bjwc->biwc' : 'bij,bhjc->bhic', matrix, images);
}
