/** Eleven changes of images, of which RandAugment and AugMix draw some for each image. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Draw, Range } from './base.ts';
import { brightened, contrasted, degenerated, equalized, posterized, sharpened, solarized, stretched } from './colors.ts';
import { turned, warp, type Affine } from './warp.ts';

export interface ChangeOptions { readonly valueRange: Range; readonly factor: Range; readonly interpolation: 'nearest' | 'bilinear' }
/** How many there are. Numbers 3 to 6 change colours and sharpness by a factor. */
export const CHANGES = 11;
/**
 * Each image changed by its `choice`, [batch, 1, 1, 1]: shear (0), translation (1) and rotation (2), which share one pass over the pixels, brightness (3), colour (4),
 * contrast (5), sharpness (6), posterization (7), solarization (8), automatic contrast (9) or equalization (10), with the meaning that the single layers give the factor;
 * any other number leaves it as it is. Without `all`, numbers 3 to 6 do too.
 */
export function changed(x: Tensor, choice: Tensor, { valueRange: range, factor, interpolation }: ChangeOptions, draw: Draw, who: string, all = true): Tensor {
  const [, height, width, channels] = x.shape as readonly [number, number, number, number], [low, high] = factor, strength = (): Tensor => draw.within(factor);
  const is = (k: number): Tensor => ops.equal(choice, k), bits = Math.max(1, Math.trunc(8 * high));
  const moved = warp(x, movement(height, width, is, strength, draw), { fillMode: 'reflect', interpolation, fillValue: 0 });
  const byFactor = all ? [brightened(x, strength(), range), channels === 3 ? degenerated(x, strength(), range, who) : x, contrasted(x, draw.within([1 - low, 1 + high]), range), sharpened(x, strength(), range)] : [x, x, x, x];
  const changes = [
    ...byFactor, posterized(x, draw.within([bits, bits]), range), solarized(x, draw.within([low, high * 255]), draw.within([low, high * 255]), range), stretched(x, range), equalized(x, range, 256),
  ];
  return changes.reduce((y, change, k) => (change === x ? y : ops.where(is(k + 3), change, y)), moved);
}
/** Shear (0), translation (1), rotation (2), or nothing. */
function movement(height: number, width: number, is: (k: number) => Tensor, strength: () => Tensor, draw: Draw): Affine {
  const sign = draw.sign(), shear = [ops.multiply(strength(), sign), ops.multiply(strength(), sign)] as const, shift = [ops.multiply(strength(), -width), ops.multiply(strength(), -height)] as const;
  const turn = turned(ops.multiply(strength(), 2 * Math.PI), height, width), own = (k: number, a: Tensor | number, rest: number): Tensor => ops.where(is(k), a, rest);
  const pick = (i: 0 | 1 | 2, row: 'x' | 'y'): Tensor => {
    const still = (row === 'x' ? i === 0 : i === 1) ? 1 : 0, slanted = i === (row === 'x' ? 1 : 0) ? shear[row === 'x' ? 0 : 1] : still, pushed = i === 2 ? shift[row === 'x' ? 0 : 1] : still;
    return ops.where(is(2), turn[row][i], ops.where(is(0), slanted, own(1, pushed, still)));
  };
  return { x: [pick(0, 'x'), pick(1, 'x'), pick(2, 'x')], y: [pick(0, 'y'), pick(1, 'y'), pick(2, 'y')] };
}
