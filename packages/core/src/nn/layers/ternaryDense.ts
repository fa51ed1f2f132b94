/**
 * TernaryDense: a dense layer whose kernel counts as -1, 0 or 1 (BitNet b1.58, Ma et al. 2024, https://arxiv.org/abs/2402.17764). The float kernel is kept and
 * trained: gradients pass the rounding as if it were not there.
 */
import { ShapeError, ValueError } from '../../base/errors.ts';
import { showShape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { getActivation, type Activation, type ActivationLike } from '../activations/index.ts';
import { knownExtent, Layer, single, singleShape, type BatchShape, type LayerOptions } from '../layer.ts';
import { numberOf, type Config } from '../registry-table.ts';
import { layerOptions } from './options.ts';
import { WeightSpec, type WeightChoices } from './weights.ts';

/** Options of `ternaryDense`. */
export interface TernaryDenseOptions extends LayerOptions, WeightChoices<'kernel'>, WeightChoices<'bias'> {
  /** |kernel| up to it counts as 0. Default: half the mean of |kernel|; then the product is scaled by that mean, too. */
  readonly threshold?: number | null;
  /** Default linear. */
  readonly activation?: ActivationLike | null;
  /** Default true. */
  readonly useBias?: boolean;
}

/** Input [batch, …, in] → [batch, …, units]. Weights: kernel [in, units], bias [units]. */
export class TernaryDense extends Layer {
  readonly className = 'TernaryDense';
  readonly units: number;
  readonly threshold: number | null;
  readonly activation: Activation;
  readonly useBias: boolean;
  private readonly spec: { readonly kernel: WeightSpec; readonly bias: WeightSpec };
  private kernel: Variable | null = null;
  private bias: Variable | null = null;

  constructor(units: number, options: TernaryDenseOptions = {}) {
    super('TernaryDense', options);
    if (!Number.isInteger(units) || units < 1) throw new ValueError(`TernaryDense: units ${units} must be a whole number of at least 1.`);
    this.units = units;
    this.threshold = options.threshold ?? null;
    if (this.threshold !== null && !(this.threshold >= 0)) throw new ValueError(`TernaryDense: threshold ${this.threshold} must be at least 0.`);
    this.activation = getActivation(options.activation ?? 'linear');
    this.useBias = options.useBias ?? true;
    this.spec = { kernel: new WeightSpec(options, 'kernel', 'glorotUniform'), bias: new WeightSpec(options, 'bias', 'zeros') };
  }
  static fromConfig(config: Config): TernaryDense { return new TernaryDense(numberOf(config, 'units', 0), { ...(config as TernaryDenseOptions), ...layerOptions(config) }); }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    const shape = singleShape(shapes, 'TernaryDense');
    if (shape.length < 2) throw new ShapeError(`TernaryDense needs [batch, …, features], got ${showShape(shape)}.`);
    this.kernel = this.addWeight('kernel', [knownExtent(shape, -1, 'TernaryDense'), this.units], this.spec.kernel.options);
    if (this.useBias) this.bias = this.addWeight('bias', [this.units], this.spec.bias.options);
  }
  override get supportsMasking(): boolean { return true; }
  call(inputs: readonly Tensor[]): Tensor {
    const x = single(inputs, 'TernaryDense');
    if (this.kernel === null) throw new ShapeError('TernaryDense is not built.');
    const kernel = this.kernel.value, size: Tensor = ops.abs(kernel), scale: Tensor = ops.mean(size), least = this.threshold ?? ops.multiply(scale, 0.5);
    const ternary = ops.where(ops.greater(size, least), ops.sign(kernel), 0);
    let y: Tensor = ops.matmul(x, ops.add(kernel, ops.stopGradient(ops.subtract(ternary, kernel))));
    if (this.threshold === null) y = ops.multiply(y, scale);
    return this.activation.apply(this.bias === null ? y : ops.add(y, this.bias.value));
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [[...singleShape(shapes, 'TernaryDense').slice(0, -1), this.units]]; }
  override getConfig(): Config {
    return { ...super.getConfig(), units: this.units, threshold: this.threshold, activation: this.activation.serialize(), useBias: this.useBias, ...this.spec.kernel.getConfig(), ...this.spec.bias.getConfig() };
  }
}
