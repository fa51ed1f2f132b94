/** What batch and group normalization share: which axis holds the channels, gamma and beta for each of them, and applying all of it. */
import { ValueError } from '../../../base/errors.ts';
import { at, normalizeAxis } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Variable } from '../../../tensor/variable.ts';
import { knownExtent, Layer, singleShape, type BatchShape, type LayerOptions } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { WeightSpec, type WeightChoices } from '../weights.ts';

/** Options of layers that normalize channels. */
export interface ScaledOptions extends LayerOptions, WeightChoices<'beta' | 'gamma'> {
  /** The axis of the channels; default -1, the last. */
  readonly axis?: number;
  /** Added to the variance; default 1e-3. */
  readonly epsilon?: number;
  /** Adds beta; default true. */
  readonly center?: boolean;
  /** Multiplies by gamma; default true. */
  readonly scale?: boolean;
}

export abstract class ScaledNormalization extends Layer {
  readonly axis: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  private readonly gammaSpec: WeightSpec;
  private readonly betaSpec: WeightSpec;
  private gamma: Variable | null = null;
  private beta: Variable | null = null;

  constructor(className: string, options: ScaledOptions) {
    super(className, options);
    this.axis = options.axis ?? -1;
    this.epsilon = options.epsilon ?? 1e-3;
    if (!Number.isInteger(this.axis)) throw new ValueError(`${className}: axis ${this.axis} must be a whole number.`);
    if (!(this.epsilon >= 0)) throw new ValueError(`${className}: epsilon ${this.epsilon} must be at least 0.`);
    this.center = options.center ?? true;
    this.scale = options.scale ?? true;
    this.betaSpec = new WeightSpec(options, 'beta', 'zeros');
    this.gammaSpec = new WeightSpec(options, 'gamma', 'ones');
  }
  override get supportsMasking(): boolean { return true; }
  /** Number of channels of an input. */
  protected channelsOf(shapes: readonly BatchShape[]): number {
    const shape = singleShape(shapes, this.className);
    return knownExtent(shape, normalizeAxis(this.axis, shape.length, this.className), this.className);
  }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    const channels = this.channelsOf(shapes);
    if (this.scale) this.gamma = this.addWeight('gamma', [channels], this.gammaSpec.options);
    if (this.center) this.beta = this.addWeight('beta', [channels], this.betaSpec.options);
  }
  /** (x - mean) / √(variance + epsilon) · gamma + beta; the weights take `shape` first. */
  protected normalized(x: Tensor, mean: Tensor, variance: Tensor, shape: readonly number[]): Tensor {
    const inverse: Tensor = ops.rsqrt(ops.add(variance, this.epsilon)), factor = this.gamma === null ? inverse : ops.multiply(inverse, ops.reshape(this.gamma.value, shape));
    const y: Tensor = ops.multiply(ops.subtract(x, mean), factor);
    return this.beta === null ? y : ops.add(y, ops.reshape(this.beta.value, shape));
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [at(shapes, 0)]; }
  override getConfig(): Config {
    return { ...super.getConfig(), axis: this.axis, epsilon: this.epsilon, center: this.center, scale: this.scale, ...this.betaSpec.getConfig(), ...this.gammaSpec.getConfig() };
  }
}
