/**
 * SpectralNormalization (Miyato et al. 2018): the kernel of a layer divided by its largest singular value, which power iterations find. Keeps the discriminator of a
 * GAN from changing too fast with its input.
 */
import { StateError, ValueError } from '../../../base/errors.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Variable } from '../../../tensor/variable.ts';
import { EPSILON } from '../../epsilon.ts';
import { TruncatedNormal } from '../../initializers/index.ts';
import type { BatchShape, CallContext, Layer, LayerOptions } from '../../layer.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import { nestedLayer } from '../nested.ts';
import { layerOptions } from '../options.ts';
import { Wrapper } from '../wrapper.ts';

/** Options of `spectralNormalization`. */
export interface SpectralNormalizationOptions extends LayerOptions {
  /** Default 1. */
  readonly powerIterations?: number;
}
const unit = (x: Tensor): Tensor => ops.multiply(x, ops.rsqrt(ops.maximum(ops.sum(ops.square(x)), EPSILON ** 2)));

/**
 * Calls a layer that has a `kernel` or `embeddings`. In every training call that weight is replaced by itself over its largest singular value; gradients are those
 * of the new weight, as in Keras. Weights: vector_u [1, last extent of the kernel], not trained, and those of the layer.
 */
export class SpectralNormalization extends Wrapper {
  override readonly className: string = 'SpectralNormalization';
  readonly powerIterations: number;
  private vector: Variable | null = null;
  constructor(layer: Layer, options: SpectralNormalizationOptions = {}) {
    super(layer, options, 'SpectralNormalization');
    this.powerIterations = options.powerIterations ?? 1;
    if (!Number.isInteger(this.powerIterations) || this.powerIterations < 1) throw new ValueError(`SpectralNormalization: powerIterations ${this.powerIterations} must be a whole number of at least 1.`);
  }
  static override fromConfig(config: Config): SpectralNormalization {
    return new SpectralNormalization(nestedLayer(config, 'layer', 'SpectralNormalization'), { ...layerOptions(config), powerIterations: numberOf(config, 'powerIterations', 1) });
  }
  private get kernel(): Variable {
    const found = this.layer.weights.find((w) => /\/(kernel|embeddings)$/.test(w.name));
    if (found === undefined) throw new ValueError(`SpectralNormalization: layer '${this.layer.name}' has neither a kernel nor embeddings. Wrap a dense, convolutional or embedding layer.`);
    return found;
  }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    super.createWeights(shapes);
    this.vector = this.addWeight('vector_u', [1, this.kernel.shape.at(-1) ?? 1], { initializer: new TruncatedNormal(0, 0.02), trainable: false });
  }
  override call(inputs: readonly Tensor[], context: CallContext): Tensor | readonly Tensor[] {
    if (context.training) this.normalize();
    return super.call(inputs, context);
  }
  private normalize(): void {
    if (this.vector === null) throw new StateError(`Layer '${this.name}' is not built.`);
    const { kernel, vector } = this, whole = kernel.value, w = ops.stopGradient(ops.reshape(whole, [-1, kernel.shape.at(-1) ?? 1]));
    let u: Tensor = vector.value, v = u;
    for (let i = 0; i < this.powerIterations; i++) {
      v = unit(ops.matmul(u, ops.transpose(w)));
      u = unit(ops.matmul(v, w));
    }
    const sigma = ops.reshape(ops.matmul(ops.matmul(v, w), ops.transpose(u)), []), zero = ops.logicalNot(ops.any(w));
    vector.assign(ops.where(zero, vector.value, u));
    // the value of the quotient with the gradient of the weight itself
    const still = ops.stopGradient(whole);
    kernel.assign(ops.add(ops.where(zero, still, ops.divide(still, sigma)), ops.subtract(whole, still)));
  }
  override getConfig(): Config { return { ...super.getConfig(), powerIterations: this.powerIterations }; }
}
