/** Maximum: the largest of its inputs, element by element. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { LayerOptions } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { Extremum } from './extremum.ts';

/** Of meeting shapes; see Merge. A masked step does not compete. */
export class Maximum extends Extremum {
  readonly className = 'Maximum';
  constructor(options: LayerOptions = {}) { super('Maximum', options); }
  static fromConfig(config: Config): Maximum { return new Maximum(layerOptions(config)); }
  protected override merge(a: Tensor, b: Tensor): Tensor { return ops.maximum(a, b); }
}
