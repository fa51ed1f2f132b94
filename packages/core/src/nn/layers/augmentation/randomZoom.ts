/** RandomZoom: brings images nearer or farther. */
import * as ops from '../../../tensor/ops/index.ts';
import type { Config } from '../../registry-table.ts';
import { rangeOf, savedFactor, savedOptions, type Draw, type Factor, type Range } from './base.ts';
import { Warp, type Affine, type WarpOptions } from './warp.ts';

/** Options of `randomZoom`. */
export interface RandomZoomOptions extends WarpOptions {
  /** Default: the factor of the height, drawn once for both. */
  readonly widthFactor?: Factor | null;
}
/** Factors above -1 up to 1: 0.2 shows 1.2 times as much of the plane (smaller), -0.2 makes larger; one number f draws from -f to f. */
export class RandomZoom extends Warp {
  readonly className = 'RandomZoom';
  readonly heightFactor: Range;
  readonly widthFactor: Range | null;
  constructor(heightFactor: Factor, options: RandomZoomOptions = {}) {
    super('RandomZoom', options);
    const range = (factor: Factor, name: string): Range => rangeOf(factor, [-1 + 1e-6, 1], `RandomZoom '${this.name}': ${name}`);
    this.heightFactor = range(heightFactor, 'heightFactor');
    this.widthFactor = options.widthFactor === undefined || options.widthFactor === null ? null : range(options.widthFactor, 'widthFactor');
  }
  static fromConfig(config: Config): RandomZoom { return new RandomZoom(savedFactor(config, 'heightFactor'), savedOptions(config)); }
  protected map(height: number, width: number, draw: Draw): Affine {
    const y = ops.add(draw.within(this.heightFactor), 1), x = this.widthFactor === null ? y : ops.add(draw.within(this.widthFactor), 1);
    const from = (zoom: ReturnType<Draw['within']>, n: number): ReturnType<Draw['within']> => ops.multiply(ops.subtract(1, zoom), (n - 1) / 2);
    return { x: [x, 0, from(x, width)], y: [0, y, from(y, height)] };
  }
  override getConfig(): Config { return { ...super.getConfig(), heightFactor: this.heightFactor, widthFactor: this.widthFactor }; }
}
