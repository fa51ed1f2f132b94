/** LSTM: long short-term memory (Hochreiter and Schmidhuber 1997), see LSTMCell. */
import { numberOf, type Config } from '../../registry-table.ts';
import { insideNames, savedOptions } from './gates.ts';
import { RNN, rnnOptions, type RNNOptions } from './rnn.ts';
import { LSTMCell, type LSTMCellOptions } from './lstmCell.ts';

/** Options of `lstm`. */
export interface LSTMOptions extends LSTMCellOptions, RNNOptions {}
/** Input [batch, time, in] → [batch, units], or [batch, time, units] with `returnSequences`. Weights: those of its cell. */
export class LSTM extends RNN {
  override readonly className: string = 'LSTM';
  readonly units: number;
  constructor(units: number, options: LSTMOptions = {}) {
    const own = insideNames(options, 'LSTM');
    super(new LSTMCell(units, own.cell), own.layer, 'LSTM');
    this.units = units;
  }
  static override fromConfig(config: Config): LSTM { return new LSTM(numberOf(config, 'units', 0), { ...savedOptions(config), ...rnnOptions(config) }); }
}
