/** UpSampling2D: makes an image larger, by repetition or by a smooth curve through its pixels. */
import type { DType } from '../../../base/dtype.ts';
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import type { Config } from '../../registry-table.ts';
import { oneOf, type PerAxis } from '../spatial.ts';
import { CURVES, INTERPOLATIONS, type Interpolation } from './curves.ts';
import { savedUpSampling, UpSampling, type UpSamplingOptions } from './upSampling.ts';

/** Options of `upSampling2d`. */
export interface UpSampling2DOptions extends UpSamplingOptions {
  /** Default 'nearest', which repeats pixels. */
  readonly interpolation?: Interpolation;
}
/** [n · times, n]: each row the weights of the pixels in one place of the larger line. Pixels are squares: the middle of the first lies at 1/2. */
function weights(n: number, times: number, [radius, weight]: readonly [number, (distance: number) => number]): Tensor {
  const matrix = new Float32Array(n * times * n);
  for (let row = 0; row < n * times; row++) {
    const own = matrix.subarray(row * n, (row + 1) * n).map((_, i) => { const d = Math.abs((row + 0.5) / times - 0.5 - i); return d < radius ? weight(d) : 0; });
    const total = own.reduce((a, b) => a + b, 0);
    matrix.set(own.map((w) => w / total), row * n);
  }
  return tensor(matrix, [n * times, n]);
}
/** Input [batch, height, width, channels] → the same axes, `size` (default 2) times as long. Nearest keeps the dtype, the others give f32. */
export class UpSampling2D extends UpSampling {
  readonly className = 'UpSampling2D';
  readonly interpolation: Interpolation;
  constructor(size: PerAxis = 2, options: UpSampling2DOptions = {}) {
    super('UpSampling2D', 2, size, options);
    this.interpolation = oneOf(options.interpolation ?? 'nearest', INTERPOLATIONS, 'UpSampling2D: interpolation');
  }
  static fromConfig(config: Config): UpSampling2D { return new UpSampling2D(...savedUpSampling(config)); }
  protected override enlarge(x: Tensor): Tensor {
    if (this.interpolation === 'nearest') return super.enlarge(x);
    const curve = CURVES[this.interpolation], line = (axis: number): Tensor => weights(at(x.shape, axis), at(this.size, axis - 1), curve);
    return ops.einsum('xw,bywc->byxc', line(2), ops.einsum('yh,bhwc->bywc', line(1), ops.cast(x, 'f32')));
  }
  override outputDType(dtypes: readonly DType[]): DType { return this.interpolation === 'nearest' ? at(dtypes, 0) : 'f32'; }
  override getConfig(): Config { return { ...super.getConfig(), interpolation: this.interpolation }; }
}
