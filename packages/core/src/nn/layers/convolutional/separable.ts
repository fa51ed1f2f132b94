/** A depthwise convolution, then one of width 1 over the channels (Chollet 2017, "Xception"), of any number of axes. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Variable } from '../../../tensor/variable.ts';
import type { BatchShape } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { windowed, type PerAxis } from '../spatial.ts';
import { WeightSpec, type WeightChoices } from '../weights.ts';
import { BaseConv, filterCount, type CommonConvOptions } from './base.ts';
import { depthwise } from './depthwise.ts';

/** Options of `separableConv1d` and `separableConv2d`. */
export interface SeparableConvOptions extends CommonConvOptions, WeightChoices<'depthwise'>, WeightChoices<'pointwise'> {
  /** Results of the first half for each channel; default 1. */
  readonly depthMultiplier?: number;
}

/** Weights: depthwise_kernel [window…, channels, depthMultiplier], pointwise_kernel [1…, channels · depthMultiplier, filters], bias [filters]. */
export abstract class SeparableConv extends BaseConv {
  readonly filters: number;
  readonly depthMultiplier: number;
  private readonly depthwiseSpec: WeightSpec;
  private readonly pointwiseSpec: WeightSpec;
  private depthwiseKernel: Variable | null = null;
  private pointwiseKernel: Variable | null = null;

  constructor(className: string, rank: number, filters: number, kernelSize: PerAxis, options: SeparableConvOptions) {
    super(className, rank, kernelSize, options, ['valid', 'same']);
    this.filters = filterCount(filters, `${className}: filters`);
    this.depthMultiplier = filterCount(options.depthMultiplier ?? 1, `${className}: depthMultiplier`);
    this.depthwiseSpec = new WeightSpec(options, 'depthwise', 'glorotUniform');
    this.pointwiseSpec = new WeightSpec(options, 'pointwise', 'glorotUniform');
  }
  protected override createKernels(channels: number): void {
    this.depthwiseKernel = this.addWeight('depthwise_kernel', [...this.kernelSize, channels, this.depthMultiplier], this.depthwiseSpec.options);
    this.pointwiseKernel = this.addWeight('pointwise_kernel', [...this.kernelSize.map(() => 1), channels * this.depthMultiplier, this.filters], this.pointwiseSpec.options);
  }
  protected override features(): number { return this.filters; }
  protected override convolve(x: Tensor): Tensor { return ops.conv(depthwise(x, this.made(this.depthwiseKernel), this), this.made(this.pointwiseKernel)); }
  protected override resultExtents(spatial: BatchShape): BatchShape {
    return windowed(spatial, this.kernelSize, this.strides, this.padding === 'same' ? 'same' : 'valid', this.dilationRate, `Layer '${this.name}'`);
  }
  override getConfig(): Config {
    return { ...super.getConfig(), filters: this.filters, depthMultiplier: this.depthMultiplier, ...this.depthwiseSpec.getConfig(), ...this.pointwiseSpec.getConfig() };
  }
}
