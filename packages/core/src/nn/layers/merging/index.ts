/** Merging layers: classes and factories. All are applied to a list: `layers.add().apply([a, b])`. */
import type { LayerOptions } from '../../layer.ts';
import { Add } from './add.ts';
import { Average } from './average.ts';
import { Concatenate, type ConcatenateOptions } from './concatenate.ts';
import { Dot, type DotOptions } from './dot.ts';
import { Maximum } from './maximum.ts';
import { Minimum } from './minimum.ts';
import { Multiply } from './multiply.ts';
import { Subtract } from './subtract.ts';

export { Add, Average, Concatenate, Dot, Maximum, Minimum, Multiply, Subtract };
export type { ConcatenateOptions, DotOptions };

/** The sum of the inputs. */
export const add = (options: LayerOptions = {}): Add => new Add(options);
/** The mean of the inputs. */
export const average = (options: LayerOptions = {}): Average => new Average(options);
/** The inputs behind each other along `axis` (default the last). */
export const concatenate = (options: ConcatenateOptions = {}): Concatenate => new Concatenate(options);
/** Product of two inputs summed along one axis of each. */
export const dot = (axes: number | readonly [number, number], options: DotOptions = {}): Dot => new Dot(axes, options);
/** The largest of the inputs, element by element. */
export const maximum = (options: LayerOptions = {}): Maximum => new Maximum(options);
/** The smallest of the inputs, element by element. */
export const minimum = (options: LayerOptions = {}): Minimum => new Minimum(options);
/** The product of the inputs. */
export const multiply = (options: LayerOptions = {}): Multiply => new Multiply(options);
/** The first input less the second. */
export const subtract = (options: LayerOptions = {}): Subtract => new Subtract(options);
