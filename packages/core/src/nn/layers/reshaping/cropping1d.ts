/** Cropping1D: cuts the border of a sequence off. */
import type { Config } from '../../registry-table.ts';
import { Cropping, savedBorder, type BorderOptions, type BorderWidths } from './border.ts';

/** Input [batch, steps, channels] → the same axes, shorter by `cropping` (default 1) at each side. Keeps the dtype. */
export class Cropping1D extends Cropping {
  readonly className = 'Cropping1D';
  constructor(cropping: BorderWidths = 1, options: BorderOptions = {}) { super('Cropping1D', 1, cropping, options); }
  static fromConfig(config: Config): Cropping1D { return new Cropping1D(...savedBorder(config, 'cropping')); }
}
