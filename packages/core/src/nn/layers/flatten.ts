/** Flatten: all axes but the batch become one. */
import type { DType } from '../../base/dtype.ts';
import { at, sizeOf } from '../../base/shape.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Layer, single, singleShape, type BatchShape, type LayerOptions } from '../layer.ts';
import type { Config } from '../registry-table.ts';
import { layerOptions } from './options.ts';
import { dataFormatOf, type DataFormat } from './spatial.ts';

/** Options of `flatten`. */
export interface FlattenOptions extends LayerOptions {
  /** 'channelsFirst' puts the channels last before flattening, so that both layouts give the same order. Default 'channelsLast'. */
  readonly dataFormat?: DataFormat;
}
/** Input [batch, a, b, …] → [batch, a · b · …]. Keeps the dtype. */
export class Flatten extends Layer {
  readonly className = 'Flatten';
  readonly dataFormat: DataFormat;
  constructor(options: FlattenOptions = {}) { super('Flatten', options); this.dataFormat = dataFormatOf(options.dataFormat, 'Flatten'); }
  static fromConfig(config: Config): Flatten { return new Flatten({ ...config, ...layerOptions(config) }); }
  call(inputs: readonly Tensor[]): Tensor {
    const x = single(inputs, 'Flatten'), rows = this.dataFormat === 'channelsFirst' && x.rank > 2 ? ops.moveAxis(x, 1, -1) : x;
    return ops.reshape(rows, [at(x.shape, 0), sizeOf(x.shape.slice(1))]);
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] {
    const [batch, ...rest] = singleShape(shapes, 'Flatten');
    return [[batch ?? null, rest.includes(null) ? null : sizeOf(rest as number[])]];
  }
  override outputDType(dtypes: readonly DType[]): DType { return at(dtypes, 0); }
  override getConfig(): Config { return { ...super.getConfig(), dataFormat: this.dataFormat }; }
}
