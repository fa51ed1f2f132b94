/** GlobalAveragePooling1D: the mean over the steps of a sequence. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { CallContext, Masks } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { GlobalPooling, savedGlobal, type GlobalPoolingOptions } from './global.ts';

/** Input [batch, steps, channels] → [batch, channels]. With a mask, the mean over the steps that count. No weights. */
export class GlobalAveragePooling1D extends GlobalPooling {
  readonly className = 'GlobalAveragePooling1D';
  constructor(options: GlobalPoolingOptions = {}) { super('GlobalAveragePooling1D', 'average', 1, options); }
  static fromConfig(config: Config): GlobalAveragePooling1D { return new GlobalAveragePooling1D(savedGlobal(config)); }
  protected override pool(x: Tensor, axes: readonly number[], context: CallContext): Tensor {
    const mask = context.masks?.[0] ?? null, axis = axes[0] ?? 1;
    if (mask === null) return super.pool(x, axes, context);
    const counts: Tensor = ops.expandDims(ops.cast(mask, 'f32'), axis === 1 ? 2 : 1);
    return ops.divide(ops.sum(ops.multiply(x, counts), axis, this.keepdims), ops.sum(counts, axis, this.keepdims));
  }
  override get supportsMasking(): boolean { return true; }
  /** The steps are gone, and their mask with them. */
  override computeMask(): Masks { return []; }
}
