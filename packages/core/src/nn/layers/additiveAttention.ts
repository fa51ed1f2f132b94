/** AdditiveAttention: attention by a sum through tanh (Bahdanau et al. 2015). */
import { at } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { getInitializer } from '../initializers/index.ts';
import { knownExtent, type BatchShape } from '../layer.ts';
import { booleanOf, type Config } from '../registry-table.ts';
import { BaseAttention, baseAttentionOptions, type BaseAttentionOptions } from './attention.ts';

/** Options of `additiveAttention`. */
export interface AdditiveAttentionOptions extends BaseAttentionOptions {
  /** Weighs the features of the scores. Default true. */
  readonly useScale?: boolean;
}
/** softmax(Σ scale · tanh(query + key)) · value. Inputs and masks: see BaseAttention. Weight: scale [width] (useScale). */
export class AdditiveAttention extends BaseAttention {
  readonly className = 'AdditiveAttention';
  readonly useScale: boolean;
  private scale: Variable | null = null;
  constructor(options: AdditiveAttentionOptions = {}) {
    super('AdditiveAttention', options);
    this.useScale = options.useScale ?? true;
  }
  static fromConfig(config: Config): AdditiveAttention { return new AdditiveAttention({ ...baseAttentionOptions(config), useScale: booleanOf(config, 'useScale', true) }); }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    this.checkOperands(shapes);
    if (this.useScale) this.scale = this.addWeight('scale', [knownExtent(at(shapes, 0), -1, 'AdditiveAttention')], { initializer: getInitializer('glorotUniform') });
  }
  protected scores(query: Tensor, key: Tensor): Tensor {
    const features: Tensor = ops.tanh(ops.add(ops.expandDims(query, 2), ops.expandDims(key, 1)));
    return ops.sum(this.scale === null ? features : ops.multiply(features, this.scale.value), -1);
  }
  override getConfig(): Config { return { ...super.getConfig(), useScale: this.useScale }; }
}
