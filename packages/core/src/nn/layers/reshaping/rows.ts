/** The rows of the reshaping layers in the table that configurations are read with. */
import type { Layer } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { Cropping1D, Cropping2D, Cropping3D, Permute, RepeatVector, UpSampling1D, UpSampling2D, UpSampling3D, ZeroPadding1D, ZeroPadding2D, ZeroPadding3D } from './index.ts';

export const RESHAPING = {
  Cropping1D: (c) => Cropping1D.fromConfig(c),
  Cropping2D: (c) => Cropping2D.fromConfig(c),
  Cropping3D: (c) => Cropping3D.fromConfig(c),
  Permute: (c) => Permute.fromConfig(c),
  RepeatVector: (c) => RepeatVector.fromConfig(c),
  UpSampling1D: (c) => UpSampling1D.fromConfig(c),
  UpSampling2D: (c) => UpSampling2D.fromConfig(c),
  UpSampling3D: (c) => UpSampling3D.fromConfig(c),
  ZeroPadding1D: (c) => ZeroPadding1D.fromConfig(c),
  ZeroPadding2D: (c) => ZeroPadding2D.fromConfig(c),
  ZeroPadding3D: (c) => ZeroPadding3D.fromConfig(c),
} as const satisfies Record<string, (config: Config) => Layer>;
