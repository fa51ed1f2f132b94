/** Wrapper: the base of layers that do something with another layer. Alone it calls that layer. */
import type { DType } from '../../base/dtype.ts';
import { ValueError } from '../../base/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Layer, type BatchShape, type CallContext, type LayerOptions, type Masks, type TensorSpec } from '../layer.ts';
import type { Config } from '../registry-table.ts';
import { nestedLayer, saveNested } from './nested.ts';
import { layerOptions } from './options.ts';

/** Its weights are those of the layer inside. */
export class Wrapper extends Layer {
  readonly className: string = 'Wrapper';
  readonly layer: Layer;
  constructor(layer: Layer, options: LayerOptions = {}, className = 'Wrapper') {
    super(className, options);
    if (!((layer as unknown) instanceof Layer)) throw new ValueError(`${className} wraps a layer, got ${typeof layer}.`);
    this.layer = layer;
  }
  static fromConfig(config: Config): Wrapper { return new Wrapper(nestedLayer(config, 'layer', 'Wrapper'), layerOptions(config)); }
  protected override createWeights(shapes: readonly BatchShape[]): void { this.layer.build(shapes); }
  override get supportsMasking(): boolean { return this.layer.supportsMasking; }
  override computeMask(inputs: readonly Tensor[], masks: Masks): Masks { return this.layer.computeMask(inputs, masks); }
  call(inputs: readonly Tensor[], context: CallContext): Tensor | readonly Tensor[] { return this.layer.run(inputs, context); }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return this.layer.outputShapes(shapes); }
  override outputSpecs(shapes: readonly BatchShape[], dtypes: readonly DType[]): readonly TensorSpec[] { return this.layer.outputSpecs(shapes, dtypes); }
  override outputDType(dtypes: readonly DType[]): DType { return this.layer.outputDType(dtypes); }
  override getConfig(): Config { return { ...super.getConfig(), layer: saveNested(this.layer) }; }
}
