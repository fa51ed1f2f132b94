/** SimpleRNNCell: h' = activation(x · kernel + bias + h · recurrentKernel) (Elman 1990). */
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { CallContext } from '../../layer.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import { UnitCell, type UnitCellOptions } from './cell.ts';
import { dropped, gate, savedOptions } from './gates.ts';

/** Options of `simpleRNNCell`. */
export type SimpleRNNCellOptions = UnitCellOptions;
/** Inputs [batch, in] and h [batch, units] → h', h'. */
export class SimpleRNNCell extends UnitCell {
  readonly className = 'SimpleRNNCell';
  constructor(units: number, options: SimpleRNNCellOptions = {}) { super('SimpleRNNCell', units, 1, options); }
  static fromConfig(config: Config): SimpleRNNCell { return new SimpleRNNCell(numberOf(config, 'units', 0), savedOptions(config)); }
  call(inputs: readonly Tensor[], context: CallContext): readonly Tensor[] {
    const x: Tensor = ops.matmul(dropped(at(inputs, 0), this.dropout, context), this.made(this.kernel));
    const h: Tensor = ops.matmul(dropped(at(inputs, 1), this.recurrentDropout, context), this.made(this.recurrentKernel));
    const next = gate(this.activation, ops.add(this.useBias ? ops.add(x, this.made(this.bias)) : x, h));
    return [next, next];
  }
}
