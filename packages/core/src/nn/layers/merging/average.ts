/** Average: the mean of its inputs. */
import type { DType } from '../../../base/dtype.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { LayerOptions } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { Merge } from './merge.ts';

/** Of meeting shapes; see Merge. Integers become f32. */
export class Average extends Merge {
  readonly className = 'Average';
  constructor(options: LayerOptions = {}) { super('Average', options); }
  static fromConfig(config: Config): Average { return new Average(layerOptions(config)); }
  protected override merge(a: Tensor, b: Tensor): Tensor { return ops.add(a, b); }
  protected override mergeAll(inputs: readonly Tensor[]): Tensor { return ops.divide(super.mergeAll(inputs, []), inputs.length); }
  override outputDType(dtypes: readonly DType[]): DType { return super.outputDType(dtypes) === 'f64' ? 'f64' : 'f32'; }
}
