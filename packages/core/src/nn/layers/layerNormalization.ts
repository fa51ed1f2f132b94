/** LayerNormalization (Ba et al. 2016): each sample's chosen axes to mean 0 and variance 1, then scaled and shifted. */
import { ValueError } from '../../base/errors.ts';
import { at } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { getConstraint, serializeConstraint, type Constraint, type ConstraintLike } from '../constraints/index.ts';
import { getInitializer, serializeInitializer, type Initializer, type InitializerLike } from '../initializers/index.ts';
import { Layer, single, singleShape, type BatchShape, type LayerOptions } from '../layer.ts';
import { booleanOf, numberOf, type Config } from '../registry-table.ts';
import { getRegularizer, serializeRegularizer, type Regularizer, type RegularizerLike } from '../regularizers/index.ts';
import { axesOfConfig, axisExtents, layerOptions, maybe } from './options.ts';

/** Options of `layerNormalization`. */
export interface LayerNormalizationOptions extends LayerOptions {
  /** Axis or axes normalized together; default -1, the last. */
  readonly axis?: number | readonly number[];
  /** Added to the variance; default 1e-3. */
  readonly epsilon?: number;
  /** Adds beta; default true. */
  readonly center?: boolean;
  /** Multiplies by gamma; default true. */
  readonly scale?: boolean;
  /** Default zeros. */
  readonly betaInitializer?: InitializerLike;
  /** Default ones. */
  readonly gammaInitializer?: InitializerLike;
  readonly betaRegularizer?: RegularizerLike | null;
  readonly gammaRegularizer?: RegularizerLike | null;
  readonly betaConstraint?: ConstraintLike | null;
  readonly gammaConstraint?: ConstraintLike | null;
}

/** (x - mean) / √(variance + epsilon) · gamma + beta. Keeps the shape. Weights: gamma, beta, with the extents of the axes in ascending order. */
export class LayerNormalization extends Layer {
  readonly className = 'LayerNormalization';
  readonly axis: number | readonly number[];
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  readonly betaInitializer: Initializer;
  readonly gammaInitializer: Initializer;
  readonly betaRegularizer: Regularizer | null;
  readonly gammaRegularizer: Regularizer | null;
  readonly betaConstraint: Constraint | null;
  readonly gammaConstraint: Constraint | null;
  private gamma: Variable | null = null;
  private beta: Variable | null = null;

  constructor(options: LayerNormalizationOptions = {}) {
    super('LayerNormalization', options);
    this.axis = options.axis ?? -1;
    this.epsilon = options.epsilon ?? 1e-3;
    if (!(this.epsilon >= 0)) throw new ValueError(`LayerNormalization: epsilon ${this.epsilon} must be at least 0.`);
    this.center = options.center ?? true;
    this.scale = options.scale ?? true;
    this.betaInitializer = getInitializer(options.betaInitializer ?? 'zeros');
    this.gammaInitializer = getInitializer(options.gammaInitializer ?? 'ones');
    this.betaRegularizer = maybe(options.betaRegularizer, getRegularizer);
    this.gammaRegularizer = maybe(options.gammaRegularizer, getRegularizer);
    this.betaConstraint = maybe(options.betaConstraint, getConstraint);
    this.gammaConstraint = maybe(options.gammaConstraint, getConstraint);
  }
  static fromConfig(config: Config): LayerNormalization {
    return new LayerNormalization({
      ...layerOptions(config), axis: axesOfConfig(config), epsilon: numberOf(config, 'epsilon', 1e-3), center: booleanOf(config, 'center', true), scale: booleanOf(config, 'scale', true),
      ...(config as Partial<Record<'betaInitializer' | 'gammaInitializer' | 'betaRegularizer' | 'gammaRegularizer' | 'betaConstraint' | 'gammaConstraint', never>>),
    });
  }
  override get supportsMasking(): boolean { return true; }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    const extents = axisExtents(singleShape(shapes, 'LayerNormalization'), this.axis, 'LayerNormalization');
    if (this.scale) this.gamma = this.addWeight('gamma', extents, { initializer: this.gammaInitializer, regularizer: this.gammaRegularizer, constraint: this.gammaConstraint });
    if (this.center) this.beta = this.addWeight('beta', extents, { initializer: this.betaInitializer, regularizer: this.betaRegularizer, constraint: this.betaConstraint });
  }
  call(inputs: readonly Tensor[]): Tensor {
    return ops.layerNormalization(single(inputs, 'LayerNormalization'), this.gamma?.value ?? null, this.beta?.value ?? null, this.axis, this.epsilon);
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [at(shapes, 0)]; }
  override getConfig(): Config {
    return {
      ...super.getConfig(), axis: this.axis, epsilon: this.epsilon, center: this.center, scale: this.scale,
      betaInitializer: serializeInitializer(this.betaInitializer), gammaInitializer: serializeInitializer(this.gammaInitializer),
      betaRegularizer: serializeRegularizer(this.betaRegularizer), gammaRegularizer: serializeRegularizer(this.gammaRegularizer),
      betaConstraint: serializeConstraint(this.betaConstraint), gammaConstraint: serializeConstraint(this.gammaConstraint),
    };
  }
}
