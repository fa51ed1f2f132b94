/**
 * Pooling to a wanted number of results, which the AdaptiveMax- and AdaptiveAveragePooling layers name. Result i of n over an axis of extent e covers
 * floor(i · e / n) … ceil((i + 1) · e / n) - 1, as in PyTorch: windows differ by at most one element and may overlap.
 */
import type { DType } from '../../../base/dtype.ts';
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import { Layer, type BatchShape, type LayerOptions } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { channelsLast, dataFormatOf, inFormat, perAxis, shapeInFormat, spatialShape, type DataFormat, type PerAxis } from '../spatial.ts';

/** Options of pooling to a wanted size. */
export interface AdaptivePoolingOptions extends LayerOptions {
  /** Default 'channelsLast'. */
  readonly dataFormat?: DataFormat;
}
/** [from, to) of each result. */
const ranges = (extent: number, count: number): [number, number][] => Array.from({ length: count }, (_, i) => [Math.floor((i * extent) / count), Math.ceil(((i + 1) * extent) / count)]);

export abstract class AdaptivePooling extends Layer {
  readonly rank: number;
  readonly outputSize: readonly number[];
  readonly dataFormat: DataFormat;
  private readonly kind: 'max' | 'average';

  constructor(className: string, kind: 'max' | 'average', rank: number, outputSize: PerAxis, options: AdaptivePoolingOptions) {
    super(className, options);
    this.rank = rank; this.kind = kind;
    this.outputSize = perAxis(outputSize, rank, `${className}: outputSize`);
    this.dataFormat = dataFormatOf(options.dataFormat, className);
  }
  call(inputs: readonly Tensor[]): Tensor {
    let x: Tensor = channelsLast(inputs, this.dataFormat, this.className);
    const extents = x.shape.slice(1, -1);
    if (extents.every((e, i) => e % at(this.outputSize, i) === 0)) {
      const window = extents.map((e, i) => e / at(this.outputSize, i));
      x = this.kind === 'max' ? ops.maxPool(x, window) : ops.averagePool(x, window);
    } else this.outputSize.forEach((count, i) => { x = this.alongAxis(x, i + 1, count); });
    return inFormat(x, this.dataFormat);
  }
  /** A window over several axes is one over each of them, for extremes and means alike. */
  private alongAxis(x: Tensor, axis: number, count: number): Tensor {
    const extent = at(x.shape, axis), windows = ranges(extent, count);
    if (this.kind === 'max') {
      return ops.concat(windows.map((range) => ops.max(ops.slice(x, ...x.shape.map((_, i) => (i === axis ? range : null))), axis, true)), axis);
    }
    // means as a product with a matrix [extent, count]
    const weights = new Float32Array(extent * count);
    windows.forEach(([from, to], i) => { for (let k = from; k < to; k++) weights[k * count + i] = 1 / (to - from); });
    return ops.moveAxis(ops.tensordot(x, tensor(weights, [extent, count]), [[axis], [0]]), -1, axis);
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const parts = spatialShape(shapes, this.rank, this.dataFormat, this.className);
    return [shapeInFormat({ ...parts, spatial: this.outputSize }, this.dataFormat)];
  }
  override outputDType(dtypes: readonly DType[]): DType { return this.kind === 'max' ? at(dtypes, 0) : 'f32'; }
  override getConfig(): Config { return { ...super.getConfig(), outputSize: this.outputSize, dataFormat: this.dataFormat }; }
}
/** outputSize and options of a saved layer. */
export const savedAdaptive = (config: Config): [outputSize: PerAxis, options: AdaptivePoolingOptions] =>
  [config['outputSize'] as PerAxis, { ...layerOptions(config), dataFormat: dataFormatOf(config['dataFormat'] as DataFormat, 'dataFormat') }];
