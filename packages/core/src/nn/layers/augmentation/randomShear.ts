/** RandomShear: slants images. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Config } from '../../registry-table.ts';
import { rangeOf, savedOptions, type Draw, type Factor, type Range } from './base.ts';
import { Warp, type Affine, type WarpOptions } from './warp.ts';

/** Options of `randomShear`. */
export interface RandomShearOptions extends WarpOptions {
  /** Pixels to the side for each row, within 0 and 1; one number f draws from 0 to f. Default 0. */
  readonly xFactor?: Factor;
  /** Pixels down for each column, likewise. Default 0. */
  readonly yFactor?: Factor;
}
/** The sense of both slants is drawn for each image. */
export class RandomShear extends Warp {
  readonly className = 'RandomShear';
  readonly xFactor: Range;
  readonly yFactor: Range;
  constructor(options: RandomShearOptions = {}) {
    super('RandomShear', options);
    this.xFactor = rangeOf(options.xFactor ?? 0, [0, 1], `RandomShear '${this.name}': xFactor`);
    this.yFactor = rangeOf(options.yFactor ?? 0, [0, 1], `RandomShear '${this.name}': yFactor`);
  }
  static fromConfig(config: Config): RandomShear { return new RandomShear(savedOptions(config)); }
  protected map(_height: number, _width: number, draw: Draw): Affine {
    const sign = draw.sign();
    return { x: [1, ops.multiply(draw.within(this.xFactor), sign), 0], y: [ops.multiply(draw.within(this.yFactor), sign), 1, 0] };
  }
  override getConfig(): Config { return { ...super.getConfig(), xFactor: this.xFactor, yFactor: this.yFactor }; }
}
