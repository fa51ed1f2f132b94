/** Convolution and pooling on nodes, channels last. They become the primitives `conv` and `windowReduce`. */
import { ShapeError } from '../../base/errors.ts';
import { at, showShape } from '../../base/shape.ts';
import * as g from '../../ir/build.ts';
import type { Node } from '../../ir/types.ts';
import { floats } from './linalg.ts';
import { real } from './promote.ts';
import { flip, rankOf, swapAxes } from './shape.ts';

/** valid: no padding. same: zeros around, so that there are ceil(extent / stride) results. Or [low, high] for each spatial axis. */
export type WindowPadding = 'valid' | 'same' | readonly (readonly [number, number])[];
/** Low and high padding of one axis; for 'same' the odd one is at the end (TensorFlow's rule). */
export function windowPadding(padding: 'valid' | 'same', extent: number, window: number, stride: number, dilation = 1): [number, number] {
  if (padding === 'valid') return [0, 0];
  const need = Math.max(0, (Math.ceil(extent / stride) - 1) * stride + (window - 1) * dilation + 1 - extent), low = Math.floor(need / 2);
  return [low, need - low];
}
/** Zeros in front only, so that no result sees what comes after it. */
export const causalPadding = (window: number, dilation: number): WindowPadding => [[(window - 1) * dilation, 0]];

const each = (value: number | readonly number[], spatial: number, who: string): number[] => {
  const list = typeof value === 'number' ? new Array<number>(spatial).fill(value) : [...value];
  if (list.length !== spatial || list.some((v) => !Number.isInteger(v) || v < 1)) throw new ShapeError(`${who}: ${JSON.stringify(value)} must be one or ${spatial} whole numbers of at least 1.`);
  return list;
};
/** Options of `conv`. */
export interface ConvOptions { readonly strides?: number | readonly number[]; readonly padding?: WindowPadding; readonly dilation?: number | readonly number[]; readonly groups?: number }
function spatialOf(x: Node, kernel: Node, who: string, last: string): number {
  const spatial = rankOf(x) - 2;
  if (spatial < 1 || rankOf(kernel) !== spatial + 2) throw new ShapeError(`${who}: input ${showShape(x.type.shape)} needs [batch, spatial…, channels] and kernel ${showShape(kernel.type.shape)} [spatial…, ${last}] of the same rank.`);
  return spatial;
}
/** x [N, spatial…, Cin], kernel [spatial…, Cin / groups, Cout] → [N, spatial…, Cout]; cross-correlation, channels last. */
export function conv(x: Node, kernel: Node, options: ConvOptions = {}): Node {
  const spatial = spatialOf(x, kernel, 'conv', 'in, out'), { padding = 'valid', groups = 1 } = options;
  const strides = each(options.strides ?? 1, spatial, 'conv: strides'), kernelDilation = each(options.dilation ?? 1, spatial, 'conv: dilation');
  const pads = typeof padding === 'string' ? strides.map((s, i) => windowPadding(padding, at(x.type.shape, i + 1), at(kernel.type.shape, i), s, at(kernelDilation, i))) : padding;
  const [input, weights] = floats(x, kernel, 'conv');
  return g.conv(input, weights, { strides, padding: pads, kernelDilation, inputDilation: strides.map(() => 1), groups });
}
/** Options of `convTranspose`. */
export interface ConvTransposeOptions {
  readonly strides?: number | readonly number[]; readonly padding?: 'valid' | 'same'; readonly dilation?: number | readonly number[];
  /** Elements added at the end of each axis; default: what makes stride · extent ('same'), or as much as the windows reach ('valid'). */
  readonly outputPadding?: readonly number[] | null;
}
/** Low and high padding of the dilated input of a transposed convolution, and the extent of its result (Keras's rules). */
export function transposedPadding(padding: 'valid' | 'same', extent: number, window: number, stride: number, dilation: number, outputPadding: number | null): { readonly pads: [number, number]; readonly extent: number } {
  const reach = (window - 1) * dilation + 1;
  let pads: [number, number];
  if (padding === 'valid') pads = [reach - 1, reach - 1 + (outputPadding ?? Math.max(reach, stride) - reach)];
  else {
    const total = outputPadding === null ? stride + reach - 2 : reach + (reach % 2) - 2 + outputPadding, low = Math.min(Math.ceil(total / 2), reach - 1);
    pads = [low, total - low];
  }
  return { pads, extent: (extent - 1) * stride + 1 + pads[0] + pads[1] - reach + 1 };
}
/** x [N, spatial…, Cin], kernel [spatial…, Cout, Cin] → [N, spatial…, Cout]: the gradient of a convolution for its input. */
export function convTranspose(x: Node, kernel: Node, options: ConvTransposeOptions = {}): Node {
  const spatial = spatialOf(x, kernel, 'convTranspose', 'out, in'), { padding = 'valid', outputPadding = null } = options;
  const strides = each(options.strides ?? 1, spatial, 'convTranspose: strides'), kernelDilation = each(options.dilation ?? 1, spatial, 'convTranspose: dilation');
  const pads = strides.map((s, i) => transposedPadding(padding, at(x.type.shape, i + 1), at(kernel.type.shape, i), s, at(kernelDilation, i), outputPadding === null ? null : at(outputPadding, i)).pads);
  const [input, weights] = floats(x, swapAxes(flip(kernel, strides.map((_, i) => i)), -1, -2), 'convTranspose');
  return g.conv(input, weights, { strides: strides.map(() => 1), padding: pads, kernelDilation, inputDilation: strides, groups: 1 });
}

/** Options of pooling. */
export interface PoolOptions { readonly strides?: number | readonly number[]; readonly padding?: WindowPadding }
function pool(kind: 'max' | 'sum', x: Node, size: number | readonly number[], options: PoolOptions, who: string): { value: Node; window: number[]; strides: number[]; padding: (readonly [number, number])[] } {
  const spatial = rankOf(x) - 2, { padding = 'valid' } = options;
  if (spatial < 1) throw new ShapeError(`${who}: input ${showShape(x.type.shape)} needs [batch, spatial…, channels].`);
  const own = each(size, spatial, who), step = each(options.strides ?? own, spatial, `${who}: strides`);
  const window = [1, ...own, 1], strides = [1, ...step, 1];
  const pads = typeof padding === 'string' ? window.map((w, i) => windowPadding(padding, at(x.type.shape, i), w, at(strides, i))) : [[0, 0] as const, ...padding, [0, 0] as const];
  return { value: g.windowReduce(x, { kind, window, strides, padding: pads, dilation: window.map(() => 1) }), window, strides, padding: pads };
}
/** Largest element of each window; channels last. */
export const maxPool = (x: Node, size: number | readonly number[], options: PoolOptions = {}): Node => pool('max', x, size, options, 'maxPool').value;
/** Mean of each window; padded places do not count. */
export function averagePool(x: Node, size: number | readonly number[], options: PoolOptions = {}): Node {
  const y = real(x), { value, window, strides, padding } = pool('sum', y, size, options, 'averagePool');
  if (padding.every(([a, b]) => a + b === 0)) return g.div(value, g.splatLike(window.reduce((a, b) => a * b, 1), value));
  const ones = g.splat(1, y.type.shape.map((d, i) => (i === 0 || i === y.type.shape.length - 1 ? 1 : d)), y.type.dtype);
  const count = g.windowReduce(ones, { kind: 'sum', window, strides, padding, dilation: window.map(() => 1) });
  return g.div(value, g.broadcastTo(count, value.type.shape));
}
