/**
 * Dropout (Srivastava et al. 2014): while training, elements are zeroed with probability `rate` and the others scaled by 1 / (1 - rate).
 * The mask comes from random bits against a whole threshold, so it is the same on every backend.
 */
import { ValueError } from '../../base/errors.ts';
import { at } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import { bernoulli } from '../../tensor/random.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Layer, single, type BatchShape, type CallContext, type LayerOptions } from '../layer.ts';
import { numberOf, type Config } from '../registry-table.ts';
import { layerOptions } from './options.ts';

/** Options of `dropout`. */
export interface DropoutOptions extends LayerOptions {
  /** Shape of the mask; null or 1 shares one decision along an axis. Default: the input's. */
  readonly noiseShape?: readonly (number | null)[] | null;
}
/** Identity unless training. Keeps shape. */
export class Dropout extends Layer {
  readonly className = 'Dropout';
  readonly rate: number;
  readonly noiseShape: readonly (number | null)[] | null;
  constructor(rate: number, options: DropoutOptions = {}) {
    super('Dropout', options);
    if (!(rate >= 0 && rate <= 1)) throw new ValueError(`Dropout: rate ${rate} must be within 0 and 1.`);
    this.rate = rate;
    this.noiseShape = options.noiseShape ?? null;
  }
  static fromConfig(config: Config): Dropout {
    const noise = config['noiseShape'];
    return new Dropout(numberOf(config, 'rate', 0), { ...layerOptions(config), noiseShape: Array.isArray(noise) ? (noise as (number | null)[]) : null });
  }
  override get supportsMasking(): boolean { return true; }
  call(inputs: readonly Tensor[], context: CallContext): Tensor {
    const x = single(inputs, 'Dropout');
    if (!context.training || this.rate === 0) return x;
    if (this.rate === 1) return ops.multiply(x, 0);
    const shape = this.noiseShape === null ? x.shape : this.noiseShape.map((d, i) => d ?? at(x.shape, i));
    const keep = bernoulli(shape, context.seeds, 1 - this.rate);
    return ops.where(keep, ops.multiply(x, 1 / (1 - this.rate)), 0);
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return shapes; }
  override getConfig(): Config { return { ...super.getConfig(), rate: this.rate, noiseShape: this.noiseShape }; }
}
