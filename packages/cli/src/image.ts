/**
 * Image files as a model's input: decoded by sharp, grey, ink bright on dark ground, fitted into the wanted size without distortion.
 */
import { existsSync } from 'node:fs';
import { FormatError, type ShapedArray } from '@limelight/core';

export interface LoadedImage {
  /** u8 [1, height, width] */
  readonly input: ShapedArray;
  /** the size of the file's picture */
  readonly width: number;
  readonly height: number;
  /** true when the ground was light, so that the picture was turned into its negative */
  readonly inverted: boolean;
}

/** Mean of the outermost pixels above which the ground counts as light. */
const LIGHT = 127.5;

/**
 * Reads an image (PNG, JPEG, WebP, GIF, TIFF, AVIF, SVG).
 * @param size height and width of the result in pixels
 * @throws FormatError when the file is missing or is no image
 */
export async function loadImage(path: string, [height, width]: readonly [number, number]): Promise<LoadedImage> {
  if (!existsSync(path)) throw new FormatError(`There is no file '${path}'.`);
  // Loaded only here: no other command needs it.
  const { default: sharp } = await import('sharp');
  try {
    // Transparent parts become paper.
    const { data, info } = await sharp(path).rotate().flatten({ background: 'white' }).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    const grey = onlyFirstChannel(data, info.channels);
    const inverted = borderMean(grey, info.width, info.height) > LIGHT;
    if (inverted) for (let i = 0; i < grey.length; i++) grey[i] = 255 - (grey[i] ?? 0);
    const small = await sharp(grey, { raw: { width: info.width, height: info.height, channels: 1 } })
      .resize(width, height, { fit: 'contain', background: 'black' }).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    return { input: { data: onlyFirstChannel(small.data, small.info.channels), shape: [1, height, width], dtype: 'u8' }, width: info.width, height: info.height, inverted };
  } catch (error) {
    throw new FormatError(`'${path}' cannot be read as an image: ${(error as Error).message}`, { cause: error });
  }
}

/** A colour image as u8 [height, width, 3], fitted without distortion; the border is black. @throws FormatError when the file is missing or is no image */
export async function loadColours(path: string, [height, width]: readonly [number, number]): Promise<{ readonly data: Uint8Array }> {
  if (!existsSync(path)) throw new FormatError(`There is no file '${path}'.`);
  const { default: sharp } = await import('sharp');
  try {
    return { data: new Uint8Array(await sharp(path).rotate().flatten({ background: 'white' }).resize(width, height, { fit: 'contain', background: 'black' }).toColourspace('srgb').removeAlpha().raw().toBuffer()) };
  } catch (error) {
    throw new FormatError(`'${path}' cannot be read as an image: ${(error as Error).message}`, { cause: error });
  }
}

function onlyFirstChannel(data: Uint8Array, channels: number): Uint8Array {
  return channels === 1 ? new Uint8Array(data) : Uint8Array.from({ length: data.length / channels }, (_, i) => data[i * channels] ?? 0);
}

function borderMean(pixels: Uint8Array, width: number, height: number): number {
  let sum = 0, count = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x += y === 0 || y === height - 1 || x === width - 1 ? 1 : Math.max(1, width - 1)) {
      sum += pixels[y * width + x] ?? 0;
      count++;
    }
  }
  return sum / count;
}
