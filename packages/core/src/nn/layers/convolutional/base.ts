/** What all convolutions share: window, strides, padding, dilation, layout, bias and activation. Results are activation(convolution + bias). */
import { ShapeError, StateError, ValueError } from '../../../base/errors.ts';
import { showShape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Variable } from '../../../tensor/variable.ts';
import { getActivation, type Activation, type ActivationLike } from '../../activations/index.ts';
import { Layer, type BatchShape, type LayerOptions } from '../../layer.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { channelsLast, dataFormatOf, inFormat, oneOf, perAxis, shapeInFormat, spatialShape, type DataFormat, type PerAxis } from '../spatial.ts';
import { WeightSpec, type WeightChoices } from '../weights.ts';

/** valid: no padding. same: zeros around, so that stride 1 keeps the extent (TensorFlow's rule: the odd one at the end). causal (Conv1D): zeros in front only. */
export type ConvPadding = 'valid' | 'same' | 'causal';

/** Options of every convolution. */
export interface CommonConvOptions extends LayerOptions, WeightChoices<'bias'> {
  /** Steps between windows; default 1. */
  readonly strides?: PerAxis;
  /** Default 'valid'. 'causal' is for Conv1D. */
  readonly padding?: ConvPadding;
  /** Distance between elements of a window; default 1. Not together with strides above 1. */
  readonly dilationRate?: PerAxis;
  /** Default 'channelsLast'. */
  readonly dataFormat?: DataFormat;
  /** Default linear. */
  readonly activation?: ActivationLike | null;
  /** Default true. */
  readonly useBias?: boolean;
}

export abstract class BaseConv extends Layer {
  /** Number of spatial axes. */
  readonly rank: number;
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: ConvPadding;
  readonly dilationRate: readonly number[];
  readonly dataFormat: DataFormat;
  readonly activation: Activation;
  readonly useBias: boolean;
  private readonly biasSpec: WeightSpec;
  private bias: Variable | null = null;

  constructor(className: string, rank: number, kernelSize: PerAxis, options: CommonConvOptions, paddings: readonly ConvPadding[]) {
    super(className, options);
    const who = `${className} '${this.name}'`;
    this.rank = rank;
    this.kernelSize = perAxis(kernelSize, rank, `${who}: kernelSize`);
    this.strides = perAxis(options.strides ?? 1, rank, `${who}: strides`);
    this.padding = oneOf(options.padding ?? 'valid', paddings, `${who}: padding`);
    this.dilationRate = perAxis(options.dilationRate ?? 1, rank, `${who}: dilationRate`);
    if (Math.max(...this.strides) > 1 && Math.max(...this.dilationRate) > 1) {
      throw new ValueError(`${who}: strides ${showShape(this.strides)} and dilationRate ${showShape(this.dilationRate)} cannot both be above 1. Leave one of them at 1.`);
    }
    this.dataFormat = dataFormatOf(options.dataFormat, who);
    if (this.padding === 'causal' && this.dataFormat === 'channelsFirst') throw new ValueError(`${who}: padding 'causal' needs dataFormat 'channelsLast'.`);
    this.activation = getActivation(options.activation ?? 'linear');
    this.useBias = options.useBias ?? true;
    this.biasSpec = new WeightSpec(options, 'bias', 'zeros');
  }

  protected override createWeights(shapes: readonly BatchShape[]): void {
    const { channels } = spatialShape(shapes, this.rank, this.dataFormat, this.className);
    if (channels === null) throw new ShapeError(`${this.className}: the number of channels must be known, got input ${showShape(shapes[0] ?? [])}.`);
    this.createKernels(channels);
    if (this.useBias) this.bias = this.addWeight('bias', [this.features(channels)], this.biasSpec.options);
  }
  /** Makes the kernels for inputs of `channels` channels. */
  protected abstract createKernels(channels: number): void;
  /** Number of channels of the result. */
  protected abstract features(channels: number): number;
  /** The convolution itself, channels last. */
  protected abstract convolve(x: Tensor): Tensor;
  /** Extents of the result. */
  protected abstract resultExtents(spatial: BatchShape): BatchShape;

  call(inputs: readonly Tensor[]): Tensor {
    const y: Tensor = this.convolve(channelsLast(inputs, this.dataFormat, this.className));
    return inFormat(this.activation.apply(this.bias === null ? y : ops.add(y, this.bias.value)), this.dataFormat);
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const { batch, spatial, channels } = spatialShape(shapes, this.rank, this.dataFormat, this.className);
    return [shapeInFormat({ batch, spatial: this.resultExtents(spatial), channels: this.features(channels ?? 0) }, this.dataFormat)];
  }
  override getConfig(): Config {
    return {
      ...super.getConfig(), kernelSize: this.kernelSize, strides: this.strides, padding: this.padding, dilationRate: this.dilationRate, dataFormat: this.dataFormat,
      activation: this.activation.serialize(), useBias: this.useBias, ...this.biasSpec.getConfig(),
    };
  }
  /** A weight that must be there by now. */
  protected made(weight: Variable | null): Tensor {
    if (weight === null) throw new StateError(`Layer '${this.name}' is not built.`);
    return weight.value;
  }
}

/** Number of filters, checked. */
export function filterCount(filters: number, who: string): number {
  if (!Number.isInteger(filters) || filters < 1) throw new ValueError(`${who}: ${filters} must be a whole number of at least 1.`);
  return filters;
}
/** The options of a saved layer; what is nested is read by whoever takes it. */
export const savedOptions = (config: Config): LayerOptions & Readonly<Record<string, never>> => ({ ...config, ...layerOptions(config) }) as LayerOptions & Readonly<Record<string, never>>;
/** filters, kernelSize and options of a saved layer. */
export const savedArguments = (config: Config): [filters: number, kernelSize: PerAxis, options: ReturnType<typeof savedOptions>] =>
  [numberOf(config, 'filters', 0), config['kernelSize'] as PerAxis, savedOptions(config)];
