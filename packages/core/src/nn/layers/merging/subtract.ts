/** Subtract: the first input less the second. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { LayerOptions } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { Merge } from './merge.ts';

/** Two inputs of meeting shapes; see Merge. */
export class Subtract extends Merge {
  readonly className = 'Subtract';
  protected override readonly arity = 2;
  constructor(options: LayerOptions = {}) { super('Subtract', options); }
  static fromConfig(config: Config): Subtract { return new Subtract(layerOptions(config)); }
  protected override merge(a: Tensor, b: Tensor): Tensor { return ops.subtract(a, b); }
}
