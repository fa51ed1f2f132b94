/** Recurrent layers: classes and factories. */
import type { Layer } from '../../layer.ts';
import type { PerAxis } from '../spatial.ts';
import { Bidirectional, type BidirectionalOptions } from './bidirectional.ts';
import type { RNNCell } from './cell.ts';
import type { ConvLSTMOptions } from './convLstm.ts';
import { ConvLSTM1D } from './convLstm1d.ts';
import { ConvLSTM2D } from './convLstm2d.ts';
import { ConvLSTM3D } from './convLstm3d.ts';
import { GRU, type GRUOptions } from './gru.ts';
import { GRUCell, type GRUCellOptions } from './gruCell.ts';
import { LSTM, type LSTMOptions } from './lstm.ts';
import { LSTMCell, type LSTMCellOptions } from './lstmCell.ts';
import { RNN, type RNNOptions } from './rnn.ts';
import { SimpleRNN, type SimpleRNNOptions } from './simpleRnn.ts';
import { SimpleRNNCell, type SimpleRNNCellOptions } from './simpleRnnCell.ts';
import { StackedRNNCells, type StackedRNNCellsOptions } from './stackedRnnCells.ts';
import { TimeDistributed, type TimeDistributedOptions } from './timeDistributed.ts';

export { Bidirectional, ConvLSTM1D, ConvLSTM2D, ConvLSTM3D, GRU, GRUCell, LSTM, LSTMCell, RNN, SimpleRNN, SimpleRNNCell, StackedRNNCells, TimeDistributed };
export type { BidirectionalOptions, ConvLSTMOptions, GRUCellOptions, GRUOptions, LSTMCellOptions, LSTMOptions, RNNOptions, SimpleRNNCellOptions, SimpleRNNOptions, StackedRNNCellsOptions, TimeDistributedOptions };
export { RNNCell, type UnitCellOptions } from './cell.ts';
export type { MergeMode } from './bidirectional.ts';
export type { ConvLSTMCellOptions } from './convLstmCell.ts';

/** A recurrent layer from both ends, merged. */
export const bidirectional = (layer: RNN, options: BidirectionalOptions = {}): Bidirectional => new Bidirectional(layer, options);
/** An LSTM over [batch, time, length, channels] whose products are convolutions. */
export const convLstm1d = (filters: number, kernelSize: PerAxis, options: ConvLSTMOptions = {}): ConvLSTM1D => new ConvLSTM1D(filters, kernelSize, options);
/** An LSTM over [batch, time, rows, columns, channels] whose products are convolutions. */
export const convLstm2d = (filters: number, kernelSize: PerAxis, options: ConvLSTMOptions = {}): ConvLSTM2D => new ConvLSTM2D(filters, kernelSize, options);
/** An LSTM over [batch, time, depth, rows, columns, channels] whose products are convolutions. */
export const convLstm3d = (filters: number, kernelSize: PerAxis, options: ConvLSTMOptions = {}): ConvLSTM3D => new ConvLSTM3D(filters, kernelSize, options);
/** Gated recurrent units over [batch, time, features]. */
export const gru = (units: number, options: GRUOptions = {}): GRU => new GRU(units, options);
/** One step of `gru`. */
export const gruCell = (units: number, options: GRUCellOptions = {}): GRUCell => new GRUCell(units, options);
/** Long short-term memory over [batch, time, features]. */
export const lstm = (units: number, options: LSTMOptions = {}): LSTM => new LSTM(units, options);
/** One step of `lstm`. */
export const lstmCell = (units: number, options: LSTMCellOptions = {}): LSTMCell => new LSTMCell(units, options);
/** A cell, or several in a row, over [batch, time, features]. */
export const rnn = (cell: RNNCell | readonly RNNCell[], options: RNNOptions = {}): RNN => new RNN(cell, options);
/** The plain recurrent layer over [batch, time, features]. */
export const simpleRnn = (units: number, options: SimpleRNNOptions = {}): SimpleRNN => new SimpleRNN(units, options);
/** One step of `simpleRnn`. */
export const simpleRnnCell = (units: number, options: SimpleRNNCellOptions = {}): SimpleRNNCell => new SimpleRNNCell(units, options);
/** Cells in a row as one. */
export const stackedRnnCells = (cells: readonly RNNCell[], options: StackedRNNCellsOptions = {}): StackedRNNCells => new StackedRNNCells(cells, options);
/** A layer for every step of [batch, time, …]. */
export const timeDistributed = (layer: Layer, options: TimeDistributedOptions = {}): TimeDistributed => new TimeDistributed(layer, options);
