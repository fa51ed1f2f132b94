/** Repetition along spatial axes: what the UpSampling layers share. */
import type { DType } from '../../../base/dtype.ts';
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import { Layer, type BatchShape, type LayerOptions } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { channelsLast, dataFormatOf, inFormat, perAxis, shapeInFormat, spatialShape, type DataFormat, type PerAxis } from '../spatial.ts';

/** Options of the UpSampling layers. */
export interface UpSamplingOptions extends LayerOptions {
  /** Default 'channelsLast'. */
  readonly dataFormat?: DataFormat;
}
export abstract class UpSampling extends Layer {
  readonly size: readonly number[];
  readonly dataFormat: DataFormat;
  constructor(className: string, rank: number, size: PerAxis, options: UpSamplingOptions) {
    super(className, options);
    this.size = perAxis(size, rank, `${className}: size`);
    this.dataFormat = dataFormatOf(options.dataFormat, className);
  }
  /** The larger image, channels last. */
  protected enlarge(x: Tensor): Tensor { return this.size.reduce((y, times, i) => (times === 1 ? y : ops.repeat(y, times, i + 1)), x); }
  call(inputs: readonly Tensor[]): Tensor { return inFormat(this.enlarge(channelsLast(inputs, this.dataFormat, this.className)), this.dataFormat); }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const parts = spatialShape(shapes, this.size.length, this.dataFormat, this.className);
    return [shapeInFormat({ ...parts, spatial: parts.spatial.map((d, i) => (d === null ? null : d * at(this.size, i))) }, this.dataFormat)];
  }
  override outputDType(dtypes: readonly DType[]): DType { return at(dtypes, 0); }
  override getConfig(): Config { return { ...super.getConfig(), size: this.size, dataFormat: this.dataFormat }; }
}
/** size and options of a saved layer. */
export const savedUpSampling = (config: Config): [size: PerAxis, options: UpSamplingOptions] => [(config['size'] ?? 2) as PerAxis, { ...config, ...layerOptions(config) }];
