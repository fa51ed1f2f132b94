/** Identity: hands its input through. */
import type { DType } from '../../base/dtype.ts';
import { at } from '../../base/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Layer, single, singleShape, type BatchShape, type LayerOptions } from '../layer.ts';
import type { Config } from '../registry-table.ts';
import { layerOptions } from './options.ts';

/** Keeps everything: shape, dtype, mask. */
export class Identity extends Layer {
  readonly className = 'Identity';
  constructor(options: LayerOptions = {}) { super('Identity', options); }
  static fromConfig(config: Config): Identity { return new Identity(layerOptions(config)); }
  override get supportsMasking(): boolean { return true; }
  call(inputs: readonly Tensor[]): Tensor { return single(inputs, 'Identity'); }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return [singleShape(shapes, 'Identity')]; }
  override outputDType(dtypes: readonly DType[]): DType { return at(dtypes, 0); }
}
