/** max(x, 0); optionally leaky below `threshold` and cut at `maxValue`. */
import { ValueError } from '../../../base/errors.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { relu } from '../../activations/functions.ts';
import { Layer, single, type BatchShape, type LayerOptions } from '../../layer.ts';
import { withDefaults, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';

/** Options of `relu`. */
export interface ReLUOptions extends LayerOptions {
  /** At least 0; null: no limit. Default null. */
  readonly maxValue?: number | null;
  /** At least 0. Default 0. */
  readonly negativeSlope?: number;
  /** At least 0. Default 0. */
  readonly threshold?: number;
}
type Params = Required<Omit<ReLUOptions, keyof LayerOptions>>;
/** max(x, 0); optionally leaky below `threshold` and cut at `maxValue`. Keeps shape and mask. */
export class ReLU extends Layer {
  readonly className = 'ReLU';
  readonly params: Params;
  constructor(options: ReLUOptions = {}) {
    super('ReLU', options);
    this.params = withDefaults<Params>(`Layer '${this.name}'`, { maxValue: null, negativeSlope: 0, threshold: 0 }, options);
    for (const [key, value] of Object.entries(this.params)) if (value !== null && !(value >= 0)) throw new ValueError(`Layer '${this.name}': ${key} ${value} must be at least 0.`);
  }
  static fromConfig(config: Config): ReLU { return new ReLU({ ...config, ...layerOptions(config) }); }
  override get supportsMasking(): boolean { return true; }
  call(inputs: readonly Tensor[]): Tensor { return relu(single(inputs, this.name), this.params); }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return shapes.slice(0, 1); }
  override getConfig(): Config { return { ...super.getConfig(), ...this.params }; }
}
