/** Cropping3D: cuts the border of a volume off. */
import type { Config } from '../../registry-table.ts';
import { Cropping, savedBorder, type BorderOptions, type BorderWidths } from './border.ts';

/** Input [batch, depth, height, width, channels] → the same axes, shorter by `cropping` (default 1) at each side. Keeps the dtype. */
export class Cropping3D extends Cropping {
  readonly className = 'Cropping3D';
  constructor(cropping: BorderWidths = 1, options: BorderOptions = {}) { super('Cropping3D', 3, cropping, options); }
  static fromConfig(config: Config): Cropping3D { return new Cropping3D(...savedBorder(config, 'cropping')); }
}
