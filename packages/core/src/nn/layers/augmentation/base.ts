/**
 * The bases of augmentation: layers that disturb images while training and hand them through, as f32, otherwise. Every decision is drawn for each image by itself
 * from the keys of the run, within the compiled program, so a seed of the model fixes them all.
 */
import { ValueError } from '../../../base/errors.ts';
import { at } from '../../../base/shape.ts';
import * as ops from '../../../tensor/ops/index.ts';
import { uniform, type SeedGenerator } from '../../../tensor/random.ts';
import { tensor, type Tensor } from '../../../tensor/tensor.ts';
import type { CallContext } from '../../layer.ts';
import type { Config, JsonValue } from '../../registry-table.ts';
import { layerOptions } from '../options.ts';
import { ImageLayer, type ImageOptions } from '../preprocessing/image.ts';

/** Least and greatest of what is drawn. */
export type Range = readonly [least: number, most: number];
/** A range, or one number, whose meaning the layer says. */
export type Factor = number | readonly [number, number];

/** Keys of one call of a layer, from one key of the run, so that eager and compiled calls draw the same. */
export class Keys {
  readonly #key: Tensor;
  #count = 0;
  constructor(seeds: SeedGenerator) { this.#key = seeds.next(); }
  next(): Tensor {
    const salt = Math.imul(this.#count++, 0x85eb_ca6b) >>> 0;
    return salt === 0 ? this.#key : ops.bitwiseXor(this.#key, tensor(new Uint32Array([salt, 0])));
  }
}
/** Draws for the images of one call. */
export class Draw {
  readonly batch: number;
  readonly keys: Keys;
  constructor(batch: number, keys: Keys) { this.batch = batch; this.keys = keys; }
  /** A number for each image, [batch, 1, 1, 1]. */
  within([min, max]: Range): Tensor { return uniform([this.batch, 1, 1, 1], this.keys.next(), { min, max }); }
  /** True with a probability that is itself drawn from the range. */
  chance(range: Range): Tensor { return ops.less(this.within([0, 1]), this.within(range)); }
  /** 1 or -1. */
  sign(): Tensor { return ops.subtract(ops.multiply(ops.cast(ops.less(this.within([0, 1]), 0.5), 'f32'), 2), 1); }
}
export abstract class Augmentation extends ImageLayer {
  /** Images [batch, height, width, channels], f32, disturbed. */
  protected abstract augment(images: Tensor, draw: Draw): Tensor;
  protected transform(images: Tensor, context: CallContext): Tensor {
    const x: Tensor = ops.cast(images, 'f32');
    return context.training ? this.augment(x, new Draw(at(x.shape, 0), new Keys(context.seeds))) : x;
  }
}
/** The range of a factor, within bounds. One number f: from -f (or the lower bound, if that is more) to f. Throws ValueError. */
export function rangeOf(factor: Factor, [least, most]: Range, who: string): Range {
  const pair = typeof factor === 'number' ? [Math.max(-Math.abs(factor), least), Math.abs(factor)] as const : ([...factor].sort((a, b) => a - b) as unknown as Range);
  const given = typeof factor === 'number' ? [factor] : pair;
  if (pair.length !== 2 || !given.every((v) => v >= least && v <= most)) throw new ValueError(`${who} ${JSON.stringify(factor)} must be a number, or [least, most], within ${least} and ${most}.`);
  return pair;
}
/** A saved factor. */
export const savedFactor = (config: Config, key = 'factor', fallback: Factor = 0): Factor => (config[key] ?? fallback) as Factor;
/** Options of a saved layer. */
export const savedOptions = <O extends ImageOptions>(config: Config): O => ({ ...config, ...layerOptions(config) }) as unknown as O;

/** Options of layers that change colours. */
export interface ColorOptions extends ImageOptions {
  /** Black and white of the images. Default [0, 255]. */
  readonly valueRange?: Range;
}
/** A layer with one factor and a range of values. */
export abstract class ColorAugmentation extends Augmentation {
  readonly factor: Range;
  readonly valueRange: Range;
  constructor(className: string, factor: Factor, bounds: Range, options: ColorOptions) {
    super(className, options);
    this.factor = rangeOf(factor, bounds, `${className} '${this.name}': factor`);
    this.valueRange = valueRangeOf(options.valueRange, `${className} '${this.name}'`);
  }
  override getConfig(): Config { return { ...super.getConfig(), factor: this.factor, valueRange: this.valueRange } satisfies Record<string, JsonValue>; }
}
export function valueRangeOf(range: Range = [0, 255], who: string): Range {
  if (range.length !== 2 || !(range[0] < range[1])) throw new ValueError(`${who}: valueRange ${JSON.stringify(range)} must be [black, white].`);
  return range;
}
