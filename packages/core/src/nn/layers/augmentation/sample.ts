/** Images read at any places, as Keras's `map_coordinates` does; borders are its own and differ from those of `warp`. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { pixelsAt, type FillMode, type WarpOptions } from './warp.ts';

/** A whole place along an axis of n pixels as one within it. Keras's 'reflect' begins with the second pixel (…c b|a b c…) and repeats the last one (…c|c b…). */
function settled(place: Tensor, n: number, mode: FillMode): Tensor {
  if (mode === 'wrap') return ops.mod(place, n);
  if (mode !== 'reflect') return ops.clip(place, 0, n - 1);
  const t = ops.mod(ops.abs(place), 2 * n);
  return ops.where(ops.less(t, n), t, ops.subtract(2 * n - 1, t));
}
/** Images [batch, height, width, channels], f32, at columns x and rows y, [batch, height, width, 1]. */
export function sample(images: Tensor, x: Tensor, y: Tensor, { fillMode, interpolation, fillValue }: Required<Pick<WarpOptions, 'fillMode' | 'interpolation' | 'fillValue'>>): Tensor {
  const [, height, width] = images.shape as readonly [number, number, number, number];
  const read = (column: Tensor, row: Tensor): Tensor => {
    const found = pixelsAt(images, settled(column, width, fillMode), settled(row, height, fillMode));
    if (fillMode !== 'constant') return found;
    const within = (p: Tensor, n: number): Tensor => ops.logicalAnd(ops.greaterEqual(p, 0), ops.less(p, n));
    return ops.where(ops.logicalAnd(within(column, width), within(row, height)), found, fillValue);
  };
  if (interpolation === 'nearest') return read(ops.round(x), ops.round(y));
  const left = ops.floor(x), top = ops.floor(y), right = ops.add(left, 1), bottom = ops.add(top, 1), across = ops.subtract(x, left), down = ops.subtract(y, top);
  const mix = (a: Tensor, b: Tensor, t: Tensor): Tensor => ops.add(ops.multiply(a, ops.subtract(1, t)), ops.multiply(b, t));
  return mix(mix(read(left, top), read(right, top), across), mix(read(left, bottom), read(right, bottom), across), down);
}
