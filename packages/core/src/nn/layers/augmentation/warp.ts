/**
 * Affine images of images: each pixel of the result is looked up at a place of the source, between pixels if need be, and beyond the border as `fillMode` says.
 * Places and fills are those of TensorFlow's ImageProjectiveTransformV3, which Keras calls. A gather in the compiled program.
 */
import { at } from '../../../base/shape.ts';
import * as g from '../../../ir/build.ts';
import type { Node } from '../../../ir/types.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { compute, type Tensor } from '../../../tensor/tensor.ts';
import type { Config } from '../../registry-table.ts';
import type { ImageOptions } from '../preprocessing/image.ts';
import { oneOf } from '../spatial.ts';
import { Augmentation, type Draw } from './base.ts';

/** Beyond the border: mirrored (dcba|abcd|dcba), repeated (abcd|abcd), a constant, or the border's pixel. */
export type FillMode = 'reflect' | 'wrap' | 'constant' | 'nearest';
/** Options of layers that move pixels. */
export interface WarpOptions extends ImageOptions {
  /** Default 'reflect'. */
  readonly fillMode?: FillMode;
  /** Default 'bilinear'. */
  readonly interpolation?: 'nearest' | 'bilinear';
  /** For 'constant'. Default 0. */
  readonly fillValue?: number;
}
/** x' = a₀x + a₁y + a₂, y' = b₀x + b₁y + b₂: where the pixel (x, y) of the result comes from; numbers, or [batch, 1, 1, 1]. */
export interface Affine {
  readonly x: readonly [Part, Part, Part];
  readonly y: readonly [Part, Part, Part];
  /** Both are divided by c₀x + c₁y + 1 (a view in perspective). Default 1. */
  readonly depth?: readonly [Part, Part];
}
type Part = Tensor | number;

/** A place along an axis of n pixels as a place within it; 'constant' keeps it. */
function inside(place: Tensor, n: number, mode: FillMode): Tensor {
  if (mode === 'constant') return place;
  let own: Tensor = place;
  if (mode === 'reflect') {
    const t = ops.mod(place, 2 * n);
    own = ops.where(ops.greaterEqual(t, n), ops.subtract(2 * n - 1, t), t);
  } else if (mode === 'wrap' && n > 1) {
    const turns = ops.trunc(ops.divide(ops.abs(place), n - 1));
    own = ops.where(ops.less(place, 0), ops.add(place, ops.multiply(ops.add(turns, 1), n)), ops.where(ops.greater(place, n - 1), ops.subtract(place, ops.multiply(turns, n)), place));
  }
  return ops.clip(own, 0, n - 1);
}
/** Column and row of each pixel, f32 [1, height, width, 1]. */
export const pixelPlaces = (height: number, width: number): readonly [column: Tensor, row: Tensor] => {
  const iota = (axis: number): Tensor => compute([], () => g.cast(g.iota({ shape: [1, height, width, 1], dtype: 'i32' }, axis), 'f32'));
  return [iota(2), iota(1)];
};
/** The pixels of images at whole places [batch, height, width, 1] within them. */
export function pixelsAt(images: Tensor, column: Tensor, row: Tensor): Tensor {
  const [batch, height, width, channels] = images.shape as readonly [number, number, number, number];
  const flat = ops.reshape(images, [batch, height * width, channels]), index = ops.cast(ops.add(ops.multiply(row, width), column), 'i32');
  return ops.reshape(compute([flat, ops.reshape(index, [batch, height * width])], (a, i) => g.gather(a as Node, i as Node, 1, 1)), images.shape);
}
/** Images [batch, height, width, channels], f32, seen through the affine map. */
export function warp(images: Tensor, map: Affine, { fillMode, interpolation, fillValue }: Required<Pick<WarpOptions, 'fillMode' | 'interpolation' | 'fillValue'>>): Tensor {
  const [batch, height, width] = images.shape as readonly [number, number, number, number], shape = [batch, height, width, 1];
  const [column, row] = pixelPlaces(height, width), along = ([a, b, c]: readonly [Part, Part, Part]): Tensor => ops.add(ops.add(ops.multiply(column, a), ops.multiply(row, b)), c);
  const depth = map.depth === undefined ? null : along([...map.depth, 1]);
  // what lies at no distance is seen nowhere
  const seen = (whole: Tensor): Tensor => (depth === null ? whole : ops.where(ops.equal(depth, 0), -1e6, ops.divide(whole, ops.where(ops.equal(depth, 0), 1, depth))));
  const place = (parts: readonly [Part, Part, Part], n: number): Tensor => inside(ops.broadcastTo(seen(along(parts)), shape), n, fillMode);
  const x = place(map.x, width), y = place(map.y, height);
  const read = (column: Tensor, row: Tensor): Tensor => {
    const found = pixelsAt(images, ops.clip(column, 0, width - 1), ops.clip(row, 0, height - 1));
    if (fillMode !== 'constant') return found;
    const within = (p: Tensor, n: number): Tensor => ops.logicalAnd(ops.greaterEqual(p, 0), ops.lessEqual(p, n - 1));
    return ops.where(ops.logicalAnd(within(column, width), within(row, height)), found, fillValue);
  };
  // half goes away from 0, as in C
  const nearest = (p: Tensor): Tensor => (fillMode === 'constant' ? ops.where(ops.less(p, 0), ops.ceil(ops.subtract(p, 0.5)), ops.floor(ops.add(p, 0.5))) : ops.floor(ops.add(p, 0.5)));
  if (interpolation === 'nearest') return read(nearest(x), nearest(y));
  const left = ops.floor(x), top = ops.floor(y), right = ops.add(left, 1), bottom = ops.add(top, 1), across = ops.subtract(x, left), down = ops.subtract(y, top);
  const mix = (a: Tensor, b: Tensor, t: Tensor): Tensor => ops.add(ops.multiply(a, ops.subtract(1, t)), ops.multiply(b, t));
  return mix(mix(read(left, top), read(right, top), across), mix(read(left, bottom), read(right, bottom), across), down);
}
/** A layer that moves pixels. */
export abstract class Warp extends Augmentation {
  readonly fillMode: FillMode;
  readonly interpolation: 'nearest' | 'bilinear';
  readonly fillValue: number;
  constructor(className: string, options: WarpOptions) {
    super(className, options);
    this.fillMode = oneOf(options.fillMode ?? 'reflect', ['reflect', 'wrap', 'constant', 'nearest'], `${className}: fillMode`);
    this.interpolation = oneOf(options.interpolation ?? 'bilinear', ['nearest', 'bilinear'], `${className}: interpolation`);
    this.fillValue = options.fillValue ?? 0;
  }
  /** Where pixels come from, for images of this size. */
  protected abstract map(height: number, width: number, draw: Draw): Affine;
  protected augment(images: Tensor, draw: Draw): Tensor { return warp(images, this.map(at(images.shape, 1), at(images.shape, 2), draw), this); }
  override getConfig(): Config { return { ...super.getConfig(), fillMode: this.fillMode, interpolation: this.interpolation, fillValue: this.fillValue }; }
}
/** Turned by `angle` (radians) about the middle. */
export function turned(angle: Tensor, height: number, width: number): Affine {
  const c = ops.cos(angle), s = ops.sin(angle), x = (width - 1) / 2, y = (height - 1) / 2, back = ops.negative(s);
  const rest = (middle: number, a: Tensor, b: Tensor): Tensor => ops.subtract(middle, ops.add(ops.multiply(a, x), ops.multiply(b, y)));
  return { x: [c, back, rest(x, c, back)], y: [s, c, rest(y, s, c)] };
}
