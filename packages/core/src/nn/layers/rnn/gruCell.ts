/**
 * GRUCell (Cho et al. 2014): z = σ(…), r = σ(…), n = tanh(x · W + b + …), h' = z h + (1 - z) n. With `resetAfter` r multiplies h · U + b2 (as CuDNN does), else h itself.
 */
import { at, type Shape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { getActivation, type Activation, type ActivationLike } from '../../activations/index.ts';
import type { CallContext } from '../../layer.ts';
import { booleanOf, numberOf, type Config } from '../../registry-table.ts';
import { UnitCell, type UnitCellOptions } from './cell.ts';
import { dropped, gate, savedOptions } from './gates.ts';

/** Options of `gruCell`. */
export interface GRUCellOptions extends UnitCellOptions {
  /** Activation of the gates; default sigmoid. */
  readonly recurrentActivation?: ActivationLike | null;
  /** The reset gate acts after the recurrent product, which then has a bias of its own. Default true. */
  readonly resetAfter?: boolean;
}
/** Inputs [batch, in] and h [batch, units] → h', h'. Bias [2, 3 · units] with `resetAfter`, else [3 · units]. */
export class GRUCell extends UnitCell {
  readonly className = 'GRUCell';
  readonly recurrentActivation: Activation;
  readonly resetAfter: boolean;
  constructor(units: number, options: GRUCellOptions = {}) {
    super('GRUCell', units, 3, options);
    this.recurrentActivation = getActivation(options.recurrentActivation === undefined ? 'sigmoid' : (options.recurrentActivation ?? 'linear'));
    this.resetAfter = options.resetAfter ?? true;
  }
  static fromConfig(config: Config): GRUCell { return new GRUCell(numberOf(config, 'units', 0), { ...savedOptions(config), resetAfter: booleanOf(config, 'resetAfter', true) }); }
  protected override biasShape(): Shape { return this.resetAfter ? [2, 3 * this.units] : [3 * this.units]; }
  call(inputs: readonly Tensor[], context: CallContext): readonly Tensor[] {
    const { units } = this, before = at(inputs, 1), h = dropped(before, this.recurrentDropout, context), recurrent = this.made(this.recurrentKernel);
    const bias = this.useBias ? (this.resetAfter ? ops.split(this.made(this.bias), 2, 0).map((b) => ops.squeeze(b, 0)) : [this.made(this.bias)]) : [];
    const plus = (y: Tensor, b: Tensor | undefined): Tensor => (b === undefined ? y : ops.add(y, b));
    const x = ops.split(plus(ops.matmul(dropped(at(inputs, 0), this.dropout, context), this.made(this.kernel)), bias[0]), 3, -1);
    const activate = (i: number, product: Tensor): Tensor => gate(this.recurrentActivation, ops.add(at(x, i), product));
    let z: Tensor, inner: Tensor;
    if (this.resetAfter) {
      const products = ops.split(plus(ops.matmul(h, recurrent), bias[1]), 3, -1);
      z = activate(0, at(products, 0));
      inner = ops.multiply(activate(1, at(products, 1)), at(products, 2));
    } else {
      const [forGates, forNew] = ops.split(recurrent, [2 * units], -1) as [Tensor, Tensor], products = ops.split(ops.matmul(h, forGates), 2, -1);
      z = activate(0, at(products, 0));
      inner = ops.matmul(ops.multiply(activate(1, at(products, 1)), h), forNew);
    }
    const fresh = this.activation.apply(ops.add(at(x, 2), inner)), next: Tensor = ops.add(ops.multiply(z, before), ops.multiply(ops.subtract(1, z), fresh));
    return [next, next];
  }
  override getConfig(): Config { return { ...super.getConfig(), recurrentActivation: this.recurrentActivation.serialize(), resetAfter: this.resetAfter }; }
}
