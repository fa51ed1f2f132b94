/**
 * The cell of ConvLSTM1D, 2D and 3D (Shi et al. 2015): an LSTM whose products are convolutions. The input's takes the options given, the state's keeps its extents.
 * Channels are last inside; the layers turn other layouts.
 */
import { StateError, ValueError } from '../../../base/errors.ts';
import { at, showShape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Variable } from '../../../tensor/variable.ts';
import { getActivation, type Activation, type ActivationLike } from '../../activations/index.ts';
import { knownExtent, type BatchShape, type CallContext, type LayerOptions } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { oneOf, perAxis, windowed, type DataFormat, type PerAxis } from '../spatial.ts';
import { WeightSpec, type WeightChoices } from '../weights.ts';
import { RNNCell } from './cell.ts';
import { dropped, gate, rateOf, unitCount } from './gates.ts';
import { withForgetBias } from './lstmCell.ts';

/** Options of the cell of `convLstm1d`, `convLstm2d` and `convLstm3d`. */
export interface ConvLSTMCellOptions extends LayerOptions, WeightChoices<'kernel'>, WeightChoices<'recurrent'>, WeightChoices<'bias'> {
  /** Of the input's convolution; default 1. */
  readonly strides?: PerAxis;
  /** Of the input's convolution; default 'valid'. */
  readonly padding?: 'valid' | 'same';
  /** Default 'channelsLast'. */
  readonly dataFormat?: DataFormat;
  /** Of the input's convolution; default 1. Not together with strides above 1. */
  readonly dilationRate?: PerAxis;
  /** Default tanh. */
  readonly activation?: ActivationLike | null;
  /** Default sigmoid. */
  readonly recurrentActivation?: ActivationLike | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** The forget gate's bias starts at 1. Default true. */
  readonly unitForgetBias?: boolean;
  /** Fraction of the inputs dropped while training. Default 0. */
  readonly dropout?: number;
  /** Fraction of the state dropped while training. Default 0. */
  readonly recurrentDropout?: number;
}

/** Inputs [batch, spatial…, channels], h and c [batch, spatial'…, filters] → h', h', c'. Kernels [window…, channels or filters, 4 · filters], bias [4 · filters]. */
export class ConvLSTMCell extends RNNCell {
  readonly className = 'ConvLSTMCell';
  readonly filters: number;
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: 'valid' | 'same';
  readonly dilationRate: readonly number[];
  readonly activation: Activation;
  readonly recurrentActivation: Activation;
  readonly useBias: boolean;
  readonly unitForgetBias: boolean;
  readonly dropout: number;
  readonly recurrentDropout: number;
  private readonly specs: readonly WeightSpec[];
  private kernel: Variable | null = null;
  private recurrentKernel: Variable | null = null;
  private bias: Variable | null = null;

  /** `layer`: the name of the layer that the cell is in, for errors. */
  constructor(rank: number, filters: number, kernelSize: PerAxis, options: ConvLSTMCellOptions, className: string, layer?: string) {
    super(className, options);
    const who = layer === undefined ? className : `${className} '${layer}'`;
    this.filters = unitCount(filters, `${who}: filters;`);
    this.kernelSize = perAxis(kernelSize, rank, `${who}: kernelSize`);
    this.strides = perAxis(options.strides ?? 1, rank, `${who}: strides`);
    this.padding = oneOf(options.padding ?? 'valid', ['valid', 'same'], `${who}: padding`);
    this.dilationRate = perAxis(options.dilationRate ?? 1, rank, `${who}: dilationRate`);
    if (Math.max(...this.strides) > 1 && Math.max(...this.dilationRate) > 1) {
      throw new ValueError(`${who}: strides ${showShape(this.strides)} and dilationRate ${showShape(this.dilationRate)} cannot both be above 1. Leave one of them at 1.`);
    }
    this.activation = getActivation(options.activation === undefined ? 'tanh' : (options.activation ?? 'linear'));
    this.recurrentActivation = getActivation(options.recurrentActivation === undefined ? 'sigmoid' : (options.recurrentActivation ?? 'linear'));
    this.useBias = options.useBias ?? true;
    this.unitForgetBias = options.unitForgetBias ?? true;
    this.dropout = rateOf(options.dropout, `${who}: dropout`);
    this.recurrentDropout = rateOf(options.recurrentDropout, `${who}: recurrentDropout`);
    this.specs = [new WeightSpec(options, 'kernel', 'glorotUniform'), new WeightSpec(options, 'recurrent', 'orthogonal'), new WeightSpec(options, 'bias', 'zeros')];
  }
  override get outputIsState(): boolean { return true; }
  override stateShapes(input: BatchShape): readonly BatchShape[] {
    const extents = windowed(input.slice(1, -1), this.kernelSize, this.strides, this.padding, this.dilationRate, `Layer '${this.name}'`), shape = [...extents, this.filters];
    return [shape, shape];
  }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    const { filters } = this, options = (i: number): WeightSpec['options'] => at(this.specs, i).options;
    this.kernel = this.addWeight('kernel', [...this.kernelSize, knownExtent(at(shapes, 0), -1, this.name), 4 * filters], options(0));
    this.recurrentKernel = this.addWeight('recurrentKernel', [...this.kernelSize, filters, 4 * filters], options(1));
    const bias = options(2);
    if (this.useBias) this.bias = this.addWeight('bias', [4 * filters], this.unitForgetBias ? { ...bias, initializer: withForgetBias(bias.initializer, filters) } : bias);
  }
  private made(weight: Variable | null): Tensor {
    if (weight === null) throw new StateError(`Layer '${this.name}' is not built.`);
    return weight.value;
  }
  call(inputs: readonly Tensor[], context: CallContext): readonly Tensor[] {
    const x: Tensor = ops.conv(dropped(at(inputs, 0), this.dropout, context), this.made(this.kernel), { strides: this.strides, padding: this.padding, dilation: this.dilationRate });
    const h: Tensor = ops.conv(dropped(at(inputs, 1), this.recurrentDropout, context), this.made(this.recurrentKernel), { padding: 'same' });
    const parts = ops.split(ops.add(this.useBias ? ops.add(x, this.made(this.bias)) : x, h), 4, -1);
    const [i, f, o] = [0, 1, 3].map((part) => gate(this.recurrentActivation, at(parts, part))) as [Tensor, Tensor, Tensor];
    const c: Tensor = ops.add(ops.multiply(f, at(inputs, 2)), ops.multiply(i, this.activation.apply(at(parts, 2)))), next: Tensor = ops.multiply(o, this.activation.apply(c));
    return [next, next, c];
  }
  override getConfig(): Config {
    const { filters, kernelSize, strides, padding, dilationRate, useBias, unitForgetBias, dropout, recurrentDropout } = this;
    return {
      ...super.getConfig(), filters, kernelSize, strides, padding, dilationRate, activation: this.activation.serialize(), recurrentActivation: this.recurrentActivation.serialize(),
      useBias, unitForgetBias, dropout, recurrentDropout, ...Object.assign({}, ...this.specs.map((spec) => spec.getConfig())) as Config,
    };
  }
}
