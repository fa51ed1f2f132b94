/** The rows of the recurrent layers in the table that configurations are read with. */
import type { Layer } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { Bidirectional, ConvLSTM1D, ConvLSTM2D, ConvLSTM3D, GRU, GRUCell, LSTM, LSTMCell, RNN, SimpleRNN, SimpleRNNCell, StackedRNNCells, TimeDistributed } from './index.ts';

export const RECURRENT = {
  Bidirectional: (c) => Bidirectional.fromConfig(c),
  ConvLSTM1D: (c) => ConvLSTM1D.fromConfig(c),
  ConvLSTM2D: (c) => ConvLSTM2D.fromConfig(c),
  ConvLSTM3D: (c) => ConvLSTM3D.fromConfig(c),
  GRU: (c) => GRU.fromConfig(c),
  GRUCell: (c) => GRUCell.fromConfig(c),
  LSTM: (c) => LSTM.fromConfig(c),
  LSTMCell: (c) => LSTMCell.fromConfig(c),
  RNN: (c) => RNN.fromConfig(c),
  SimpleRNN: (c) => SimpleRNN.fromConfig(c),
  SimpleRNNCell: (c) => SimpleRNNCell.fromConfig(c),
  StackedRNNCells: (c) => StackedRNNCells.fromConfig(c),
  TimeDistributed: (c) => TimeDistributed.fromConfig(c),
} as const satisfies Record<string, (config: Config) => Layer>;
