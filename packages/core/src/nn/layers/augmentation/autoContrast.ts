/** AutoContrast: each channel of each image over the whole range of values. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Config } from '../../registry-table.ts';
import { ImageLayer } from '../preprocessing/image.ts';
import { savedOptions, valueRangeOf, type ColorOptions, type Range } from './base.ts';
import { stretched } from './colors.ts';

/** In training and not. f32. */
export class AutoContrast extends ImageLayer {
  readonly className = 'AutoContrast';
  readonly valueRange: Range;
  constructor(options: ColorOptions = {}) { super('AutoContrast', options); this.valueRange = valueRangeOf(options.valueRange, `AutoContrast '${this.name}'`); }
  static fromConfig(config: Config): AutoContrast { return new AutoContrast(savedOptions(config)); }
  protected transform(images: Tensor): Tensor { return stretched(ops.cast(images, 'f32'), this.valueRange); }
  override getConfig(): Config { return { ...super.getConfig(), valueRange: this.valueRange }; }
}
