/** x above 0, negativeSlope · x below. */
import { ValueError } from '../../../base/errors.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { leakyRelu } from '../../activations/functions.ts';
import { Layer, single, type BatchShape, type LayerOptions } from '../../layer.ts';
import { withDefaults, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';

/** Options of `leakyRelu`. */
export interface LeakyReLUOptions extends LayerOptions {
  /** At least 0. Default 0.3. */
  readonly negativeSlope?: number;
}
type Params = Required<Omit<LeakyReLUOptions, keyof LayerOptions>>;
/** x above 0, negativeSlope · x below. Keeps shape and mask. */
export class LeakyReLU extends Layer {
  readonly className = 'LeakyReLU';
  readonly params: Params;
  constructor(options: LeakyReLUOptions = {}) {
    super('LeakyReLU', options);
    this.params = withDefaults<Params>(`Layer '${this.name}'`, { negativeSlope: 0.3 }, options);
    if (!(this.params.negativeSlope >= 0)) throw new ValueError(`Layer '${this.name}': negativeSlope ${this.params.negativeSlope} must be at least 0.`);
  }
  static fromConfig(config: Config): LeakyReLU { return new LeakyReLU({ ...config, ...layerOptions(config) }); }
  override get supportsMasking(): boolean { return true; }
  call(inputs: readonly Tensor[]): Tensor { return leakyRelu(single(inputs, this.name), this.params.negativeSlope); }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return shapes.slice(0, 1); }
  override getConfig(): Config { return { ...super.getConfig(), ...this.params }; }
}
