/** Boxes in images: what RandomErasing and CutMix share. */
import * as g from '../../../ir/build.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { compute, type Tensor } from '../../../tensor/tensor.ts';
import type { Draw } from './base.ts';

/** Boxes of parts of width and height (0 to 1, [batch, 1, 1, 1]) at random places: which pixels lie in them, and which part of the image they cover. */
export function randomBox(height: number, width: number, across: Tensor, down: Tensor, draw: Draw): { readonly mask: Tensor; readonly share: Tensor } {
  const covers = (n: number, part: Tensor, axis: number): readonly [Tensor, Tensor] => {
    const length = ops.multiply(part, n), start = ops.multiply(draw.within([0, 1]), ops.subtract(n, length)), end = ops.add(start, length);
    const place = compute([], () => g.cast(g.iota({ shape: [1, height, width, 1], dtype: 'i32' }, axis), 'f32'));
    return [ops.logicalAnd(ops.greaterEqual(place, start), ops.less(place, end)), length];
  };
  const [x, w] = covers(width, across, 2), [y, h] = covers(height, down, 1);
  return { mask: ops.logicalAnd(x, y), share: ops.divide(ops.multiply(w, h), width * height) };
}
