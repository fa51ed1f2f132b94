/** The rows of the pooling layers in the table that configurations are read with. */
import type { Layer } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { AveragePooling1D, AveragePooling2D, AveragePooling3D, MaxPooling1D, MaxPooling2D, MaxPooling3D } from './index.ts';

export const POOLING = {
  AveragePooling1D: (c) => AveragePooling1D.fromConfig(c),
  AveragePooling2D: (c) => AveragePooling2D.fromConfig(c),
  AveragePooling3D: (c) => AveragePooling3D.fromConfig(c),
  MaxPooling1D: (c) => MaxPooling1D.fromConfig(c),
  MaxPooling2D: (c) => MaxPooling2D.fromConfig(c),
  MaxPooling3D: (c) => MaxPooling3D.fromConfig(c),
} as const satisfies Record<string, (config: Config) => Layer>;
