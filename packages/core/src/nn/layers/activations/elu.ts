/** x above 0, alpha (e^x - 1) below. */
import type { Tensor } from '../../../tensor/tensor.ts';
import { elu } from '../../activations/functions.ts';
import { Layer, single, type BatchShape, type LayerOptions } from '../../layer.ts';
import { withDefaults, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';

/** Options of `elu`. */
export interface ELUOptions extends LayerOptions {
  /** Default 1. */
  readonly alpha?: number;
}
type Params = Required<Omit<ELUOptions, keyof LayerOptions>>;
/** x above 0, alpha (e^x - 1) below. Keeps shape and mask. */
export class ELU extends Layer {
  readonly className = 'ELU';
  readonly params: Params;
  constructor(options: ELUOptions = {}) {
    super('ELU', options);
    this.params = withDefaults<Params>(`Layer '${this.name}'`, { alpha: 1 }, options);
  }
  static fromConfig(config: Config): ELU { return new ELU({ ...config, ...layerOptions(config) }); }
  override get supportsMasking(): boolean { return true; }
  call(inputs: readonly Tensor[]): Tensor { return elu(single(inputs, this.name), this.params.alpha); }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return shapes.slice(0, 1); }
  override getConfig(): Config { return { ...super.getConfig(), ...this.params }; }
}
