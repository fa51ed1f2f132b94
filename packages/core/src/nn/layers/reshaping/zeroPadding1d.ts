/** ZeroPadding1D: zeros around a sequence. */
import type { Config } from '../../registry-table.ts';
import { savedBorder, ZeroPadding, type BorderOptions, type BorderWidths } from './border.ts';

/** Input [batch, steps, channels] → the same axes, longer by `padding` (default 1) at each side. Keeps the dtype. */
export class ZeroPadding1D extends ZeroPadding {
  readonly className = 'ZeroPadding1D';
  constructor(padding: BorderWidths = 1, options: BorderOptions = {}) { super('ZeroPadding1D', 1, padding, options); }
  static fromConfig(config: Config): ZeroPadding1D { return new ZeroPadding1D(...savedBorder(config, 'padding')); }
}
