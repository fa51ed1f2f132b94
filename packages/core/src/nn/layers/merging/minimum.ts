/** Minimum: the smallest of its inputs, element by element. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { LayerOptions } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { Extremum } from './extremum.ts';

/** Of meeting shapes; see Merge. A masked step does not compete. */
export class Minimum extends Extremum {
  readonly className = 'Minimum';
  constructor(options: LayerOptions = {}) { super('Minimum', options); }
  static fromConfig(config: Config): Minimum { return new Minimum(layerOptions(config)); }
  protected override merge(a: Tensor, b: Tensor): Tensor { return ops.minimum(a, b); }
}
