/** What ConvLSTM1D, ConvLSTM2D and ConvLSTM3D share: RNN over a ConvLSTMCell, in either layout. */
import { ShapeError } from '../../../base/errors.ts';
import { at, showShape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { BatchShape, CallContext } from '../../layer.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import { dataFormatOf, type DataFormat, type PerAxis } from '../spatial.ts';
import { ConvLSTMCell, type ConvLSTMCellOptions } from './convLstmCell.ts';
import { insideNames, savedOptions } from './gates.ts';
import { RNN, rnnOptions, type RNNOptions } from './rnn.ts';

/** Options of `convLstm1d`, `convLstm2d` and `convLstm3d`. */
export interface ConvLSTMOptions extends ConvLSTMCellOptions, RNNOptions {}

export abstract class ConvLSTM extends RNN {
  readonly dataFormat: DataFormat;
  private readonly spatialRank: number;
  constructor(className: string, rank: number, filters: number, kernelSize: PerAxis, options: ConvLSTMOptions) {
    const own = insideNames(options, className), format = dataFormatOf(options.dataFormat, className);
    super(new ConvLSTMCell(rank, filters, kernelSize, own.cell, className, own.layer.name), own.layer, className);
    this.dataFormat = format;
    this.spatialRank = rank;
  }
  /** Channels to the end. */
  private lastShape(shape: BatchShape): BatchShape {
    if (this.dataFormat === 'channelsLast') return shape;
    const place = shape.length - 1 - this.spatialRank;
    return [...shape.slice(0, place), ...shape.slice(place + 1), at(shape, place)];
  }
  private firstShape(shape: BatchShape): BatchShape {
    if (this.dataFormat === 'channelsLast') return shape;
    const place = shape.length - 1 - this.spatialRank;
    return [...shape.slice(0, place), at(shape, -1), ...shape.slice(place, -1)];
  }
  protected override createWeights(shapes: readonly BatchShape[]): void {
    const x = at(shapes, 0);
    if (x.length !== this.spatialRank + 3) throw new ShapeError(`Layer '${this.name}' needs [batch, time, ${this.spatialRank} spatial axes and channels], got ${showShape(x)}.`);
    super.createWeights(shapes.map((shape) => this.lastShape(shape)));
  }
  override call(inputs: readonly Tensor[], context: CallContext): readonly Tensor[] {
    if (this.dataFormat === 'channelsLast') return super.call(inputs, context);
    const place = (x: Tensor): number => x.rank - 1 - this.spatialRank;
    return super.call(inputs.map((x) => ops.moveAxis(x, place(x), -1)), context).map((y) => ops.moveAxis(y, -1, place(y)));
  }
  override outputShapes(shapes: readonly BatchShape[]): readonly BatchShape[] { return super.outputShapes(shapes.map((shape) => this.lastShape(shape))).map((shape) => this.firstShape(shape)); }
  override getConfig(): Config { return { ...super.getConfig(), dataFormat: this.dataFormat }; }
}
/** filters, kernelSize and options of a saved layer. */
export const convLstmArguments = (config: Config): [filters: number, kernelSize: PerAxis, options: ConvLSTMOptions] =>
  [numberOf(config, 'filters', 0), config['kernelSize'] as PerAxis, { ...savedOptions(config), ...rnnOptions(config) }];
