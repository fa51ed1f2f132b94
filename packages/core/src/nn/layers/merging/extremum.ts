/** What Maximum and Minimum share: a step that is masked in one input takes the other's value. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Masks } from '../../layer.ts';
import { Merge, wholeMask } from './merge.ts';

export abstract class Extremum extends Merge {
  protected override mergeAll(inputs: readonly Tensor[], masks: Masks): Tensor {
    let result: Tensor | null = null, known: Tensor | null = null;
    inputs.forEach((x, i) => {
      const own = masks[i] ?? null, mask = own === null ? null : wholeMask(own, x);
      if (result === null) { result = x; known = mask; return; }
      const before: Tensor = result, value: Tensor = mask === null ? x : ops.where(mask, x, before), other: Tensor = known === null ? before : ops.where(known, before, value);
      known = mask !== null && known !== null ? ops.logicalOr(known, mask) : null;
      result = this.merge(other, value);
    });
    return result ?? super.mergeAll(inputs, masks);
  }
}
