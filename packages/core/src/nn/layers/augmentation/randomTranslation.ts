/** RandomTranslation: shifts images. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Config } from '../../registry-table.ts';
import { rangeOf, savedFactor, savedOptions, type Draw, type Factor, type Range } from './base.ts';
import { Warp, type Affine, type WarpOptions } from './warp.ts';

/** Factors are parts of height and width, downwards and to the right where positive; one number f draws from -f to f. Within -1 and 1. */
export class RandomTranslation extends Warp {
  readonly className = 'RandomTranslation';
  readonly heightFactor: Range;
  readonly widthFactor: Range;
  constructor(heightFactor: Factor, widthFactor: Factor, options: WarpOptions = {}) {
    super('RandomTranslation', options);
    this.heightFactor = rangeOf(heightFactor, [-1, 1], `RandomTranslation '${this.name}': heightFactor`);
    this.widthFactor = rangeOf(widthFactor, [-1, 1], `RandomTranslation '${this.name}': widthFactor`);
  }
  static fromConfig(config: Config): RandomTranslation { return new RandomTranslation(savedFactor(config, 'heightFactor'), savedFactor(config, 'widthFactor'), savedOptions(config)); }
  protected map(height: number, width: number, draw: Draw): Affine {
    return { x: [1, 0, ops.multiply(draw.within(this.widthFactor), -width)], y: [0, 1, ops.multiply(draw.within(this.heightFactor), -height)] };
  }
  override getConfig(): Config { return { ...super.getConfig(), heightFactor: this.heightFactor, widthFactor: this.widthFactor }; }
}
