/** Cropping2D: cuts the border of an image off. */
import type { Config } from '../../registry-table.ts';
import { Cropping, savedBorder, type BorderOptions, type BorderWidths } from './border.ts';

/** Input [batch, height, width, channels] → the same axes, shorter by `cropping` (default 0) at each side. Keeps the dtype. */
export class Cropping2D extends Cropping {
  readonly className = 'Cropping2D';
  constructor(cropping: BorderWidths = 0, options: BorderOptions = {}) { super('Cropping2D', 2, cropping, options); }
  static fromConfig(config: Config): Cropping2D { return new Cropping2D(...savedBorder(config, 'cropping')); }
}
