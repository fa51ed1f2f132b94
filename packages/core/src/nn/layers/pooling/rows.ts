/** The rows of the pooling layers in the table that configurations are read with. */
import type { Layer } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { AdaptiveAveragePooling1D, AdaptiveAveragePooling2D, AdaptiveAveragePooling3D, AdaptiveMaxPooling1D, AdaptiveMaxPooling2D, AdaptiveMaxPooling3D, AveragePooling1D, AveragePooling2D, AveragePooling3D, GlobalAveragePooling1D, GlobalAveragePooling2D, GlobalAveragePooling3D, GlobalMaxPooling1D, GlobalMaxPooling2D, GlobalMaxPooling3D, MaxPooling1D, MaxPooling2D, MaxPooling3D } from './index.ts';

export const POOLING = {
  AdaptiveAveragePooling1D: (c) => AdaptiveAveragePooling1D.fromConfig(c),
  AdaptiveAveragePooling2D: (c) => AdaptiveAveragePooling2D.fromConfig(c),
  AdaptiveAveragePooling3D: (c) => AdaptiveAveragePooling3D.fromConfig(c),
  AdaptiveMaxPooling1D: (c) => AdaptiveMaxPooling1D.fromConfig(c),
  AdaptiveMaxPooling2D: (c) => AdaptiveMaxPooling2D.fromConfig(c),
  AdaptiveMaxPooling3D: (c) => AdaptiveMaxPooling3D.fromConfig(c),
  AveragePooling1D: (c) => AveragePooling1D.fromConfig(c),
  AveragePooling2D: (c) => AveragePooling2D.fromConfig(c),
  AveragePooling3D: (c) => AveragePooling3D.fromConfig(c),
  GlobalAveragePooling1D: (c) => GlobalAveragePooling1D.fromConfig(c),
  GlobalAveragePooling2D: (c) => GlobalAveragePooling2D.fromConfig(c),
  GlobalAveragePooling3D: (c) => GlobalAveragePooling3D.fromConfig(c),
  GlobalMaxPooling1D: (c) => GlobalMaxPooling1D.fromConfig(c),
  GlobalMaxPooling2D: (c) => GlobalMaxPooling2D.fromConfig(c),
  GlobalMaxPooling3D: (c) => GlobalMaxPooling3D.fromConfig(c),
  MaxPooling1D: (c) => MaxPooling1D.fromConfig(c),
  MaxPooling2D: (c) => MaxPooling2D.fromConfig(c),
  MaxPooling3D: (c) => MaxPooling3D.fromConfig(c),
} as const satisfies Record<string, (config: Config) => Layer>;
