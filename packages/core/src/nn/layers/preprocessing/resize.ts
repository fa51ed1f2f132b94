/** Changing the size of images: rows and columns are weighted sums of the old ones, as TensorFlow's image resizing makes them. */
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import { CURVES, type Interpolation } from '../reshaping/curves.ts';

/** [to, from]: each row the weights of the old pixels in a new one. `antialias`: when it gets smaller the curve is as wide as the new pixels. */
function weights(from: number, to: number, interpolation: Exclude<Interpolation, 'nearest'>, antialias: boolean): Tensor {
  const [radius, weight] = CURVES[interpolation], matrix = new Float32Array(to * from), scale = from / to, width = antialias ? Math.max(1, scale) : 1;
  for (let row = 0; row < to; row++) {
    const middle = (row + 0.5) * scale - 0.5, own = matrix.subarray(row * from, (row + 1) * from).map((_, i) => { const d = Math.abs(middle - i) / width; return d < radius ? weight(d) : 0; });
    const total = own.reduce((a, b) => a + b, 0);
    matrix.set(own.map((w) => w / total), row * from);
  }
  return tensor(matrix, [to, from]);
}
/** Images [batch, from height, from width, channels] at another size. 'nearest' keeps the dtype, the others give f32. */
export function resizeImages(images: Tensor, height: number, width: number, interpolation: Interpolation, antialias = false): Tensor {
  const [from, across] = [at(images.shape, 1), at(images.shape, 2)];
  if (interpolation === 'nearest') {
    const places = (n: number, to: number): Tensor => tensor(Int32Array.from({ length: to }, (_, i) => Math.min(n - 1, Math.floor((i + 0.5) * (n / to)))));
    const rows = from === height ? images : ops.take(images, places(from, height), 1);
    return across === width ? rows : ops.take(rows, places(across, width), 2);
  }
  const x: Tensor = ops.cast(images, 'f32'), rows = from === height ? x : ops.einsum('yh,bhwc->bywc', weights(from, height, interpolation, antialias), x);
  return across === width ? rows : ops.einsum('xw,bywc->byxc', weights(across, width, interpolation, antialias), rows);
}
/** The largest part of `height` × `width` with the shape of `toHeight` × `toWidth`, in its middle: [top, left, height, width]. */
export function middlePart(height: number, width: number, toHeight: number, toWidth: number): readonly [number, number, number, number] {
  const own = (n: number, most: number): number => Math.max(1, Math.min(most, Math.trunc(Math.fround(n))));
  const h = own((width * toHeight) / toWidth, height), w = own((height * toWidth) / toHeight, width);
  return [Math.floor((height - h) / 2), Math.floor((width - w) / 2), h, w];
}
