/** Conv1DTranspose: a convolution over a sequence run backwards, for going up in size. */
import type { Config } from '../../registry-table.ts';
import type { PerAxis } from '../spatial.ts';
import { savedArguments } from './base.ts';
import { ConvTranspose, type ConvTransposeOptions } from './transposed.ts';

/** Input [batch, steps, channels] → [batch, steps, filters], extents by Keras's rules. Weights: kernel [size, filters, channels], bias [filters]. */
export class Conv1DTranspose extends ConvTranspose {
  readonly className = 'Conv1DTranspose';
  constructor(filters: number, kernelSize: PerAxis, options: ConvTransposeOptions = {}) { super('Conv1DTranspose', 1, filters, kernelSize, options); }
  static fromConfig(config: Config): Conv1DTranspose { return new Conv1DTranspose(...savedArguments(config)); }
}
