/** ZeroPadding2D: zeros around an image. */
import type { Config } from '../../registry-table.ts';
import { savedBorder, ZeroPadding, type BorderOptions, type BorderWidths } from './border.ts';

/** Input [batch, height, width, channels] → the same axes, longer by `padding` (default 1) at each side. Keeps the dtype. */
export class ZeroPadding2D extends ZeroPadding {
  readonly className = 'ZeroPadding2D';
  constructor(padding: BorderWidths = 1, options: BorderOptions = {}) { super('ZeroPadding2D', 2, padding, options); }
  static fromConfig(config: Config): ZeroPadding2D { return new ZeroPadding2D(...savedBorder(config, 'padding')); }
}
