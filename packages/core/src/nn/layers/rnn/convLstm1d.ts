/** ConvLSTM1D: a convolutional LSTM over sequences of [length, channels]. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { ConvLSTM, convLstmArguments, type ConvLSTMOptions } from './convLstm.ts';

/** Input [batch, time, length, channels] → [batch, length, filters], or the whole sequence with `returnSequences`. */
export class ConvLSTM1D extends ConvLSTM {
  override readonly className: string = 'ConvLSTM1D';
  constructor(filters: number, kernelSize: PerAxis, options: ConvLSTMOptions = {}) { super('ConvLSTM1D', 1, filters, kernelSize, options); }
  static override fromConfig(config: Config): ConvLSTM1D { return new ConvLSTM1D(...convLstmArguments(config)); }
}
