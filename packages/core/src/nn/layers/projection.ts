/**
 * Projections of attention layers: a kernel over one or more last axes, a bias, both with the layer's initializers, regularizers and constraints. Kernels have
 * Keras's shapes, [in, heads, width] and [heads, width, out], and are multiplied as matrices.
 */
import { sizeOf, type Shape } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { getConstraint, serializeConstraint, type Constraint, type ConstraintLike } from '../constraints/index.ts';
import { getInitializer, serializeInitializer, type Initializer, type InitializerLike } from '../initializers/index.ts';
import type { WeightOptions } from '../layer.ts';
import type { Config } from '../registry-table.ts';
import { getRegularizer, serializeRegularizer, type Regularizer, type RegularizerLike } from '../regularizers/index.ts';
import { maybe } from './options.ts';

/** Options that all projections of a layer share. */
export interface ProjectionOptions {
  /** Default true. */
  readonly useBias?: boolean;
  /** Default glorotUniform. */
  readonly kernelInitializer?: InitializerLike;
  /** Default zeros. */
  readonly biasInitializer?: InitializerLike;
  readonly kernelRegularizer?: RegularizerLike | null;
  readonly biasRegularizer?: RegularizerLike | null;
  readonly kernelConstraint?: ConstraintLike | null;
  readonly biasConstraint?: ConstraintLike | null;
}
type AddWeight = (name: string, shape: Shape, options: WeightOptions) => Variable;

/** One projection: x [..., inputs] · kernel + bias → [..., outputs]. */
export class Projection {
  private readonly inputs: Shape;
  private readonly outputs: Shape;
  private readonly kernel: Variable;
  private readonly bias: Variable | null;
  constructor(inputs: Shape, outputs: Shape, kernel: Variable, bias: Variable | null) { this.inputs = inputs; this.outputs = outputs; this.kernel = kernel; this.bias = bias; }
  apply(x: Tensor): Tensor {
    const lead = x.shape.slice(0, x.rank - this.inputs.length), width = sizeOf(this.outputs);
    const flat = this.inputs.length === 1 ? x : ops.reshape(x, [...lead, sizeOf(this.inputs)]);
    const product: Tensor = ops.matmul(flat, ops.reshape(this.kernel.value, [sizeOf(this.inputs), width]));
    const y = this.bias === null ? product : ops.add(product, ops.reshape(this.bias.value, [width]));
    return this.outputs.length === 1 ? y : ops.reshape(y, [...lead, ...this.outputs]);
  }
}

/** Makes the projections of a layer from its options. */
export class Projections {
  readonly useBias: boolean;
  private readonly kernelInitializer: Initializer;
  private readonly biasInitializer: Initializer;
  private readonly kernelRegularizer: Regularizer | null;
  private readonly biasRegularizer: Regularizer | null;
  private readonly kernelConstraint: Constraint | null;
  private readonly biasConstraint: Constraint | null;
  constructor(options: ProjectionOptions) {
    this.useBias = options.useBias ?? true;
    this.kernelInitializer = getInitializer(options.kernelInitializer ?? 'glorotUniform');
    this.biasInitializer = getInitializer(options.biasInitializer ?? 'zeros');
    this.kernelRegularizer = maybe(options.kernelRegularizer, getRegularizer);
    this.biasRegularizer = maybe(options.biasRegularizer, getRegularizer);
    this.kernelConstraint = maybe(options.kernelConstraint, getConstraint);
    this.biasConstraint = maybe(options.biasConstraint, getConstraint);
  }
  /** A projection from the last axes `inputs` to `outputs`, its weights named name/kernel and name/bias. */
  make(name: string, inputs: Shape, outputs: Shape, addWeight: AddWeight): Projection {
    const kernel = addWeight(`${name}/kernel`, [...inputs, ...outputs], { initializer: this.kernelInitializer, regularizer: this.kernelRegularizer, constraint: this.kernelConstraint });
    const bias = this.useBias ? addWeight(`${name}/bias`, outputs, { initializer: this.biasInitializer, regularizer: this.biasRegularizer, constraint: this.biasConstraint }) : null;
    return new Projection(inputs, outputs, kernel, bias);
  }
  getConfig(): Config {
    return {
      useBias: this.useBias, kernelInitializer: serializeInitializer(this.kernelInitializer), biasInitializer: serializeInitializer(this.biasInitializer),
      kernelRegularizer: serializeRegularizer(this.kernelRegularizer), biasRegularizer: serializeRegularizer(this.biasRegularizer),
      kernelConstraint: serializeConstraint(this.kernelConstraint), biasConstraint: serializeConstraint(this.biasConstraint),
    };
  }
}
/** The projection options of a configuration. */
export const projectionOptions = (config: Config): ProjectionOptions => Object.fromEntries(Object.entries(config).filter(([key]) => /^(useBias|(kernel|bias)(Initializer|Regularizer|Constraint))$/.test(key)));
