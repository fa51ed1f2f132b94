/** Pooling over windows, which the Max- and AveragePooling layers name. */
import type { DType } from '../../../base/dtype.ts';
import { at } from '../../../base/shape.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { Layer, type BatchShape, type LayerOptions } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { channelsLast, dataFormatOf, inFormat, oneOf, perAxis, shapeInFormat, spatialShape, windowed, type DataFormat, type PerAxis } from '../spatial.ts';

/** Options of pooling over windows. */
export interface PoolingOptions extends LayerOptions {
  /** Steps between windows; default: the window's size, so that windows do not overlap. */
  readonly strides?: PerAxis | null;
  /** Default 'valid'. */
  readonly padding?: 'valid' | 'same';
  /** Default 'channelsLast'. */
  readonly dataFormat?: DataFormat;
}

export abstract class Pooling extends Layer {
  readonly rank: number;
  readonly poolSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: 'valid' | 'same';
  readonly dataFormat: DataFormat;
  private readonly kind: 'max' | 'average';

  constructor(className: string, kind: 'max' | 'average', rank: number, poolSize: PerAxis, options: PoolingOptions) {
    super(className, options);
    this.rank = rank; this.kind = kind;
    this.poolSize = perAxis(poolSize, rank, `${className}: poolSize`);
    this.strides = perAxis(options.strides ?? poolSize, rank, `${className}: strides`);
    this.padding = oneOf(options.padding ?? 'valid', ['valid', 'same'], `${className}: padding`);
    this.dataFormat = dataFormatOf(options.dataFormat, className);
  }
  call(inputs: readonly Tensor[]): Tensor {
    const x: Tensor = channelsLast(inputs, this.dataFormat, this.className), options = { strides: this.strides, padding: this.padding };
    return inFormat(this.kind === 'max' ? ops.maxPool(x, this.poolSize, options) : ops.averagePool(x, this.poolSize, options), this.dataFormat);
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const parts = spatialShape(shapes, this.rank, this.dataFormat, this.className);
    const spatial = windowed(parts.spatial, this.poolSize, this.strides, this.padding, this.poolSize.map(() => 1), `Layer '${this.name}'`);
    return [shapeInFormat({ ...parts, spatial }, this.dataFormat)];
  }
  override outputDType(dtypes: readonly DType[]): DType { return this.kind === 'max' ? at(dtypes, 0) : 'f32'; }
  override getConfig(): Config { return { ...super.getConfig(), poolSize: this.poolSize, strides: this.strides, padding: this.padding, dataFormat: this.dataFormat }; }
}
/** poolSize and options of a saved layer. */
export const savedPooling = (config: Config): [poolSize: PerAxis, options: PoolingOptions] => [config['poolSize'] as PerAxis, { ...config, ...layerOptions(config) }];
