/** Pictures as pixels: the input itself and the heat map over it. */
import { encode } from 'fast-png';
import type { Tensor } from '@limelight/core';
import type { Attribution, Explained } from '../types.ts';
import { blend, diverging, fullScale, glow, type Rgb } from './colours.ts';

/** RGB pixels, row-major. */
export interface Pixels { readonly width: number; readonly height: number; readonly data: Uint8Array }

/** A picture by the colour of each place. */
export function pixelsOf(width: number, height: number, colour: (x: number, y: number) => Rgb): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(colour(x, y).map(Math.round), (y * width + x) * 3);
  return { width, height, data };
}
/** Places of a heat map: an image as it is, steps from left to right with features below each other, columns and tokens in one row. */
function layout(explained: Explained): { width: number; height: number; index: (x: number, y: number) => number } {
  const [first = 1, second = 1] = explained.input.shape;
  if (explained.kind === 'image') return { width: second, height: first, index: (x, y) => y * second + x };
  if (explained.kind === 'sequence' && explained.input.rank > 1) return { width: first, height: second, index: (x, y) => x * second + y };
  return { width: first, height: 1, index: (x) => x };
}
/** Values per place, summed over what stands behind the first two axes. */
export function perPicture(values: ArrayLike<number>, explained: Explained): Float64Array {
  const { width, height } = layout(explained), each = Math.max(1, values.length / (width * height));
  return Float64Array.from({ length: width * height }, (_, i) => { let sum = 0; for (let c = 0; c < each; c++) sum += values[i * each + c] ?? 0; return sum; });
}
/** The picture's brightness 0 to 1 in three channels. */
function brightness(input: Tensor): (pixel: number) => Rgb {
  const data = input.dataSync(), channels = input.rank < 3 ? 1 : input.shape[2] ?? 1;
  let low = Infinity, high = -Infinity;
  for (const v of data) { low = Math.min(low, v); high = Math.max(high, v); }
  if (low >= 0 && high > 1) { low = 0; high = Math.max(high, high > 64 ? 255 : high); } else if (low >= 0 && high <= 1) { low = 0; high = 1; }
  const range = high - low || 1, of = (i: number): number => ((data[i] ?? 0) - low) / range;
  return (pixel) => {
    const at = pixel * channels;
    return channels >= 3 ? [of(at), of(at + 1), of(at + 2)] : [of(at), of(at), of(at)];
  };
}
/** The input as a picture; only for images. */
export function inputPixels(explained: Explained): Pixels {
  const { width, height, index } = layout(explained), light = brightness(explained.input);
  return pixelsOf(width, height, (x, y) => light(index(x, y)).map((v) => v * 255) as unknown as Rgb);
}
/** The heat map. Images: over the darkened picture. */
export function heatPixels(attribution: Attribution): Pixels {
  const { width, height, index } = layout(attribution), values = perPicture(attribution.values.dataSync(), attribution), scale = fullScale(values);
  const colour = (i: number): Rgb => { const v = Math.max(-1, Math.min(1, (values[i] ?? 0) / scale)); return attribution.signed ? diverging(v) : glow(Math.abs(v)); };
  if (attribution.kind !== 'image') return pixelsOf(width, height, (x, y) => colour(index(x, y)));
  const light = brightness(attribution.input);
  return pixelsOf(width, height, (x, y) => {
    const i = index(x, y), [r, g, b] = light(i), grey = (0.299 * r + 0.587 * g + 0.114 * b) * 105 + 24, size = Math.min(1, Math.abs(values[i] ?? 0) / scale);
    const v = (values[i] ?? 0) / scale, over: Rgb = attribution.signed ? diverging(Math.sign(v) * (0.25 + 0.5 * Math.min(1, Math.abs(v)))) : glow(0.25 + 0.75 * size);
    return blend([grey, grey, grey], over, size ** 0.65);
  });
}
/** Each pixel as a square of `scale` pixels. */
export function enlarge({ width, height, data }: Pixels, scale: number): Pixels {
  const at = (x: number, y: number): Rgb => { const i = (Math.floor(y / scale) * width + Math.floor(x / scale)) * 3; return [data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0]; };
  return pixelsOf(width * scale, height * scale, at);
}
/** As the bytes of a PNG file. */
export const pngOf = ({ width, height, data }: Pixels): Uint8Array => encode({ width, height, data, channels: 3, depth: 8 });
/** As an address that a page can show. */
export function dataUrl(pixels: Pixels): string {
  let text = '';
  for (const byte of pngOf(pixels)) text += String.fromCharCode(byte);
  return `data:image/png;base64,${btoa(text)}`;
}
