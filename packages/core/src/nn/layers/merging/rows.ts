/** The rows of the merging layers in the table that configurations are read with. */
import type { Layer } from '../../layer.ts';
import type { Config } from '../../registry-table.ts';
import { Add, Average, Concatenate, Dot, Maximum, Minimum, Multiply, Subtract } from './index.ts';

export const MERGING = {
  Add: (c) => Add.fromConfig(c),
  Average: (c) => Average.fromConfig(c),
  Concatenate: (c) => Concatenate.fromConfig(c),
  Dot: (c) => Dot.fromConfig(c),
  Maximum: (c) => Maximum.fromConfig(c),
  Minimum: (c) => Minimum.fromConfig(c),
  Multiply: (c) => Multiply.fromConfig(c),
  Subtract: (c) => Subtract.fromConfig(c),
} as const satisfies Record<string, (config: Config) => Layer>;
