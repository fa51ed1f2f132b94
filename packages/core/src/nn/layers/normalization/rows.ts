/** The rows of the normalizing layers in the table that configurations are read with. */
import type { Layer } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { BatchNormalization, GroupNormalization, SpectralNormalization, UnitNormalization } from './index.ts';

export const NORMALIZATION = {
  BatchNormalization: (c) => BatchNormalization.fromConfig(c),
  GroupNormalization: (c) => GroupNormalization.fromConfig(c),
  SpectralNormalization: (c) => SpectralNormalization.fromConfig(c),
  UnitNormalization: (c) => UnitNormalization.fromConfig(c),
} as const satisfies Record<string, (config: Config) => Layer>;
