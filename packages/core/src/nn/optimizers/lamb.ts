/** LAMB (You et al. 2019): Adam whose step is as long as the weights for each layer; for large batches. Keras 3's formulas and defaults. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { AdamOptions } from './adam.ts';
import { blend, norm, Optimizer, unbias, type Named, type Slot, type Update, type Updated } from './optimizer.ts';

type Slots = 'momentum' | 'velocity';
type Factor = 'learningRate' | 'first' | 'second';
/** u = m̂ / (sqrt(v̂) + ε) as in Adam; w ← w - rate · |w| / |u| · u (the ratio is 1 where a norm is 0). Learning rate 0.001. */
export class Lamb extends Optimizer<Slots, Factor> {
  declare readonly beta1: number;
  declare readonly beta2: number;
  declare readonly epsilon: number;
  constructor(options: Omit<AdamOptions, 'amsgrad'> = {}) { super('Lamb', options, { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }); }
  protected override slots(): Named<Slots, Slot> { return { momentum: {}, velocity: {} }; }
  protected override factors(learningRate: Tensor, step: Tensor): Named<Factor, Tensor> { return { learningRate, first: unbias(this.beta1, step), second: unbias(this.beta2, step) }; }
  protected override update({ weight, gradient, slots }: Update<Slots>, { learningRate, first, second }: Named<Factor, Tensor>): Updated {
    const momentum = blend(slots.momentum, gradient, this.beta1), velocity = blend(slots.velocity, ops.square(gradient), this.beta2);
    const step = ops.divide(ops.divide(momentum, first), ops.add(ops.sqrt(ops.divide(velocity, second)), this.epsilon));
    const own = norm(weight), other = norm(step), ratio = ops.where(ops.greater(ops.multiply(own, other), 0), ops.divide(own, other), 1);
    return { weight: ops.subtract(weight, ops.multiply(ops.multiply(ratio, learningRate), step)), momentum, velocity };
  }
}
