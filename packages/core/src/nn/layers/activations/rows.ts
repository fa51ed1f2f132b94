/** The rows of the activation layers in the table that configurations are read with. */
import type { Layer } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { ELU, LeakyReLU, PReLU, ReLU, Softmax } from './index.ts';

export const ACTIVATIONS = {
  ELU: (c) => ELU.fromConfig(c),
  LeakyReLU: (c) => LeakyReLU.fromConfig(c),
  PReLU: (c) => PReLU.fromConfig(c),
  ReLU: (c) => ReLU.fromConfig(c),
  Softmax: (c) => Softmax.fromConfig(c),
} as const satisfies Record<string, (config: Config) => Layer>;
