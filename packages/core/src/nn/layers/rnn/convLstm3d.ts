/** ConvLSTM3D: a convolutional LSTM over sequences of [depth, rows, columns, channels]. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { ConvLSTM, convLstmArguments, type ConvLSTMOptions } from './convLstm.ts';

/** Input [batch, time, depth, rows, columns, channels] → [batch, depth, rows, columns, filters], or the whole sequence with `returnSequences`. */
export class ConvLSTM3D extends ConvLSTM {
  override readonly className: string = 'ConvLSTM3D';
  constructor(filters: number, kernelSize: PerAxis, options: ConvLSTMOptions = {}) { super('ConvLSTM3D', 3, filters, kernelSize, options); }
  static override fromConfig(config: Config): ConvLSTM3D { return new ConvLSTM3D(...convLstmArguments(config)); }
}
