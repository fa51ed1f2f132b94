/** Multiply: the product of its inputs. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { LayerOptions, Masks } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { Merge, wholeMask } from './merge.ts';

/** Of meeting shapes; see Merge. A masked step counts as 1, and the product as 0 where all inputs are masked. */
export class Multiply extends Merge {
  readonly className = 'Multiply';
  constructor(options: LayerOptions = {}) { super('Multiply', options); }
  static fromConfig(config: Config): Multiply { return new Multiply(layerOptions(config)); }
  protected override merge(a: Tensor, b: Tensor): Tensor { return ops.multiply(a, b); }
  protected override mergeAll(inputs: readonly Tensor[], masks: Masks): Tensor {
    const own = inputs.map((x, i) => { const mask = masks[i] ?? null; return mask === null ? x : ops.where(wholeMask(mask, x), x, 1); });
    const product = super.mergeAll(own, masks), [mask] = this.computeMask(inputs, masks);
    return mask === null || mask === undefined ? product : ops.where(wholeMask(mask, product), product, 0);
  }
}
