/** Equalization: each channel of each image with its values equally frequent. */
import { ValueError } from '../../../base/errors.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Config } from '../../registry-table.ts';
import { Augmentation, savedOptions, valueRangeOf, type ColorOptions, type Range } from './base.ts';
import { equalized } from './colors.ts';

/** Options of `equalization`. */
export interface EqualizationOptions extends ColorOptions {
  /** Default 256. */
  readonly bins?: number;
}
/** While training. Every image by its own histogram (Keras counts over the batch). */
export class Equalization extends Augmentation {
  readonly className = 'Equalization';
  readonly valueRange: Range;
  readonly bins: number;
  constructor(options: EqualizationOptions = {}) {
    super('Equalization', options);
    this.valueRange = valueRangeOf(options.valueRange, `Equalization '${this.name}'`);
    this.bins = options.bins ?? 256;
    if (!(Number.isInteger(this.bins) && this.bins >= 2)) throw new ValueError(`Equalization '${this.name}': bins ${this.bins} must be a whole number of at least 2.`);
  }
  static fromConfig(config: Config): Equalization { return new Equalization(savedOptions(config)); }
  protected augment(images: Tensor): Tensor { return equalized(images, this.valueRange, this.bins); }
  override getConfig(): Config { return { ...super.getConfig(), valueRange: this.valueRange, bins: this.bins }; }
}
