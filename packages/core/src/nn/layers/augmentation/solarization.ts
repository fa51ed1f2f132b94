/** Solarization: inverts light pixels. */
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Config } from '../../registry-table.ts';
import { Augmentation, rangeOf, savedOptions, valueRangeOf, type ColorOptions, type Draw, type Factor, type Range } from './base.ts';
import { solarized } from './colors.ts';

/** Options of `solarization`. */
export interface SolarizationOptions extends ColorOptions {
  /** Parts of the range that are added first, within 0 and 1; one number f draws from 0 to f. Default 0. */
  readonly additionFactor?: Factor;
  /** Above which part of the range pixels are inverted, likewise. Default 0. */
  readonly thresholdFactor?: Factor;
}
/** Keras scales the upper ends of both ranges by 255 and leaves the lower ends as they are; so does this. */
export class Solarization extends Augmentation {
  readonly className = 'Solarization';
  readonly additionFactor: Range;
  readonly thresholdFactor: Range;
  readonly valueRange: Range;
  constructor(options: SolarizationOptions = {}) {
    super('Solarization', options);
    this.additionFactor = rangeOf(options.additionFactor ?? 0, [0, 1], `Solarization '${this.name}': additionFactor`);
    this.thresholdFactor = rangeOf(options.thresholdFactor ?? 0, [0, 1], `Solarization '${this.name}': thresholdFactor`);
    this.valueRange = valueRangeOf(options.valueRange, `Solarization '${this.name}'`);
  }
  static fromConfig(config: Config): Solarization { return new Solarization(savedOptions(config)); }
  protected augment(images: Tensor, draw: Draw): Tensor {
    return solarized(images, draw.within([this.additionFactor[0], this.additionFactor[1] * 255]), draw.within([this.thresholdFactor[0], this.thresholdFactor[1] * 255]), this.valueRange);
  }
  override getConfig(): Config { return { ...super.getConfig(), additionFactor: this.additionFactor, thresholdFactor: this.thresholdFactor, valueRange: this.valueRange }; }
}
