/** Conv3DTranspose: a convolution over a volume run backwards, for going up in size. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { savedArguments } from './base.ts';
import { ConvTranspose, type ConvTransposeOptions } from './transposed.ts';

/** Input [batch, depth, height, width, channels] → [batch, depth, height, width, filters], extents by Keras's rules. Weights: kernel [depth, height, width, filters, channels], bias [filters]. */
export class Conv3DTranspose extends ConvTranspose {
  readonly className = 'Conv3DTranspose';
  constructor(filters: number, kernelSize: PerAxis, options: ConvTransposeOptions = {}) { super('Conv3DTranspose', 3, filters, kernelSize, options); }
  static fromConfig(config: Config): Conv3DTranspose { return new Conv3DTranspose(...savedArguments(config)); }
}
