/** What convolution and pooling layers share: lists per spatial axis, the layout of channels, extents of results. */
import { ShapeError, ValueError } from '../../base/errors.ts';
import { at, showShape, type Shape } from '../../base/shape.ts';
import { windowPadding } from '../../tensor/lib/index.ts';
import * as ops from '../../tensor/ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { single, singleShape, type BatchShape } from '../layer.ts';

/** Where the channels of an image stand: [batch, spatial…, channels] (the default, and faster) or [batch, channels, spatial…]. */
export type DataFormat = 'channelsLast' | 'channelsFirst';
/** One number for all spatial axes, or one for each. */
export type PerAxis = number | readonly number[];

/** `value` for each of `rank` axes. Throws ValueError unless they are whole numbers of at least `least`. */
export function perAxis(value: PerAxis, rank: number, who: string, least = 1): number[] {
  const list = typeof value === 'number' ? new Array<number>(rank).fill(value) : [...value];
  if (list.length !== rank || list.some((n) => !Number.isInteger(n) || n < least)) {
    throw new ValueError(`${who}: ${JSON.stringify(value)} must be a whole number of at least ${least}${rank > 1 ? `, or a list of ${rank}` : ''}.`);
  }
  return list;
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[_\s-]/g, '');
/** One of `names`, in any spelling ('channels_last'). */
export function oneOf<T extends string>(value: string, names: readonly T[], who: string): T {
  const found = names.find((n) => plain(n) === plain(value));
  if (found === undefined) throw new ValueError(`${who}: '${value}' must be ${names.map((n) => `'${n}'`).join(' or ')}.`);
  return found;
}
export const dataFormatOf = (value: string | undefined, who: string): DataFormat => oneOf(value ?? 'channelsLast', ['channelsLast', 'channelsFirst'], `${who}: dataFormat`);

/** The input of a spatial layer with its channels last. */
export function channelsLast(inputs: readonly Tensor[], format: DataFormat, who: string): Tensor {
  const x = single(inputs, who);
  return format === 'channelsLast' ? x : ops.moveAxis(x, 1, -1);
}
/** Back to the layer's own layout. */
export const inFormat = (x: Tensor, format: DataFormat): Tensor => (format === 'channelsLast' ? x : ops.moveAxis(x, -1, 1));

export interface SpatialShape { readonly batch: number | null; readonly spatial: BatchShape; readonly channels: number | null }
/** The parts of an input shape of `rank` spatial axes. Throws ShapeError where the rank is another. */
export function spatialShape(shapes: readonly BatchShape[], rank: number, format: DataFormat, who: string): SpatialShape {
  const shape = singleShape(shapes, who);
  if (shape.length !== rank + 2) {
    const axes = rank === 1 ? 'steps' : rank === 2 ? 'height, width' : 'depth, height, width';
    const wanted = format === 'channelsLast' ? `[batch, ${axes}, channels]` : `[batch, channels, ${axes}]`;
    throw new ShapeError(`${who} takes ${wanted}, got ${showShape(shape)}. Reshape the input: an image without channels needs an axis of 1.`);
  }
  const rest = shape.slice(1), channels = format === 'channelsLast' ? at(rest, -1) : at(rest, 0);
  return { batch: shape[0] ?? null, spatial: format === 'channelsLast' ? rest.slice(0, -1) : rest.slice(1), channels };
}
/** A whole shape from its parts. */
export const shapeInFormat = ({ batch, spatial, channels }: SpatialShape, format: DataFormat): BatchShape =>
  (format === 'channelsLast' ? [batch, ...spatial, channels] : [batch, channels, ...spatial]);

/** Extents of the results of a window that moves over `spatial`; unknown extents stay unknown. Throws ShapeError where a window does not fit. */
export function windowed(spatial: BatchShape, window: Shape, strides: Shape, padding: 'valid' | 'same', dilation: Shape, who: string): BatchShape {
  return spatial.map((n, i) => {
    if (n === null) return null;
    const stride = at(strides, i), reach = (at(window, i) - 1) * at(dilation, i) + 1;
    const [low, high] = windowPadding(padding, n, at(window, i), stride, at(dilation, i));
    if (n + low + high < reach) throw new ShapeError(`${who}: a window of ${showShape(window)}${dilation.some((d) => d > 1) ? ` (dilation ${showShape(dilation)})` : ''} does not fit into ${showShape(spatial)}. Use padding 'same', a smaller window or a larger input.`);
    return Math.floor((n + low + high - reach) / stride) + 1;
  });
}
