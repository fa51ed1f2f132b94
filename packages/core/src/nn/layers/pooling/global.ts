/** Pooling over all spatial axes, which the GlobalMax- and GlobalAveragePooling layers name. */
import type { DType } from '../../../base/dtype.ts';
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { Layer, single, type BatchShape, type CallContext, type LayerOptions } from '../../layer.ts';
import { booleanOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { dataFormatOf, shapeInFormat, spatialShape, type DataFormat } from '../spatial.ts';

/** Options of pooling over everything. */
export interface GlobalPoolingOptions extends LayerOptions {
  /** Default 'channelsLast'. */
  readonly dataFormat?: DataFormat;
  /** Keeps the spatial axes, with extent 1; default false. */
  readonly keepdims?: boolean;
}

export abstract class GlobalPooling extends Layer {
  readonly rank: number;
  readonly dataFormat: DataFormat;
  readonly keepdims: boolean;
  private readonly kind: 'max' | 'average';

  constructor(className: string, kind: 'max' | 'average', rank: number, options: GlobalPoolingOptions) {
    super(className, options);
    this.rank = rank; this.kind = kind;
    this.dataFormat = dataFormatOf(options.dataFormat, className);
    this.keepdims = options.keepdims ?? false;
  }
  call(inputs: readonly Tensor[], context: CallContext): Tensor {
    const x: Tensor = single(inputs, this.className), first = this.dataFormat === 'channelsLast' ? 1 : 2;
    const axes = Array.from({ length: this.rank }, (_, i) => first + i);
    return this.pool(x, axes, context);
  }
  protected pool(x: Tensor, axes: readonly number[], _context: CallContext): Tensor {
    return this.kind === 'max' ? ops.max(x, axes, this.keepdims) : ops.mean(x, axes, this.keepdims);
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const parts = spatialShape(shapes, this.rank, this.dataFormat, this.className);
    return [shapeInFormat({ ...parts, spatial: this.keepdims ? parts.spatial.map(() => 1) : [] }, this.dataFormat)];
  }
  override outputDType(dtypes: readonly DType[]): DType { return this.kind === 'max' ? at(dtypes, 0) : 'f32'; }
  override getConfig(): Config { return { ...super.getConfig(), dataFormat: this.dataFormat, keepdims: this.keepdims }; }
}
/** Options of a saved layer. */
export const savedGlobal = (config: Config): GlobalPoolingOptions =>
  ({ ...layerOptions(config), dataFormat: dataFormatOf(config['dataFormat'] as DataFormat, 'dataFormat'), keepdims: booleanOf(config, 'keepdims', false) });
