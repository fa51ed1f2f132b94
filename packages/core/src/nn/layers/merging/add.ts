/** Add: the sum of its inputs. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { LayerOptions } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { Merge } from './merge.ts';

/** Of meeting shapes; see Merge. */
export class Add extends Merge {
  readonly className = 'Add';
  constructor(options: LayerOptions = {}) { super('Add', options); }
  static fromConfig(config: Config): Add { return new Add(layerOptions(config)); }
  protected override merge(a: Tensor, b: Tensor): Tensor { return ops.add(a, b); }
}
