/** The rows of the convolutional layers in the table that configurations are read with. */
import type { Layer } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { Conv1D, Conv1DTranspose, Conv2D, Conv2DTranspose, Conv3D, Conv3DTranspose, DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D, SeparableConv2D } from './index.ts';

export const CONVOLUTIONAL = {
  Conv1D: (c) => Conv1D.fromConfig(c),
  Conv1DTranspose: (c) => Conv1DTranspose.fromConfig(c),
  Conv2D: (c) => Conv2D.fromConfig(c),
  Conv2DTranspose: (c) => Conv2DTranspose.fromConfig(c),
  Conv3D: (c) => Conv3D.fromConfig(c),
  Conv3DTranspose: (c) => Conv3DTranspose.fromConfig(c),
  DepthwiseConv1D: (c) => DepthwiseConv1D.fromConfig(c),
  DepthwiseConv2D: (c) => DepthwiseConv2D.fromConfig(c),
  SeparableConv1D: (c) => SeparableConv1D.fromConfig(c),
  SeparableConv2D: (c) => SeparableConv2D.fromConfig(c),
} as const satisfies Record<string, (config: Config) => Layer>;
