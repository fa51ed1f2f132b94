/** ZeroPadding3D: zeros around a volume. */
import type { Config } from '../../registry-table.ts';
import { savedBorder, ZeroPadding, type BorderOptions, type BorderWidths } from './border.ts';

/** Input [batch, depth, height, width, channels] → the same axes, longer by `padding` (default 1) at each side. Keeps the dtype. */
export class ZeroPadding3D extends ZeroPadding {
  readonly className = 'ZeroPadding3D';
  constructor(padding: BorderWidths = 1, options: BorderOptions = {}) { super('ZeroPadding3D', 3, padding, options); }
  static fromConfig(config: Config): ZeroPadding3D { return new ZeroPadding3D(...savedBorder(config, 'padding')); }
}
