/** The plain convolution of any number of axes, which Conv1D, Conv2D and Conv3D name. */
import { ValueError } from '../../../base/errors.ts';
import { at } from '../../../base/shape.ts';
import { causalPadding } from '../../../tensor/lib/index.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Variable } from '../../../tensor/variable.ts';
import type { BatchShape } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { windowed, type PerAxis } from '../spatial.ts';
import { WeightSpec, type WeightChoices } from '../weights.ts';
import { BaseConv, filterCount, type CommonConvOptions } from './base.ts';

/** Options of `conv1d`, `conv2d` and `conv3d`. */
export interface ConvOptions extends CommonConvOptions, WeightChoices<'kernel'> {
  /** The channels are cut into this many groups, each with its own filters; default 1. Must divide both channels and filters. */
  readonly groups?: number;
}

/** Kernel [window…, channels / groups, filters], bias [filters]. */
export abstract class Conv extends BaseConv {
  readonly filters: number;
  readonly groups: number;
  private readonly kernelSpec: WeightSpec;
  private kernel: Variable | null = null;

  constructor(className: string, rank: number, filters: number, kernelSize: PerAxis, options: ConvOptions) {
    super(className, rank, kernelSize, options, rank === 1 ? ['valid', 'same', 'causal'] : ['valid', 'same']);
    this.filters = filterCount(filters, `${className}: filters`);
    this.groups = filterCount(options.groups ?? 1, `${className}: groups`);
    if (this.filters % this.groups !== 0) throw new ValueError(`${className}: ${this.filters} filters do not divide into ${this.groups} groups.`);
    this.kernelSpec = new WeightSpec(options, 'kernel', 'glorotUniform');
  }
  protected override createKernels(channels: number): void {
    if (channels % this.groups !== 0) throw new ValueError(`Layer '${this.name}': ${channels} input channels do not divide into ${this.groups} groups.`);
    this.kernel = this.addWeight('kernel', [...this.kernelSize, channels / this.groups, this.filters], this.kernelSpec.options);
  }
  protected override features(): number { return this.filters; }
  protected override convolve(x: Tensor): Tensor {
    const padding = this.padding === 'causal' ? causalPadding(at(this.kernelSize, 0), at(this.dilationRate, 0)) : this.padding;
    return ops.conv(x, this.made(this.kernel), { strides: this.strides, padding, dilation: this.dilationRate, groups: this.groups });
  }
  protected override resultExtents(spatial: BatchShape): BatchShape {
    return windowed(spatial, this.kernelSize, this.strides, this.padding === 'valid' ? 'valid' : 'same', this.dilationRate, `Layer '${this.name}'`);
  }
  override getConfig(): Config { return { ...super.getConfig(), filters: this.filters, groups: this.groups, ...this.kernelSpec.getConfig() }; }
}
