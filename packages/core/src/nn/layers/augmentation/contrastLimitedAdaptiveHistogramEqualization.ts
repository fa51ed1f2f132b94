/** CLAHE (Zuiderveld 1994): each pixel by the histograms of the tiles around it, in which no value may count too often. */
import { ShapeError, ValueError } from '../../../base/errors.ts';
import { at, showShape } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import { numberOf, type Config } from '../../registry-table.ts';
import { ImageLayer } from '../preprocessing/image.ts';
import { savedOptions, valueRangeOf, type ColorOptions, type Range } from './base.ts';
import { rescaled } from './colors.ts';

/** Options of `contrastLimitedAdaptiveHistogramEqualization`. */
export interface ContrastLimitedAdaptiveHistogramEqualizationOptions extends ColorOptions {
  /** How often a value may count, in multiples of the mean over all values; 0: any number. Default 4. */
  readonly clipLimit?: number;
  /** Rows and columns of tiles. Default [8, 8]. */
  readonly tileGridSize?: readonly [number, number];
}
const BINS = 256, BYTES: Range = [0, 255];
/** In training and not, each channel by itself. f32. */
export class ContrastLimitedAdaptiveHistogramEqualization extends ImageLayer {
  readonly className = 'ContrastLimitedAdaptiveHistogramEqualization';
  readonly valueRange: Range;
  readonly clipLimit: number;
  readonly tileGridSize: readonly [number, number];
  constructor(options: ContrastLimitedAdaptiveHistogramEqualizationOptions = {}) {
    super('ContrastLimitedAdaptiveHistogramEqualization', options);
    const who = `ContrastLimitedAdaptiveHistogramEqualization '${this.name}'`, grid: readonly number[] = options.tileGridSize ?? [8, 8];
    this.valueRange = valueRangeOf(options.valueRange, who);
    this.clipLimit = options.clipLimit ?? 4;
    if (!(this.clipLimit >= 0)) throw new ValueError(`${who}: clipLimit ${this.clipLimit} must be at least 0.`);
    if (grid.length !== 2 || !grid.every((n) => Number.isInteger(n) && n >= 1)) throw new ValueError(`${who}: tileGridSize ${JSON.stringify(grid)} must be two whole numbers of at least 1, rows and columns.`);
    this.tileGridSize = grid as unknown as readonly [number, number];
  }
  static fromConfig(config: Config): ContrastLimitedAdaptiveHistogramEqualization { return new ContrastLimitedAdaptiveHistogramEqualization({ ...savedOptions<ContrastLimitedAdaptiveHistogramEqualizationOptions>(config), clipLimit: numberOf(config, 'clipLimit', 4) }); }
  protected transform(images: Tensor): Tensor {
    const [, height, width] = images.shape as readonly [number, number, number, number], [rows, columns] = this.tileGridSize, tileHeight = Math.ceil(height / rows), tileWidth = Math.ceil(width / columns);
    const below = tileHeight * rows - height, right = tileWidth * columns - width;
    if (below > height || right > width) throw new ShapeError(`Layer '${this.name}': images ${showShape(images.shape)} are too small for ${rows} × ${columns} tiles. Give a smaller tileGridSize.`);
    const whole = ops.pad(rescaled(ops.cast(images, 'f32'), this.valueRange, BYTES), [[0, 0], [0, below], [0, right], [0, 0]], 'symmetric');
    const values = ops.cast(ops.clip(whole, 0, BINS - 1), 'i32'), tables = this.#tables(values, tileHeight, tileWidth);
    return rescaled(ops.slice(between(values, tables, tileHeight, tileWidth), null, [0, height], [0, width], null), BYTES, this.valueRange);
  }
  /** For each tile and channel what becomes of each value, [batch, rows, columns, channels, 256]. */
  #tables(values: Tensor, tileHeight: number, tileWidth: number): Tensor {
    const [batch, , , channels] = values.shape as readonly [number, number, number, number], [rows, columns] = this.tileGridSize, pixels = tileHeight * tileWidth, groups = batch * rows * columns * channels;
    const tiles = ops.reshape(ops.transpose(ops.reshape(values, [batch, rows, tileHeight, columns, tileWidth, channels]), [0, 1, 3, 5, 2, 4]), [groups, pixels]);
    const own = ops.multiply(ops.reshape(ops.arange(0, groups, 1, 'i32'), [groups, 1]), BINS);
    let histogram = ops.reshape(ops.scatterAdd(ops.zeros([groups * BINS]), ops.reshape(ops.add(tiles, own), [groups * pixels]), ops.ones([groups * pixels])), [groups, BINS]);
    if (this.clipLimit > 0) {
      const cut = ops.minimum(histogram, (this.clipLimit * pixels) / BINS);
      histogram = ops.add(cut, ops.divide(ops.sum(ops.subtract(histogram, cut), 1, true), BINS));
    }
    const total = ops.cumsum(histogram, 1), first = ops.min(total, 1, true), rest = ops.subtract(pixels, first);
    return ops.reshape(ops.clip(ops.divide(ops.multiply(ops.subtract(total, first), 255), ops.where(ops.equal(rest, 0), 1, rest)), 0, 255), [batch, rows, columns, channels, BINS]);
  }
  override getConfig(): Config { return { ...super.getConfig(), valueRange: this.valueRange, clipLimit: this.clipLimit, tileGridSize: this.tileGridSize }; }
}
/** Values [batch, height, width, channels] through the tables of the four tiles whose middles are around them; at borders the tile there counts twice. */
function between(values: Tensor, tables: Tensor, tileHeight: number, tileWidth: number): Tensor {
  const [batch, height, width, channels] = values.shape as readonly [number, number, number, number];
  const framed = ops.pad(tables, [[0, 0], [1, 1], [1, 1], [0, 0], [0, 0]], 'edge'), [, down, across] = framed.shape as readonly [number, number, number], flat = ops.reshape(framed, [framed.size]);
  /** Along an axis of n pixels: the tile before, the one after, and how near that is. */
  const around = (n: number, tile: number, tiles: number, shape: readonly number[]): readonly [Tensor, Tensor, Tensor] => {
    const place = Float32Array.from({ length: n }, (_, i) => (i - tile / 2) / tile), before = Array.from(place, (p) => Math.floor(Math.fround(p + 1)));
    const index = (step: number): Tensor => tensor(Int32Array.from(before, (b) => Math.min(tiles - 1, Math.max(0, b + step))), shape);
    return [index(0), index(1), tensor(Float32Array.from(place, (p, i) => Math.fround(p + 1) - at(before, i)), shape)];
  };
  const [top, bottom, low] = around(height, tileHeight, down, [1, height, 1, 1]), [left, right, far] = around(width, tileWidth, across, [1, 1, width, 1]);
  const image = ops.reshape(ops.arange(0, batch, 1, 'i32'), [batch, 1, 1, 1]), channel = ops.arange(0, channels, 1, 'i32');
  const read = (y: Tensor, x: Tensor): Tensor => {
    const table = ops.add(ops.multiply(ops.add(ops.multiply(ops.add(ops.multiply(image, down), y), across), x), channels), channel);
    return ops.take(flat, ops.add(ops.multiply(table, BINS), values), 0);
  };
  const mix = (a: Tensor, b: Tensor, t: Tensor): Tensor => ops.add(ops.multiply(a, ops.subtract(1, t)), ops.multiply(b, t));
  return mix(mix(read(top, left), read(top, right), far), mix(read(bottom, left), read(bottom, right), far), low);
}
