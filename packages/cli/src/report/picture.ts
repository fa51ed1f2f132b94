/** Pictures for the report, as PNG within the page. */
import type { ShapedArray } from '@limelight/core';
import { escape } from './charts.ts';

/** Image `index` of x [n, height, width(, channels)]: bytes as they are, other numbers from 0 to their largest. */
export async function picture(x: ShapedArray, index: number, alt: string): Promise<string> {
  const [, height = 1, width = 1, channels = 1] = x.shape, size = height * width * channels, shown = channels >= 3 ? 3 : 1, own = x.data.subarray(index * size, (index + 1) * size);
  const top = x.data instanceof Uint8Array ? 255 : Array.from(own).reduce((m, v) => Math.max(m, v), 0) || 1, bytes = new Uint8Array(height * width * shown);
  for (let p = 0; p < height * width; p++) for (let c = 0; c < shown; c++) bytes[p * shown + c] = Math.max(0, Math.min(255, ((own[p * channels + c] ?? 0) * 255) / top));
  const { default: sharp } = await import('sharp'), png = await sharp(bytes, { raw: { width, height, channels: shown } }).png({ compressionLevel: 9 }).toBuffer();
  return pngImage(png, alt);
}
export const pngImage = (png: Uint8Array, alt: string): string => `<img alt="${escape(alt)}" src="data:image/png;base64,${Buffer.from(png).toString('base64')}">`;
