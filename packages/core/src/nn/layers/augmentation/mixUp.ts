/** MixUp (Zhang et al. 2018): images and labels become weighted means of two. */
import { ValueError } from '../../../base/errors.ts';
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import type { ImageOptions } from '../preprocessing/image.ts';
import { savedOptions, type Keys } from './base.ts';
import { symmetricBeta } from './beta.ts';
import { Mixing } from './mixing.ts';

/** Options of `mixUp`. */
export interface MixUpOptions extends ImageOptions {
  /** Weights are Beta(alpha, alpha): the smaller, the nearer to 0 or 1. Default 0.2. */
  readonly alpha?: number;
}
export class MixUp extends Mixing {
  readonly className = 'MixUp';
  readonly alpha: number;
  constructor(options: MixUpOptions = {}) {
    super('MixUp', options);
    this.alpha = options.alpha ?? 0.2;
    if (!(this.alpha > 0)) throw new ValueError(`MixUp '${this.name}': alpha ${this.alpha} must be above 0.`);
  }
  static fromConfig(config: Config): MixUp { return new MixUp({ ...savedOptions<MixUpOptions>(config), alpha: numberOf(config, 'alpha', 0.2) }); }
  protected mix(images: Tensor, others: Tensor, keys: Keys): { readonly images: Tensor; readonly weight: Tensor } {
    const weight = symmetricBeta(at(images.shape, 0), this.alpha, keys), wide = ops.reshape(weight, [at(images.shape, 0), 1, 1, 1]);
    return { images: ops.add(ops.multiply(images, wide), ops.multiply(others, ops.subtract(1, wide))), weight };
  }
  override getConfig(): Config { return { ...super.getConfig(), alpha: this.alpha }; }
}
