/** Changes of colour, on f32 images [batch, height, width, channels] with values in a range; factors are [batch, 1, 1, 1]. */
import { at } from '../../../base/shape.ts';
import { ShapeError } from '../../../base/errors.ts';
import { showShape } from '../../../base/shape.ts';
import * as g from '../../../ir/build.ts';
import type { Node } from '../../../ir/types.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { compute, tensor, type Tensor } from '../../../tensor/tensor.ts';
import type { Range } from './base.ts';

/** From one range of values to another. */
export const rescaled = (x: Tensor, [low, high]: Range, [least, most]: Range): Tensor =>
  (low === least && high === most ? x : ops.add(ops.multiply(ops.subtract(x, low), (most - least) / (high - low)), least));
const limited = (x: Tensor, [low, high]: Range): Tensor => ops.clip(x, low, high);
const BYTES: Range = [0, 255];
const mix = (a: Tensor, b: Tensor, share: Tensor): Tensor => ops.add(a, ops.multiply(share, ops.subtract(b, a)));

/** `delta`: parts of the range that are added. */
export const brightened = (x: Tensor, delta: Tensor, range: Range): Tensor => limited(ops.add(x, ops.multiply(delta, range[1] - range[0])), range);
/** Distances from each channel's mean times a factor. */
export function contrasted(x: Tensor, factor: Tensor, range: Range): Tensor {
  const mean = ops.mean(x, [1, 2], true);
  return limited(ops.add(ops.multiply(ops.subtract(x, mean), factor), mean), range);
}
/** Luma of RGB (ITU-R BT.601), one channel; images with one channel as they are. */
export function gray(x: Tensor, who: string): Tensor {
  if (at(x.shape, 3) === 1) return x;
  requireColors(x, who);
  return ops.sum(ops.multiply(x, tensor([0.2989, 0.587, 0.114])), -1, true);
}
export function requireColors(x: Tensor, who: string): void {
  if (at(x.shape, 3) !== 3) throw new ShapeError(`${who} takes images with 3 channels (red, green, blue), got ${showShape(x.shape)}.`);
}
/** Towards grey by `share`. */
export const degenerated = (x: Tensor, share: Tensor, range: Range, who: string): Tensor => limited(mix(x, gray(x, who), share), range);
/** 0 blurs, 0.5 changes nothing, 1 sharpens. */
export function sharpened(x: Tensor, factor: Tensor, range: Range): Tensor {
  const [batch, height, width, channels] = x.shape as readonly [number, number, number, number];
  const padded = ops.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]), at9 = (dy: number, dx: number): Tensor => ops.slice(padded, [0, batch], [dy, dy + height], [dx, dx + width], [0, channels]);
  let around: Tensor = ops.multiply(x, 5 / 13);
  for (const dy of [0, 1, 2]) for (const dx of [0, 1, 2]) if (dy !== 1 || dx !== 1) around = ops.add(around, ops.multiply(at9(dy, dx), 1 / 13));
  return limited(mix(x, around, ops.subtract(1, ops.multiply(factor, 2))), range);
}
/** Keeps the upper `bits` of 8 (whole numbers, f32). */
export function posterized(x: Tensor, bits: Tensor, range: Range): Tensor {
  const step = ops.exp(ops.multiply(ops.subtract(8, bits), Math.LN2)), whole = ops.round(step);
  return rescaled(ops.multiply(ops.floor(ops.divide(ops.floor(limited(rescaled(x, range, BYTES), BYTES)), whole)), whole), BYTES, range);
}
/** Inverts what is above a threshold, after an addition; both of 0 to 255. */
export function solarized(x: Tensor, addition: Tensor, threshold: Tensor, range: Range): Tensor {
  const y = limited(ops.add(rescaled(x, range, BYTES), addition), BYTES);
  return rescaled(ops.where(ops.less(y, threshold), y, ops.subtract(255, y)), BYTES, range);
}
/** Each channel of each image over the whole range; flat ones as they are. */
export function stretched(x: Tensor, range: Range): Tensor {
  const y = rescaled(x, range, BYTES), low = ops.min(y, [1, 2], true), extent = ops.subtract(ops.max(y, [1, 2], true), low), flat = ops.lessEqual(extent, 0);
  return ops.where(flat, x, rescaled(limited(ops.divide(ops.multiply(ops.subtract(y, low), 255), ops.where(flat, 1, extent)), BYTES), BYTES, range));
}
/** Each channel of each image with its values equally frequent: through its cumulative histogram. */
export function equalized(x: Tensor, range: Range, bins: number): Tensor {
  const [batch, height, width, channels] = x.shape as readonly [number, number, number, number], groups = batch * channels, pixels = height * width;
  const rows = ops.reshape(ops.transpose(rescaled(x, range, BYTES), [0, 3, 1, 2]), [groups, pixels]);
  const bin = ops.cast(ops.clip(ops.divide(ops.multiply(rows, bins - 1), 255), 0, bins - 1), 'i32'), own = ops.multiply(ops.reshape(ops.arange(0, groups, 1, 'i32'), [groups, 1]), bins);
  const histogram = ops.reshape(ops.scatterAdd(ops.zeros([groups * bins]), ops.reshape(ops.add(bin, own), [groups * pixels]), ops.ones([groups * pixels])), [groups, bins]);
  const total = ops.cumsum(histogram, 1), first = ops.min(ops.where(ops.greater(total, 0), total, pixels), 1, true), rest = ops.subtract(pixels, first);
  const table = ops.clip(ops.round(ops.divide(ops.multiply(ops.subtract(total, first), 255), ops.where(ops.equal(rest, 0), 1, rest))), 0, 255);
  const found = compute([table, bin], (a, i) => g.gather(a as Node, i as Node, 1, 1));
  const kept = ops.where(ops.equal(rest, 0), rows, found);
  return rescaled(ops.transpose(ops.reshape(kept, [batch, channels, height, width]), [0, 2, 3, 1]), BYTES, range);
}
/** Red, green and blue of 0 to 1 as hue, saturation and value, [batch, height, width, 1] each. */
export function toHsv(x: Tensor): readonly [Tensor, Tensor, Tensor] {
  const [r, green, b] = ops.split(x, 3, 3) as [Tensor, Tensor, Tensor], value = ops.max(x, 3, true), extent = ops.subtract(value, ops.min(x, 3, true)), none = ops.lessEqual(extent, 0);
  const unit = ops.divide(1 / 6, ops.where(none, 1, extent)), part = (a: Tensor, c: Tensor, from: number): Tensor => ops.add(ops.multiply(unit, ops.subtract(a, c)), from);
  const hue = ops.where(ops.equal(r, value), part(green, b, 0), ops.where(ops.equal(green, value), part(b, r, 1 / 3), part(r, green, 2 / 3)));
  return [ops.where(none, 0, ops.where(ops.less(hue, 0), ops.add(hue, 1), hue)), ops.where(ops.greater(value, 0), ops.divide(extent, ops.where(ops.greater(value, 0), value, 1)), 0), value];
}
/** Back from hue, saturation and value. */
export function fromHsv(hue: Tensor, saturation: Tensor, value: Tensor): Tensor {
  const chroma = ops.multiply(saturation, value);
  // each colour is a plateau over the circle of hues, with slopes
  const color = (shift: number): Tensor => {
    const k = ops.mod(ops.add(ops.multiply(hue, 6), shift), 6);
    return ops.subtract(value, ops.multiply(chroma, ops.clip(ops.minimum(k, ops.subtract(4, k)), 0, 1)));
  };
  return ops.concat([color(5), color(3), color(1)], 3);
}
/** The hue moved by parts of the circle. */
export function hueShifted(x: Tensor, shift: Tensor, range: Range): Tensor {
  const [hue, saturation, value] = toHsv(rescaled(x, range, [0, 1])), moved = ops.add(hue, shift);
  return rescaled(ops.clip(fromHsv(ops.where(ops.greater(moved, 1), ops.subtract(moved, 1), ops.where(ops.less(moved, 0), ops.add(moved, 1), moved)), saturation, value), 0, 1), [0, 1], range);
}
/** The saturation times a factor. */
export function saturated(x: Tensor, factor: Tensor, range: Range): Tensor {
  const [hue, saturation, value] = toHsv(rescaled(x, range, [0, 1]));
  return rescaled(fromHsv(hue, ops.clip(ops.multiply(saturation, factor), 0, 1), value), [0, 1], range);
}
