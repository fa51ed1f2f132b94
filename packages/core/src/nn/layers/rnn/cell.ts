/**
 * A cell: what a recurrent network does in one step. Its inputs are [x, state…], its results [output, next state…]. `RNN` runs any such layer over sequences.
 */
import { StateError } from '../../../base/errors.ts';
import { at, type Shape } from '../../../base/shape.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Variable } from '../../../tensor/variable.ts';
import { getActivation, type Activation, type ActivationLike } from '../../activations/index.ts';
import { knownExtent, Layer, type BatchShape, type CallContext, type LayerOptions } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { WeightSpec, type WeightChoices } from '../weights.ts';
import { rateOf, unitCount } from './gates.ts';

/** A layer that takes [x, state…] and gives [output, next state…]; derive from it to write a cell of your own. */
export abstract class RNNCell extends Layer {
  /** The output is the first of the next states, as in all built-in cells. */
  get outputIsState(): boolean { return false; }
  /** Shapes of the states, without the batch, for a step's input of this shape. */
  abstract stateShapes(input: BatchShape): readonly BatchShape[];
  /** Shape of the output for a step's input. Default: that of the first state, with the batch. */
  stepShape(input: BatchShape): BatchShape { return [input[0] ?? null, ...at(this.stateShapes(input), 0)]; }
  /** Builds for steps of this shape. */
  buildStep(input: BatchShape): void { this.build([input, ...this.stateShapes(input).map((s) => [input[0] ?? null, ...s])]); }
  override outputShapes([input, ...states]: readonly BatchShape[]): readonly BatchShape[] { return [this.stepShape(input ?? []), ...states]; }
}

/** Options of `simpleRNNCell`, `gruCell`, `lstmCell` and their layers. */
export interface UnitCellOptions extends LayerOptions, WeightChoices<'kernel'>, WeightChoices<'recurrent'>, WeightChoices<'bias'> {
  /** Default tanh. */
  readonly activation?: ActivationLike | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Fraction of the inputs dropped while training, the same ones in each step. Default 0. */
  readonly dropout?: number;
  /** Fraction of the state's elements dropped in the recurrent product while training. Default 0. */
  readonly recurrentDropout?: number;
}

/** Cells of `units` units whose weights are kernel [in, gates · units], recurrentKernel [units, gates · units] and bias. */
export abstract class UnitCell extends RNNCell {
  readonly units: number;
  readonly activation: Activation;
  readonly useBias: boolean;
  readonly dropout: number;
  readonly recurrentDropout: number;
  private readonly specs: readonly WeightSpec[];
  private readonly gates: number;
  protected kernel: Variable | null = null;
  protected recurrentKernel: Variable | null = null;
  protected bias: Variable | null = null;

  constructor(className: string, units: number, gates: number, options: UnitCellOptions) {
    super(className, options);
    this.units = unitCount(units, className);
    this.gates = gates;
    this.activation = getActivation(options.activation === undefined ? 'tanh' : (options.activation ?? 'linear'));
    this.useBias = options.useBias ?? true;
    this.dropout = rateOf(options.dropout, `${className}: dropout`);
    this.recurrentDropout = rateOf(options.recurrentDropout, `${className}: recurrentDropout`);
    this.specs = [new WeightSpec(options, 'kernel', 'glorotUniform'), new WeightSpec(options, 'recurrent', 'orthogonal'), new WeightSpec(options, 'bias', 'zeros')];
  }
  override get outputIsState(): boolean { return true; }
  override stateShapes(_input: BatchShape): readonly BatchShape[] { return [[this.units]]; }
  /** Shape of the bias. */
  protected biasShape(): Shape { return [this.gates * this.units]; }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    const width = this.gates * this.units, options = (i: number): WeightSpec['options'] => at(this.specs, i).options;
    this.kernel = this.addWeight('kernel', [knownExtent(at(shapes, 0), -1, this.className), width], options(0));
    this.recurrentKernel = this.addWeight('recurrentKernel', [this.units, width], options(1));
    if (this.useBias) this.bias = this.addWeight('bias', this.biasShape(), this.biasOptions(options(2)));
  }
  /** For cells whose bias starts elsewhere. */
  protected biasOptions(options: WeightSpec['options']): WeightSpec['options'] { return options; }
  abstract override call(inputs: readonly Tensor[], context: CallContext): readonly Tensor[];
  override getConfig(): Config {
    return {
      ...super.getConfig(), units: this.units, activation: this.activation.serialize(), useBias: this.useBias, dropout: this.dropout, recurrentDropout: this.recurrentDropout,
      ...Object.assign({}, ...this.specs.map((spec) => spec.getConfig())) as Config,
    };
  }
  /** A weight that must be there by now. */
  protected made(weight: Variable | null): Tensor {
    if (weight === null) throw new StateError(`Layer '${this.name}' is not built.`);
    return weight.value;
  }
}
