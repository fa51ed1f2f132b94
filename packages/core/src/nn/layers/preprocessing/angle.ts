/** The angle of a point, from tensor operations: the arctangent of Cephes (Moshier), within 2e-7. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';

/** atan2(y, x) in -π..π; 0 at the origin. */
export function arctan2(y: Tensor, x: Tensor): Tensor {
  const tall = ops.greater(ops.abs(y), ops.abs(x)), long = ops.maximum(ops.abs(x), ops.abs(y)), short = ops.minimum(ops.abs(x), ops.abs(y));
  const ratio = ops.divide(short, ops.maximum(long, 1e-38)), steep = ops.greater(ratio, Math.SQRT2 - 1);
  const t = ops.where(steep, ops.divide(ops.subtract(ratio, 1), ops.add(ratio, 1)), ratio), z = ops.square(t);
  const series = [8.05374449538e-2, -1.38776856032e-1, 1.99777106478e-1, -3.33329491539e-1].reduce<Tensor>((sum, c) => ops.multiply(ops.add(sum, c), z), ops.multiply(z, 0));
  const small = ops.add(ops.add(ops.multiply(series, t), t), ops.where(steep, Math.PI / 4, ops.multiply(t, 0))), first = ops.where(tall, ops.subtract(Math.PI / 2, small), small);
  const half = ops.where(ops.less(x, 0), ops.subtract(Math.PI, first), first);
  return ops.where(ops.less(y, 0), ops.negative(half), half);
}
