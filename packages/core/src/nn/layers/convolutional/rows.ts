/** The rows of the convolutional layers in the table that configurations are read with. */
import type { Layer } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { Conv1D, Conv2D, Conv3D } from './index.ts';

export const CONVOLUTIONAL = {
  Conv1D: (c) => Conv1D.fromConfig(c),
  Conv2D: (c) => Conv2D.fromConfig(c),
  Conv3D: (c) => Conv3D.fromConfig(c),
} as const satisfies Record<string, (config: Config) => Layer>;
