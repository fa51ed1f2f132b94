/** Muon (Jordan 2024; scaled as in Liu et al. 2025): steps of matrices are made orthogonal, everything else is Adam's. Keras 3's formulas and defaults. */
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { adamRate } from './adam.ts';
import { blend, norm, Optimizer, type Named, type OptimizerOptions, type Slot, type Update, type Updated } from './optimizer.ts';

/** Options of `muon`. */
export interface MuonOptions extends OptimizerOptions {
  /** Default 0.9. */
  readonly adamBeta1?: number;
  /** Default 0.999. */
  readonly adamBeta2?: number;
  /** Weight decay of the variables that Adam updates. Default 0.004, as `weightDecay` of the matrices. */
  readonly adamWeightDecay?: number;
  /** Default 1e-7. */
  readonly epsilon?: number;
  /** Regular expressions, found in the names of variables that Adam shall update. Default none. */
  readonly excludeLayers?: readonly string[];
  /** Adam updates variables with 'embedding' in their names. Default true. */
  readonly excludeEmbeddings?: boolean;
  /** Coefficients of the iteration X ← a X + (b A + c A²) X with A = X Xᵀ. Default 3.4445, -4.775, 2.0315. */
  readonly muonA?: number;
  readonly muonB?: number;
  readonly muonC?: number;
  /** Adam's learning rate over Muon's. Default 1. */
  readonly adamLrRatio?: number;
  /** Default 0.95. */
  readonly momentum?: number;
  /** Iterations. Default 5. */
  readonly nsSteps?: number;
  /** Default true. */
  readonly nesterov?: boolean;
  /** A step is multiplied by this and by the root of the longer side; 0: not at all. Default 0.2. */
  readonly rmsRate?: number;
}
type Factor = 'learningRate' | 'alpha';
/** Matrices: m ← μ m + g; w ← w - rate · scale · orthogonal(g + μ m). Learning rate 0.001. */
export class Muon extends Optimizer<'momentum', Factor> {
  declare readonly adamBeta1: number;
  declare readonly adamBeta2: number;
  declare readonly adamWeightDecay: number;
  declare readonly epsilon: number;
  declare readonly excludeLayers: readonly string[];
  declare readonly excludeEmbeddings: boolean;
  declare readonly muonA: number;
  declare readonly muonB: number;
  declare readonly muonC: number;
  declare readonly adamLrRatio: number;
  declare readonly momentum: number;
  declare readonly nsSteps: number;
  declare readonly nesterov: boolean;
  declare readonly rmsRate: number;
  constructor(options: MuonOptions = {}) {
    super('Muon', options, {
      weightDecay: 0.004, adamBeta1: 0.9, adamBeta2: 0.999, adamWeightDecay: 0.004, epsilon: 1e-7, excludeLayers: [], excludeEmbeddings: true,
      muonA: 3.4445, muonB: -4.775, muonC: 2.0315, adamLrRatio: 1, momentum: 0.95, nsSteps: 5, nesterov: true, rmsRate: 0.2,
    });
  }
  #isMatrix({ name, shape }: Variable): boolean {
    return shape.length === 2 && !(this.excludeEmbeddings && name.toLowerCase().includes('embedding')) && !this.excludeLayers.some((pattern) => new RegExp(pattern).test(name));
  }
  protected override slots(variable: Variable): Named<'momentum', Slot> { return { momentum: {}, ...(this.#isMatrix(variable) ? {} : { velocity: {} }) }; }
  protected override decayOf(variable: Variable): number | null { return this.#isMatrix(variable) ? this.weightDecay : this.adamWeightDecay; }
  protected override factors(learningRate: Tensor, step: Tensor): Named<Factor, Tensor> {
    return { learningRate, alpha: adamRate(ops.multiply(learningRate, this.adamLrRatio), step, this.adamBeta1, this.adamBeta2) };
  }
  protected override update({ weight, gradient, slots, variable }: Update<'momentum'>, { learningRate, alpha }: Named<Factor, Tensor>): Updated {
    const second = slots['velocity'];
    if (second !== undefined) {
      const momentum = blend(slots.momentum, gradient, this.adamBeta1), velocity = blend(second, ops.square(gradient), this.adamBeta2);
      return { weight: ops.subtract(weight, ops.divide(ops.multiply(momentum, alpha), ops.add(ops.sqrt(velocity), this.epsilon))), momentum, velocity };
    }
    const momentum = ops.add(ops.multiply(slots.momentum, this.momentum), gradient), { shape } = variable;
    const step = this.#orthogonal(this.nesterov ? ops.add(gradient, ops.multiply(momentum, this.momentum)) : momentum);
    const scale = this.rmsRate === 0 ? 1 : Math.sqrt(Math.max(...shape)) * this.rmsRate;
    return { weight: ops.subtract(weight, ops.multiply(ops.multiply(learningRate, scale), step)), momentum };
  }
  /** The nearest orthogonal matrix, roughly: Newton-Schulz on the side with fewer rows. */
  #orthogonal(matrix: Tensor): Tensor {
    const [rows = 0, columns = 0] = matrix.shape, tall = rows > columns;
    let x = tall ? ops.transpose(matrix) : matrix;
    x = ops.divide(x, ops.add(norm(x), 1e-7));
    for (let i = 0; i < this.nsSteps; i++) {
      const a = ops.matmul(x, ops.transpose(x)), b = ops.add(ops.multiply(a, this.muonB), ops.multiply(ops.matmul(a, a), this.muonC));
      x = ops.add(ops.multiply(x, this.muonA), ops.matmul(b, x));
    }
    return tall ? ops.transpose(x) : x;
  }
}
