/** RandomColorJitter: brightness, contrast, saturation and hue at once, in this order. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { Config } from '../../registry-table.ts';
import { Augmentation, rangeOf, savedOptions, valueRangeOf, type ColorOptions, type Draw, type Factor, type Range } from './base.ts';
import { brightened, contrasted, hueShifted, requireColors, saturated } from './colors.ts';
import { strengthOf } from './randomSaturation.ts';

/** Options of `randomColorJitter`; factors as those of the single layers, null: not that. Default null. */
export interface RandomColorJitterOptions extends ColorOptions {
  readonly brightnessFactor?: Factor | null;
  readonly contrastFactor?: Factor | null;
  readonly saturationFactor?: Factor | null;
  readonly hueFactor?: Factor | null;
}
export class RandomColorJitter extends Augmentation {
  readonly className = 'RandomColorJitter';
  readonly brightnessFactor: Range | null;
  readonly contrastFactor: Range | null;
  readonly saturationFactor: Range | null;
  readonly hueFactor: Range | null;
  readonly valueRange: Range;
  constructor(options: RandomColorJitterOptions = {}) {
    super('RandomColorJitter', options);
    const range = (factor: Factor | null | undefined, bounds: Range, name: string): Range | null => (factor === null || factor === undefined ? null : rangeOf(factor, bounds, `RandomColorJitter '${this.name}': ${name}`));
    this.brightnessFactor = range(options.brightnessFactor, [-1, 1], 'brightnessFactor');
    this.contrastFactor = range(options.contrastFactor, [0, 1], 'contrastFactor');
    this.saturationFactor = range(options.saturationFactor, [0, 1], 'saturationFactor');
    this.hueFactor = range(options.hueFactor, [0, 1], 'hueFactor');
    this.valueRange = valueRangeOf(options.valueRange, `RandomColorJitter '${this.name}'`);
  }
  static fromConfig(config: Config): RandomColorJitter { return new RandomColorJitter(savedOptions(config)); }
  protected augment(images: Tensor, draw: Draw): Tensor {
    let x = images;
    if (this.brightnessFactor !== null) x = brightened(x, draw.within(this.brightnessFactor), this.valueRange);
    if (this.contrastFactor !== null) x = contrasted(x, draw.within([1 - this.contrastFactor[0], 1 + this.contrastFactor[1]]), this.valueRange);
    if (this.saturationFactor !== null || this.hueFactor !== null) requireColors(x, `RandomColorJitter '${this.name}'`);
    if (this.saturationFactor !== null) x = saturated(x, strengthOf(draw.within(this.saturationFactor)), this.valueRange);
    return this.hueFactor === null ? x : hueShifted(x, ops.multiply(ops.multiply(draw.within(this.hueFactor), draw.sign()), 0.5), this.valueRange);
  }
  override getConfig(): Config {
    const { brightnessFactor, contrastFactor, saturationFactor, hueFactor, valueRange } = this;
    return { ...super.getConfig(), brightnessFactor, contrastFactor, saturationFactor, hueFactor, valueRange };
  }
}
