/** Images from files: decoded and resized by sharp, as bytes. `imageDatasetFromDirectory` has Keras's options and defaults; pixels stay u8 (Keras gives f32 0…255). */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DataError, FormatError, type Dataset, type ShapedArray, type Tensor } from '@limelight/core';
import { batchOf, chosenFiles, datasetOfFiles, labelledFiles, type FolderOptions, type Label } from './folder.ts';
import { optional } from './optional.ts';

export const IMAGE_ENDINGS: readonly string[] = ['.png', '.jpg', '.jpeg', '.webp', '.gif', '.bmp', '.tif', '.tiff', '.avif'];

export interface ImageOptions {
  /** channels: 'rgb' (default), 'rgba' or 'grayscale' */
  readonly colorMode?: 'rgb' | 'rgba' | 'grayscale';
  /** height and width in pixels; default [256, 256]; for `readImage` the image's own */
  readonly imageSize?: readonly [number, number];
  /** how pixels are made when resizing; default 'bilinear' */
  readonly interpolation?: 'bilinear' | 'nearest' | 'bicubic' | 'lanczos3';
  /** cut the middle with the wanted proportions instead of distorting; default false */
  readonly cropToAspectRatio?: boolean;
}
export interface ImageFolderOptions extends FolderOptions, ImageOptions {
  /** a folder for decoded images, so that a second epoch (or run) reads bytes; true: in memory; default false */
  readonly cache?: string | boolean;
}

const CHANNELS = { rgb: 3, rgba: 4, grayscale: 1 } as const;
const KERNELS = { bilinear: 'linear', nearest: 'nearest', bicubic: 'cubic', lanczos3: 'lanczos3' } as const;

/**
 * One image as u8 [height, width, channels]; turned as its EXIF says.
 * @throws DataError where the file is missing or sharp is not installed; FormatError that names a file which is no image
 */
export async function readImage(path: string, options: ImageOptions = {}): Promise<ShapedArray> {
  try {
    if (!statSync(path).isFile()) throw new DataError(`'${path}' is a folder, not an image.`);
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`There is no file '${path}'.`);
  }
  const { default: sharp } = await optional(() => import('sharp'), 'sharp', 'Reading images'), mode = options.colorMode ?? 'rgb', channels = CHANNELS[mode];
  try {
    let image = sharp(path).rotate();
    if (options.imageSize !== undefined) {
      const [height, width] = options.imageSize;
      image = image.resize(width, height, { fit: options.cropToAspectRatio === true ? 'cover' : 'fill', kernel: KERNELS[options.interpolation ?? 'bilinear'] });
    }
    image = mode === 'rgba' ? image.toColourspace('srgb').ensureAlpha() : mode === 'rgb' ? image.toColourspace('srgb').removeAlpha() : image.removeAlpha().greyscale().toColourspace('b-w');
    const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
    return { data: withChannels(data, info.channels, channels), shape: [info.height, info.width, channels], dtype: 'u8' };
  } catch (error) {
    throw new FormatError(`'${path}' cannot be read as an image: ${(error as Error).message}. It is cut short or of another kind.`, { cause: error });
  }
}

function withChannels(data: Uint8Array, has: number, wanted: number): Uint8Array {
  if (has === wanted) return new Uint8Array(data.buffer, data.byteOffset, data.length);
  const pixels = data.length / has, out = new Uint8Array(pixels * wanted);
  for (let p = 0; p < pixels; p++) for (let c = 0; c < wanted; c++) out[p * wanted + c] = c === 3 ? 255 : data[p * has + Math.min(c, has - 1)] ?? 0;
  return out;
}

/** Decoded images kept in memory or as files of bytes, under a name that follows from path, time of change and options. */
function cached(folder: string | true, options: ImageOptions, read: (path: string) => Promise<ShapedArray>): (path: string) => Promise<ShapedArray> {
  const memory = new Map<string, ShapedArray>();
  if (folder === true) return async (path) => { const known = memory.get(path) ?? await read(path); memory.set(path, known); return known; };
  mkdirSync(folder, { recursive: true });
  const { colorMode, imageSize, interpolation, cropToAspectRatio } = options, how = JSON.stringify({ colorMode, imageSize, interpolation, cropToAspectRatio });
  return async (path) => {
    const stat = statSync(path, { throwIfNoEntry: false }), name = createHash('sha256').update(`${path}|${stat?.mtimeMs}|${stat?.size}|${how}`).digest('hex'), file = join(folder, `${name}.u8`);
    const [height = 256, width = 256] = options.imageSize ?? [], shape = [height, width, CHANNELS[options.colorMode ?? 'rgb']], size = shape.reduce((a, b) => a * b, 1);
    try {
      const data = readFileSync(file);
      if (data.length === size) return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), shape, dtype: 'u8' };
    } catch { /* not decoded yet */ }
    const image = await read(path), beside = `${file}.${process.pid}.part`;
    try {
      writeFileSync(beside, image.data);
      renameSync(beside, file);
    } finally {
      rmSync(beside, { force: true });
    }
    return image;
  };
}

export interface ImageFolder {
  /** batches { x: u8 [batch, height, width, channels], y }, or single { x, y } where batchSize is null */
  readonly data: Dataset<{ x: ShapedArray | Tensor; y: Label | Tensor }>;
  readonly classNames: readonly string[];
  readonly files: readonly string[];
}

/**
 * Images in subfolders, one for each class: `imageDatasetFromDirectory('flowers', { imageSize: [64, 64] }).data` goes into `fit`.
 * Files are decoded when their turn comes, up to 4 batches ahead.
 * @throws DataError for folders without classes or images
 */
export function imageDatasetFromDirectory(folder: string, options: ImageFolderOptions = {}): ImageFolder {
  const files = chosenFiles(labelledFiles(folder, IMAGE_ENDINGS, options), options), image: ImageOptions = { ...options, imageSize: options.imageSize ?? [256, 256] };
  const one = (path: string): Promise<ShapedArray> => readImage(path, image), read = options.cache === undefined || options.cache === false ? one : cached(options.cache, image, one);
  const single = datasetOfFiles(files, options, read), size = batchOf(options);
  const labelled = options.labels === null ? single.map(({ x }) => ({ x })) : single;
  return { data: (size === null ? labelled : labelled.batch(size).prefetch(4)) as ImageFolder['data'], classNames: files.classNames, files: files.paths };
}

/** All images of a folder in memory, as `audit` and `fit` take them: x u8 [n, height, width, channels], y i32. */
export async function readImages(folder: string, options: ImageFolderOptions = {}): Promise<{ x: ShapedArray; y: Int32Array; classNames: readonly string[]; files: readonly string[] }> {
  const files = chosenFiles(labelledFiles(folder, IMAGE_ENDINGS, options), options), image: ImageOptions = { ...options, imageSize: options.imageSize ?? [256, 256] };
  const [height = 0, width = 0] = image.imageSize ?? [], channels = CHANNELS[options.colorMode ?? 'rgb'], size = height * width * channels, data = new Uint8Array(files.paths.length * size);
  // Several at once: sharp decodes in threads of its own.
  let next = 0;
  const work = async (): Promise<void> => { while (next < files.paths.length) { const at = next++; data.set((await readImage(files.paths[at] ?? '', image)).data, at * size); } };
  await Promise.all([work(), work(), work(), work()]);
  return { x: { data, shape: [files.paths.length, height, width, channels], dtype: 'u8' }, y: files.labels, classNames: files.classNames, files: files.paths };
}
