/** GroupNormalization (Wu and He 2018): the channels of each sample in groups, each group to mean 0 and variance 1, then scaled and shifted by channel. */
import { ShapeError, ValueError } from '../../../base/errors.ts';
import { normalizeAxis } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { single, type BatchShape } from '../../layer.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { ScaledNormalization, type ScaledOptions } from './scaled.ts';

/** Options of `groupNormalization`. */
export interface GroupNormalizationOptions extends ScaledOptions {
  /** Number of groups; it divides the number of channels. -1: as many as channels (instance normalization). Default 32. */
  readonly groups?: number;
}
/** Keeps the shape; does the same in training and inference. Weights: gamma, beta, [channels] each. */
export class GroupNormalization extends ScaledNormalization {
  readonly className = 'GroupNormalization';
  readonly groups: number;
  constructor(options: GroupNormalizationOptions = {}) {
    super('GroupNormalization', options);
    this.groups = options.groups ?? 32;
    if (!Number.isInteger(this.groups) || (this.groups < 1 && this.groups !== -1)) throw new ValueError(`GroupNormalization: groups ${this.groups} must be a whole number of at least 1, or -1 for one group per channel.`);
  }
  static fromConfig(config: Config): GroupNormalization { return new GroupNormalization({ ...config, ...layerOptions(config), groups: numberOf(config, 'groups', 32) }); }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    const channels = this.channelsOf(shapes);
    if (channels % this.groupsOf(channels) !== 0) throw new ShapeError(`Layer '${this.name}': ${channels} channels do not divide into ${this.groups} groups. Choose a number of groups that divides them.`);
    super.createWeights(shapes);
  }
  private groupsOf(channels: number): number { return this.groups === -1 ? channels : this.groups; }
  call(inputs: readonly Tensor[]): Tensor {
    const x: Tensor = ops.cast(single(inputs, this.className), 'f32'), own = normalizeAxis(this.axis, x.rank, this.className), channels = x.shape[own] ?? 1, groups = this.groupsOf(channels);
    // the axis of the channels becomes [groups, channels of a group]
    const split = (shape: readonly number[]): number[] => [...shape.slice(0, own), groups, channels / groups, ...shape.slice(own + 1)];
    const grouped = ops.reshape(x, split(x.shape)), axes = grouped.shape.map((_, i) => i).filter((i) => i !== 0 && i !== own);
    const [mean, variance] = ops.moments(grouped, axes, true);
    return ops.reshape(this.normalized(grouped, mean, variance, split(x.shape.map(() => 1))), x.shape);
  }
  override getConfig(): Config { return { ...super.getConfig(), groups: this.groups }; }
}
