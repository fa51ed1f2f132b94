/** RandomRotation: turns images about their middle. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Config } from '../../registry-table.ts';
import { rangeOf, savedFactor, savedOptions, type Draw, type Factor, type Range } from './base.ts';
import { turned, Warp, type Affine, type WarpOptions } from './warp.ts';

/** `factor`: part of a full turn, counter-clockwise where positive; one number f draws from -f to f. Within -1 and 1. */
export class RandomRotation extends Warp {
  readonly className = 'RandomRotation';
  readonly factor: Range;
  constructor(factor: Factor, options: WarpOptions = {}) {
    super('RandomRotation', options);
    this.factor = rangeOf(factor, [-1, 1], `RandomRotation '${this.name}': factor`);
  }
  static fromConfig(config: Config): RandomRotation { return new RandomRotation(savedFactor(config), savedOptions(config)); }
  protected map(height: number, width: number, draw: Draw): Affine { return turned(ops.multiply(draw.within(this.factor), 2 * Math.PI), height, width); }
  override getConfig(): Config { return { ...super.getConfig(), factor: this.factor }; }
}
