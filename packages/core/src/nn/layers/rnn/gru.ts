/** GRU: gated recurrent units (Cho et al. 2014), see GRUCell. */
import { numberOf, type Config } from '../../registry-table.ts';
import { insideNames, savedOptions } from './gates.ts';
import { RNN, rnnOptions, type RNNOptions } from './rnn.ts';
import { GRUCell, type GRUCellOptions } from './gruCell.ts';

/** Options of `gru`. */
export interface GRUOptions extends GRUCellOptions, RNNOptions {}
/** Input [batch, time, in] → [batch, units], or [batch, time, units] with `returnSequences`. Weights: those of its cell. */
export class GRU extends RNN {
  override readonly className: string = 'GRU';
  readonly units: number;
  constructor(units: number, options: GRUOptions = {}) {
    const own = insideNames(options, 'GRU');
    super(new GRUCell(units, own.cell), own.layer, 'GRU');
    this.units = units;
  }
  static override fromConfig(config: Config): GRU { return new GRU(numberOf(config, 'units', 0), { ...savedOptions(config), ...rnnOptions(config) }); }
}
