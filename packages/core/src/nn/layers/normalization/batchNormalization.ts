/**
 * BatchNormalization (Ioffe and Szegedy 2015): each channel to mean 0 and variance 1, by the statistics of the batch while training and by their moving
 * averages otherwise. The averages are weights that the program of the training step assigns.
 */
import { ShapeError, ValueError } from '../../../base/errors.ts';
import { normalizeAxis, showShape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Variable } from '../../../tensor/variable.ts';
import { EPSILON } from '../../epsilon.ts';
import { getInitializer, serializeInitializer, type Initializer, type InitializerLike } from '../../initializers/index.ts';
import { single, type BatchShape, type CallContext } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { ScaledNormalization, type ScaledOptions } from './scaled.ts';

/** Options of `batchNormalization`. */
export interface BatchNormalizationOptions extends ScaledOptions {
  /** How much of a moving average stays in each step; default 0.99. */
  readonly momentum?: number;
  /** Default zeros. */
  readonly movingMeanInitializer?: InitializerLike;
  /** Default ones. */
  readonly movingVarianceInitializer?: InitializerLike;
}
/**
 * Keeps the shape. Weights: gamma, beta, moving_mean, moving_variance, [channels] each. Places that a mask [batch, …] (the input's shape without the channels)
 * leaves out do not count in the statistics. With `trainable = false` it normalizes by the moving averages and leaves them as they are, also while training.
 */
export class BatchNormalization extends ScaledNormalization {
  readonly className = 'BatchNormalization';
  readonly momentum: number;
  readonly movingMeanInitializer: Initializer;
  readonly movingVarianceInitializer: Initializer;
  private movingMean: Variable | null = null;
  private movingVariance: Variable | null = null;

  constructor(options: BatchNormalizationOptions = {}) {
    super('BatchNormalization', options);
    this.momentum = options.momentum ?? 0.99;
    if (!(this.momentum >= 0 && this.momentum <= 1)) throw new ValueError(`BatchNormalization: momentum ${this.momentum} must be within 0 and 1.`);
    this.movingMeanInitializer = getInitializer(options.movingMeanInitializer ?? 'zeros');
    this.movingVarianceInitializer = getInitializer(options.movingVarianceInitializer ?? 'ones');
  }
  static fromConfig(config: Config): BatchNormalization { return new BatchNormalization({ ...config, ...layerOptions(config) }); }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    super.createWeights(shapes);
    const shape = [this.channelsOf(shapes)];
    this.movingMean = this.addWeight('moving_mean', shape, { initializer: this.movingMeanInitializer, trainable: false });
    this.movingVariance = this.addWeight('moving_variance', shape, { initializer: this.movingVarianceInitializer, trainable: false });
  }
  call(inputs: readonly Tensor[], context: CallContext): Tensor {
    const x: Tensor = ops.cast(single(inputs, this.className), 'f32'), { movingMean, movingVariance } = this;
    if (movingMean === null || movingVariance === null) throw new ShapeError('BatchNormalization is not built.');
    const own = normalizeAxis(this.axis, x.rank, this.className), axes = x.shape.map((_, i) => i).filter((i) => i !== own), wide = x.shape.map((d, i) => (i === own ? d : 1));
    if (!context.training || !this.trainable) return this.normalized(x, ops.reshape(movingMean.value, wide), ops.reshape(movingVariance.value, wide), wide);
    const [mean, variance] = this.statistics(x, axes, context.masks?.[0] ?? null);
    const move = (average: Variable, value: Tensor): void => {
      average.assign(ops.add(ops.multiply(average.value, this.momentum), ops.multiply(ops.reshape(value, average.shape), 1 - this.momentum)));
    };
    move(movingMean, mean);
    move(movingVariance, variance);
    return this.normalized(x, mean, variance, wide);
  }
  /** Mean and variance over the axes, which stay with extent 1; places that the mask leaves out do not count. */
  private statistics(x: Tensor, axes: readonly number[], mask: Tensor | null): readonly [Tensor, Tensor] {
    if (mask === null) return ops.moments(x, axes, true);
    if (mask.rank !== x.rank - 1) throw new ShapeError(`BatchNormalization: the mask ${showShape(mask.shape)} must have one axis less than the input ${showShape(x.shape)}.`);
    const counts = ops.broadcastTo(ops.cast(ops.expandDims(mask, -1), 'f32'), x.shape), n = ops.add(ops.sum(counts, axes, true), EPSILON);
    const average = (values: Tensor): Tensor => ops.divide(ops.sum(ops.where(counts, values, 0), axes, true), n);
    const mean = average(x);
    return [mean, average(ops.square(ops.subtract(x, mean)))];
  }
  override getConfig(): Config {
    return {
      ...super.getConfig(), momentum: this.momentum, movingMeanInitializer: serializeInitializer(this.movingMeanInitializer),
      movingVarianceInitializer: serializeInitializer(this.movingVarianceInitializer),
    };
  }
}
