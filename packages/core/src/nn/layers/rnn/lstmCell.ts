/**
 * LSTMCell (Hochreiter and Schmidhuber 1997, with forget gate: Gers et al. 2000). With z = x · kernel + bias + h · recurrentKernel, cut into i, f, g, o:
 * c' = σ(f) c + σ(i) tanh(g), h' = σ(o) tanh(c').
 */
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { getActivation, type Activation, type ActivationLike } from '../../activations/index.ts';
import type { Initializer } from '../../initializers/index.ts';
import type { BatchShape, CallContext, WeightOptions } from '../../layer.ts';
import { booleanOf, numberOf, type Config } from '../../registry-table.ts';
import { UnitCell, type UnitCellOptions } from './cell.ts';
import { dropped, gate, savedOptions } from './gates.ts';

/** Options of `lstmCell`. */
export interface LSTMCellOptions extends UnitCellOptions {
  /** Activation of the gates; default sigmoid. */
  readonly recurrentActivation?: ActivationLike | null;
  /** The forget gate's bias starts at 1 (Jozefowicz et al. 2015). Default true. */
  readonly unitForgetBias?: boolean;
}
/** The second quarter is ones, the rest as `base` says. */
export function withForgetBias(base: Initializer, units: number): Initializer {
  return {
    className: base.className,
    getConfig: () => base.getConfig(),
    generate: (shape, dtype, key) => { const values = base.generate(shape, dtype, key); values.fill(1, units, 2 * units); return values; },
  };
}
/** Inputs [batch, in], h and c [batch, units] → h', h', c'. */
export class LSTMCell extends UnitCell {
  readonly className = 'LSTMCell';
  readonly recurrentActivation: Activation;
  readonly unitForgetBias: boolean;
  constructor(units: number, options: LSTMCellOptions = {}) {
    super('LSTMCell', units, 4, options);
    this.recurrentActivation = getActivation(options.recurrentActivation === undefined ? 'sigmoid' : (options.recurrentActivation ?? 'linear'));
    this.unitForgetBias = options.unitForgetBias ?? true;
  }
  static fromConfig(config: Config): LSTMCell { return new LSTMCell(numberOf(config, 'units', 0), { ...savedOptions(config), unitForgetBias: booleanOf(config, 'unitForgetBias', true) }); }
  override stateShapes(_input: BatchShape): readonly BatchShape[] { return [[this.units], [this.units]]; }
  protected override biasOptions(options: WeightOptions): WeightOptions { return this.unitForgetBias ? { ...options, initializer: withForgetBias(options.initializer, this.units) } : options; }
  call(inputs: readonly Tensor[], context: CallContext): readonly Tensor[] {
    const x: Tensor = ops.matmul(dropped(at(inputs, 0), this.dropout, context), this.made(this.kernel));
    const h: Tensor = ops.matmul(dropped(at(inputs, 1), this.recurrentDropout, context), this.made(this.recurrentKernel));
    const z: Tensor = ops.add(this.useBias ? ops.add(x, this.made(this.bias)) : x, h), parts = ops.split(z, 4, -1);
    const [i, f, o] = [0, 1, 3].map((part) => gate(this.recurrentActivation, at(parts, part))) as [Tensor, Tensor, Tensor], g = this.activation.apply(at(parts, 2));
    const c: Tensor = ops.add(ops.multiply(f, at(inputs, 2)), ops.multiply(i, g)), next: Tensor = ops.multiply(o, this.activation.apply(c));
    return [next, next, c];
  }
  override getConfig(): Config { return { ...super.getConfig(), recurrentActivation: this.recurrentActivation.serialize(), unitForgetBias: this.unitForgetBias }; }
}
