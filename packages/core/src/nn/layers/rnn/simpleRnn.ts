/** SimpleRNN: the plain recurrent layer, h' = tanh(x · kernel + bias + h · recurrentKernel). */
import { numberOf, type Config } from '../../registry-table.ts';
import { insideNames, savedOptions } from './gates.ts';
import { RNN, rnnOptions, type RNNOptions } from './rnn.ts';
import { SimpleRNNCell, type SimpleRNNCellOptions } from './simpleRnnCell.ts';

/** Options of `simpleRnn`. */
export interface SimpleRNNOptions extends SimpleRNNCellOptions, RNNOptions {}
/** Input [batch, time, in] → [batch, units], or [batch, time, units] with `returnSequences`. Weights: those of its cell. */
export class SimpleRNN extends RNN {
  override readonly className: string = 'SimpleRNN';
  readonly units: number;
  constructor(units: number, options: SimpleRNNOptions = {}) {
    const own = insideNames(options, 'SimpleRNN');
    super(new SimpleRNNCell(units, own.cell), own.layer, 'SimpleRNN');
    this.units = units;
  }
  static override fromConfig(config: Config): SimpleRNN { return new SimpleRNN(numberOf(config, 'units', 0), { ...savedOptions(config), ...rnnOptions(config) }); }
}
