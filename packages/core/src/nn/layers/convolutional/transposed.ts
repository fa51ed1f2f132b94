/** The transposed convolution of any number of axes (Zeiler et al. 2010): what takes a convolution's result back to the extents of its input. */
import { ValueError } from '../../../base/errors.ts';
import { at, showShape } from '../../../base/shape.ts';
import { transposedPadding } from '../../../tensor/lib/index.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Variable } from '../../../tensor/variable.ts';
import type { BatchShape } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { perAxis, type PerAxis } from '../spatial.ts';
import { WeightSpec, type WeightChoices } from '../weights.ts';
import { BaseConv, filterCount, type CommonConvOptions } from './base.ts';

/** Options of `conv1dTranspose`, `conv2dTranspose` and `conv3dTranspose`. */
export interface ConvTransposeOptions extends CommonConvOptions, WeightChoices<'kernel'> {
  /** Elements added at the end of each axis, fewer than its stride. Default: extents become stride · extent ('same'), or as far as the windows reach ('valid'). */
  readonly outputPadding?: PerAxis | null;
}

/** Kernel [window…, filters, channels], bias [filters]. */
export abstract class ConvTranspose extends BaseConv {
  readonly filters: number;
  readonly outputPadding: readonly number[] | null;
  private readonly kernelSpec: WeightSpec;
  private kernel: Variable | null = null;

  constructor(className: string, rank: number, filters: number, kernelSize: PerAxis, options: ConvTransposeOptions) {
    super(className, rank, kernelSize, options, ['valid', 'same']);
    this.filters = filterCount(filters, `${className}: filters`);
    const { outputPadding = null } = options;
    this.outputPadding = outputPadding === null ? null : perAxis(outputPadding, rank, `${className}: outputPadding`, 0);
    if (this.outputPadding?.some((n, i) => n >= at(this.strides, i)) === true) {
      throw new ValueError(`${className}: outputPadding ${showShape(this.outputPadding)} must be less than the strides ${showShape(this.strides)}.`);
    }
    this.kernelSpec = new WeightSpec(options, 'kernel', 'glorotUniform');
  }
  protected override createKernels(channels: number): void { this.kernel = this.addWeight('kernel', [...this.kernelSize, this.filters, channels], this.kernelSpec.options); }
  protected override features(): number { return this.filters; }
  private get sides(): 'valid' | 'same' { return this.padding === 'same' ? 'same' : 'valid'; }
  protected override convolve(x: Tensor): Tensor {
    return ops.convTranspose(x, this.made(this.kernel), { strides: this.strides, padding: this.sides, dilation: this.dilationRate, outputPadding: this.outputPadding });
  }
  protected override resultExtents(spatial: BatchShape): BatchShape {
    return spatial.map((n, i) => (n === null ? null
      : transposedPadding(this.sides, n, at(this.kernelSize, i), at(this.strides, i), at(this.dilationRate, i), this.outputPadding === null ? null : at(this.outputPadding, i)).extent));
  }
  override getConfig(): Config { return { ...super.getConfig(), filters: this.filters, outputPadding: this.outputPadding, ...this.kernelSpec.getConfig() }; }
}
