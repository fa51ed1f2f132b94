/** Dense: activation(x · kernel + bias) over the last axis. */
import { ShapeError, ValueError } from '../../base/errors.ts';
import { showShape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { getActivation, type Activation, type ActivationLike } from '../activations/index.ts';
import { getConstraint, serializeConstraint, type Constraint, type ConstraintLike } from '../constraints/index.ts';
import { getInitializer, serializeInitializer, type Initializer, type InitializerLike } from '../initializers/index.ts';
import { knownExtent, Layer, single, singleShape, type BatchShape, type LayerOptions } from '../layer.ts';
import { booleanOf, numberOf, type Config } from '../registry-table.ts';
import { getRegularizer, serializeRegularizer, type Regularizer, type RegularizerLike } from '../regularizers/index.ts';
import { layerOptions, maybe } from './options.ts';

/** Options of `dense`. */
export interface DenseOptions extends LayerOptions {
  /** Default linear. */
  readonly activation?: ActivationLike | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default glorotUniform. */
  readonly kernelInitializer?: InitializerLike;
  /** Default zeros. */
  readonly biasInitializer?: InitializerLike;
  readonly kernelRegularizer?: RegularizerLike | null;
  readonly biasRegularizer?: RegularizerLike | null;
  readonly kernelConstraint?: ConstraintLike | null;
  readonly biasConstraint?: ConstraintLike | null;
}

/** Input [batch, …, in] → [batch, …, units]. Weights: kernel [in, units], bias [units]. */
export class Dense extends Layer {
  readonly className = 'Dense';
  readonly units: number;
  readonly activation: Activation;
  readonly useBias: boolean;
  readonly kernelInitializer: Initializer;
  readonly biasInitializer: Initializer;
  readonly kernelRegularizer: Regularizer | null;
  readonly biasRegularizer: Regularizer | null;
  readonly kernelConstraint: Constraint | null;
  readonly biasConstraint: Constraint | null;
  private kernel: Variable | null = null;
  private bias: Variable | null = null;

  constructor(units: number, options: DenseOptions = {}) {
    super('Dense', options);
    if (!Number.isInteger(units) || units < 1) throw new ValueError(`Dense: units ${units} must be a whole number of at least 1.`);
    this.units = units;
    this.activation = getActivation(options.activation ?? 'linear');
    this.useBias = options.useBias ?? true;
    this.kernelInitializer = getInitializer(options.kernelInitializer ?? 'glorotUniform');
    this.biasInitializer = getInitializer(options.biasInitializer ?? 'zeros');
    this.kernelRegularizer = maybe(options.kernelRegularizer, getRegularizer);
    this.biasRegularizer = maybe(options.biasRegularizer, getRegularizer);
    this.kernelConstraint = maybe(options.kernelConstraint, getConstraint);
    this.biasConstraint = maybe(options.biasConstraint, getConstraint);
  }
  static fromConfig(config: Config): Dense {
    return new Dense(numberOf(config, 'units', 0), {
      ...layerOptions(config),
      useBias: booleanOf(config, 'useBias', true),
      ...(config as Partial<Record<'activation' | 'kernelInitializer' | 'biasInitializer' | 'kernelRegularizer' | 'biasRegularizer' | 'kernelConstraint' | 'biasConstraint', never>>),
    });
  }
  override get supportsMasking(): boolean { return true; }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    const shape = singleShape(shapes, 'Dense');
    if (shape.length < 2) throw new ShapeError(`Dense needs [batch, …, features], got ${showShape(shape)}.`);
    const width = knownExtent(shape, -1, 'Dense');
    this.kernel = this.addWeight('kernel', [width, this.units], { initializer: this.kernelInitializer, regularizer: this.kernelRegularizer, constraint: this.kernelConstraint });
    if (this.useBias) this.bias = this.addWeight('bias', [this.units], { initializer: this.biasInitializer, regularizer: this.biasRegularizer, constraint: this.biasConstraint });
  }
  call(inputs: readonly Tensor[]): Tensor {
    const x = single(inputs, 'Dense');
    if (this.kernel === null) throw new ShapeError('Dense is not built.');
    const product: Tensor = ops.matmul(x, this.kernel.value);
    return this.activation.apply(this.bias === null ? product : ops.add(product, this.bias.value));
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [[...singleShape(shapes, 'Dense').slice(0, -1), this.units]]; }
  override getConfig(): Config {
    return {
      ...super.getConfig(), units: this.units, activation: this.activation.serialize(), useBias: this.useBias,
      kernelInitializer: serializeInitializer(this.kernelInitializer), biasInitializer: serializeInitializer(this.biasInitializer),
      kernelRegularizer: serializeRegularizer(this.kernelRegularizer), biasRegularizer: serializeRegularizer(this.biasRegularizer),
      kernelConstraint: serializeConstraint(this.kernelConstraint), biasConstraint: serializeConstraint(this.biasConstraint),
    };
  }
}
