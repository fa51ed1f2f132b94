/** Conv2DTranspose: a convolution over an image run backwards, for going up in size. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { savedArguments } from './base.ts';
import { ConvTranspose, type ConvTransposeOptions } from './transposed.ts';

/** Input [batch, height, width, channels] → [batch, height, width, filters], extents by Keras's rules. Weights: kernel [height, width, filters, channels], bias [filters]. */
export class Conv2DTranspose extends ConvTranspose {
  readonly className = 'Conv2DTranspose';
  constructor(filters: number, kernelSize: PerAxis, options: ConvTransposeOptions = {}) { super('Conv2DTranspose', 2, filters, kernelSize, options); }
  static fromConfig(config: Config): Conv2DTranspose { return new Conv2DTranspose(...savedArguments(config)); }
}
