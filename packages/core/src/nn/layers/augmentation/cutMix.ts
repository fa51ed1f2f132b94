/** CutMix (Yun et al. 2019): a rectangle of another image is pasted in, and labels are mixed by its share. */
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { uniform } from '../../../tensor/random.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Config } from '../../registry-table.ts';
import type { ImageOptions } from '../preprocessing/image.ts';
import { Draw, rangeOf, savedFactor, savedOptions, type Factor, type Keys, type Range } from './base.ts';
import { symmetricBeta } from './beta.ts';
import { randomBox } from './box.ts';
import { Mixing } from './mixing.ts';

/** `factor`: the alpha of the beta distribution of shares, drawn for each batch, within 0 and 1; one number f draws from 0 to f. Default 1. */
export class CutMix extends Mixing {
  readonly className = 'CutMix';
  readonly factor: Range;
  constructor(factor: Factor = 1, options: ImageOptions = {}) {
    super('CutMix', options);
    this.factor = rangeOf(factor, [0, 1], `CutMix '${this.name}': factor`);
  }
  static fromConfig(config: Config): CutMix { return new CutMix(savedFactor(config), savedOptions(config)); }
  protected mix(images: Tensor, others: Tensor, keys: Keys): { readonly images: Tensor; readonly weight: Tensor } {
    const batch = at(images.shape, 0), alpha = ops.add(uniform([1], keys.next(), { min: this.factor[0], max: this.factor[1] }), 1e-6);
    const side = ops.reshape(ops.sqrt(ops.subtract(1, symmetricBeta(batch, alpha, keys))), [batch, 1, 1, 1]), box = randomBox(at(images.shape, 1), at(images.shape, 2), side, side, new Draw(batch, keys));
    return { images: ops.where(box.mask, others, images), weight: ops.reshape(ops.subtract(1, box.share), [batch]) };
  }
  override getConfig(): Config { return { ...super.getConfig(), factor: this.factor }; }
}
