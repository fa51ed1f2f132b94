/** ConvLSTM2D: a convolutional LSTM over sequences of [rows, columns, channels]. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { ConvLSTM, convLstmArguments, type ConvLSTMOptions } from './convLstm.ts';

/** Input [batch, time, rows, columns, channels] → [batch, rows, columns, filters], or the whole sequence with `returnSequences`. */
export class ConvLSTM2D extends ConvLSTM {
  override readonly className: string = 'ConvLSTM2D';
  constructor(filters: number, kernelSize: PerAxis, options: ConvLSTMOptions = {}) { super('ConvLSTM2D', 2, filters, kernelSize, options); }
  static override fromConfig(config: Config): ConvLSTM2D { return new ConvLSTM2D(...convLstmArguments(config)); }
}
