/** Dropout of whole channels, which the SpatialDropout layers name (Tompson et al. 2014): neighbours in an image are too alike to be dropped one by one. */
import * as ops from '../../../tensor/ops/index.ts';
import { bernoulli, type SeedGenerator } from '../../../tensor/random.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { BatchShape, LayerOptions } from '../../layer.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { dataFormatOf, spatialShape, type DataFormat } from '../spatial.ts';
import { Noise, within } from './noise.ts';

/** Options of the SpatialDropout layers. */
export interface SpatialDropoutOptions extends LayerOptions {
  /** Default 'channelsLast'. */
  readonly dataFormat?: DataFormat;
}
export abstract class SpatialDropout extends Noise {
  readonly rate: number;
  readonly dataFormat: DataFormat;
  private readonly spatialAxes: number;
  constructor(className: string, spatialAxes: number, rate: number, options: SpatialDropoutOptions) {
    super(className, options);
    this.rate = within(rate, 1, `${className}: rate`);
    this.dataFormat = dataFormatOf(options.dataFormat, className);
    this.spatialAxes = spatialAxes;
  }
  protected get strength(): number { return this.rate; }
  protected override createWeights(shapes: readonly BatchShape[]): void { spatialShape(shapes, this.spatialAxes, this.dataFormat, this.className); }
  protected disturb(x: Tensor, seeds: SeedGenerator): Tensor {
    if (this.rate === 1) return ops.multiply(x, 0);
    const channels = this.dataFormat === 'channelsLast' ? x.rank - 1 : 1;
    const keep = bernoulli(x.shape.map((d, i) => (i === 0 || i === channels ? d : 1)), seeds, 1 - this.rate);
    return ops.where(keep, ops.multiply(x, 1 / (1 - this.rate)), 0);
  }
  override getConfig(): Config { return { ...super.getConfig(), rate: this.rate, dataFormat: this.dataFormat }; }
}
/** rate and options of a saved layer. */
export const savedSpatial = (config: Config): [rate: number, options: SpatialDropoutOptions] => [numberOf(config, 'rate', 0), { ...config, ...layerOptions(config) }];
