/** ActivityRegularization: a penalty on what goes through. */
import type { DType } from '../../../base/dtype.ts';
import { at } from '../../../base/shape.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { Layer, single, type BatchShape, type LayerOptions } from '../../layer.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import { L1L2 } from '../../regularizers/index.ts';
import { layerOptions } from '../options.ts';

/** Options of `activityRegularization`. */
export interface ActivityRegularizationOptions extends Omit<LayerOptions, 'activityRegularizer'> {
  /** Factor of Σ|x|; default 0. */
  readonly l1?: number;
  /** Factor of Σx²; default 0. */
  readonly l2?: number;
}
/** Hands its input through and adds (l1 · Σ|x| + l2 · Σx²) / samples to the loss. */
export class ActivityRegularization extends Layer {
  readonly className = 'ActivityRegularization';
  readonly l1: number;
  readonly l2: number;
  constructor(options: ActivityRegularizationOptions = {}) {
    const penalty = new L1L2(options.l1, options.l2);
    super('ActivityRegularization', { ...options, activityRegularizer: penalty });
    this.l1 = penalty.l1; this.l2 = penalty.l2;
  }
  static fromConfig(config: Config): ActivityRegularization { return new ActivityRegularization({ ...layerOptions(config), l1: numberOf(config, 'l1', 0), l2: numberOf(config, 'l2', 0) }); }
  override get supportsMasking(): boolean { return true; }
  call(inputs: readonly Tensor[]): Tensor { return single(inputs, 'ActivityRegularization'); }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [at(shapes, 0)]; }
  override outputDType(dtypes: readonly DType[]): DType { return at(dtypes, 0); }
  override getConfig(): Config { const { activityRegularizer: _penalty, ...config } = super.getConfig(); return { ...config, l1: this.l1, l2: this.l2 }; }
}
