/** Convolution of each channel by itself, of any number of axes: what DepthwiseConv names, and the first half of SeparableConv. */
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Variable } from '../../../tensor/variable.ts';
import type { BatchShape } from '../../layer.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import { windowed, type PerAxis } from '../spatial.ts';
import { WeightSpec, type WeightChoices } from '../weights.ts';
import { BaseConv, filterCount, savedOptions, type CommonConvOptions } from './base.ts';

/** Options of `depthwiseConv1d` and `depthwiseConv2d`. */
export interface DepthwiseConvOptions extends CommonConvOptions, WeightChoices<'depthwise'> {
  /** Results for each channel; default 1. */
  readonly depthMultiplier?: number;
}

/** The channels of x, each with its own filters: kernel [window…, channels, multiplier] → channels · multiplier results. */
export function depthwise(x: Tensor, kernel: Tensor, layer: BaseConv): Tensor {
  const { shape } = kernel, channels = at(shape, -2);
  const padding = layer.padding === 'same' ? 'same' : 'valid';
  return ops.conv(x, ops.reshape(kernel, [...shape.slice(0, -2), 1, channels * at(shape, -1)]), { strides: layer.strides, padding, dilation: layer.dilationRate, groups: channels });
}

/** Weights: kernel [window…, channels, depthMultiplier], bias [channels · depthMultiplier]. */
export abstract class DepthwiseConv extends BaseConv {
  readonly depthMultiplier: number;
  private readonly kernelSpec: WeightSpec;
  private kernel: Variable | null = null;

  constructor(className: string, rank: number, kernelSize: PerAxis, options: DepthwiseConvOptions) {
    super(className, rank, kernelSize, options, ['valid', 'same']);
    this.depthMultiplier = filterCount(options.depthMultiplier ?? 1, `${className}: depthMultiplier`);
    this.kernelSpec = new WeightSpec(options, 'depthwise', 'glorotUniform');
  }
  protected override createKernels(channels: number): void { this.kernel = this.addWeight('kernel', [...this.kernelSize, channels, this.depthMultiplier], this.kernelSpec.options); }
  protected override features(channels: number): number { return channels * this.depthMultiplier; }
  protected override convolve(x: Tensor): Tensor { return depthwise(x, this.made(this.kernel), this); }
  protected override resultExtents(spatial: BatchShape): BatchShape {
    return windowed(spatial, this.kernelSize, this.strides, this.padding === 'same' ? 'same' : 'valid', this.dilationRate, `Layer '${this.name}'`);
  }
  override getConfig(): Config { return { ...super.getConfig(), depthMultiplier: this.depthMultiplier, ...this.kernelSpec.getConfig() }; }
}
/** kernelSize and options of a saved layer. */
export const savedDepthwise = (config: Config): [kernelSize: PerAxis, options: DepthwiseConvOptions] =>
  [config['kernelSize'] as PerAxis, { ...savedOptions(config), depthMultiplier: numberOf(config, 'depthMultiplier', 1) }];
