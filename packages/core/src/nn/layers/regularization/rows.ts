/** The rows of the regularization layers in the table that configurations are read with. */
import type { Layer } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { ActivityRegularization, AlphaDropout, GaussianDropout, GaussianNoise, SpatialDropout1D, SpatialDropout2D, SpatialDropout3D } from './index.ts';

export const REGULARIZATION = {
  ActivityRegularization: (c) => ActivityRegularization.fromConfig(c),
  AlphaDropout: (c) => AlphaDropout.fromConfig(c),
  GaussianDropout: (c) => GaussianDropout.fromConfig(c),
  GaussianNoise: (c) => GaussianNoise.fromConfig(c),
  SpatialDropout1D: (c) => SpatialDropout1D.fromConfig(c),
  SpatialDropout2D: (c) => SpatialDropout2D.fromConfig(c),
  SpatialDropout3D: (c) => SpatialDropout3D.fromConfig(c),
} as const satisfies Record<string, (config: Config) => Layer>;
