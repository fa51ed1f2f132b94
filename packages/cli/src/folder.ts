/** Folders of samples as `audit` takes them: images or text files, in a subfolder for each class, or without classes. */
import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { AbortedError, type ShapedArray } from '@limelight/core';
import { readImage, readText, type ImageData, type TextData } from '@limelight/data';
import { UsageError } from './errors.ts';

export interface SampleFolder {
  readonly kind: 'image' | 'text';
  readonly data: ImageData | TextData;
  /** of images: height and width to which they were brought; null for texts */
  readonly imageSize: readonly [number, number] | null;
  /** files in the order of the samples */
  readonly files: readonly string[];
  /** what a reader should know: files that were left out, sizes that were changed */
  readonly notes: readonly string[];
}
export interface SampleFolderOptions {
  /** at most so many, evenly spread over the files (they are sorted by class) */ readonly samples?: number;
  /** height and width; default: the commonest of the files, at most 128 */ readonly imageSize?: readonly [number, number];
  /** samples of another folder with which these are compared: kind, size and colours become the same */ readonly like?: SampleFolder;
  readonly signal?: AbortSignal;
}

const IMAGES = new Set(['.png', '.jpg', '.jpeg', '.webp', '.gif', '.bmp', '.tif', '.tiff', '.avif']), TEXTS = new Set(['.txt', '.md', '.text']);
/** The audit looks at images of about this side anyway. */
const LARGEST = 128, LOOKED_AT = 64;

interface Found { readonly path: string; readonly label: string | null }
function filesOf(folder: string, label: string | null): Found[] {
  return readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesOf(path, label);
    return [{ path, label }];
  });
}

/**
 * Reads a folder: subfolders are classes; where there are none, the files are samples without labels. The kind is that of most files.
 * @throws UsageError where there are neither images nor texts; FormatError that names a file which cannot be read
 */
export async function readSampleFolder(folder: string, options: SampleFolderOptions = {}): Promise<SampleFolder> {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.name.startsWith('.')), classes = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
  const all = classes.length === 0 ? filesOf(folder, null) : classes.flatMap((name) => filesOf(join(folder, name), name)), of = (endings: ReadonlySet<string>): Found[] => all.filter(({ path }) => endings.has(extname(path).toLowerCase()));
  const images = of(IMAGES), texts = of(TEXTS), kind = options.like?.kind ?? (images.length >= texts.length ? 'image' : 'text'), known = kind === 'image' ? images : texts, notes: string[] = [];
  if (known.length === 0 && options.like !== undefined) throw new UsageError(`${folder}: there is no ${kind} in it, but the data are ${kind}s; both must be of one kind`);
  if (known.length === 0) throw new UsageError(`${folder}: there is neither an image (${[...IMAGES].join(', ')}) nor a text file (${[...TEXTS].join(', ')}) in it; for tables give the file`);
  const loose = classes.length === 0 ? 0 : entries.length - classes.length, foreign = all.length - known.length;
  if (foreign + loose > 0) notes.push(`${folder}: ${foreign + loose} file${foreign + loose === 1 ? '' : 's'} that ${foreign + loose === 1 ? 'is' : 'are'} no ${kind}${loose > 0 ? ' or in no class' : ''} left out`);
  const count = Math.min(options.samples ?? known.length, known.length), files = Array.from({ length: count }, (_, i) => known[Math.floor((i * known.length) / count)]).filter((f) => f !== undefined);
  if (count < known.length) notes.push(`${folder}: ${count} of ${known.length} ${kind}s, evenly spread`);
  const classNames = classes.filter((name) => files.some((f) => f.label === name)), empty = classes.filter((name) => !known.some((f) => f.label === name));
  if (empty.length > 0) notes.push(`${folder}: no ${kind} in ${empty.slice(0, 5).join(', ')}${empty.length > 5 ? ', …' : ''}`);
  const labels = classNames.length === 0 ? {} : { y: files.map((f) => f.label ?? ''), classNames }, paths = files.map((f) => f.path);
  if (kind === 'text') {
    const x: string[] = [];
    for (const path of paths) { aborted(options.signal); x.push(await readText(path)); }
    return { kind, data: { x, ...labels }, imageSize: null, files: paths, notes };
  }
  const { x, imageSize } = await readAll(paths, options, notes, folder);
  return { kind, data: { x, ...labels }, imageSize, files: paths, notes };
}
function aborted(signal: AbortSignal | undefined): void { if (signal?.aborted === true) throw new AbortedError(); }

async function readAll(paths: readonly string[], { imageSize, like, signal }: SampleFolderOptions, notes: string[], folder: string): Promise<{ readonly x: ShapedArray; readonly imageSize: readonly [number, number] }> {
  const looked: ShapedArray[] = [];
  for (const path of paths.slice(0, LOOKED_AT)) { aborted(signal); looked.push(await readImage(path)); }
  const size = like?.imageSize ?? imageSize ?? commonSize(looked), [height, width] = size, grey = like === undefined ? looked.every(isGrey) : isThree(like.data), channels = grey ? 1 : 3, each = height * width * channels, data = new Uint8Array(paths.length * each);
  // Several at once: they are decoded in threads of their own.
  let next = 0;
  const work = async (): Promise<void> => { while (next < paths.length) { aborted(signal); const at = next++; data.set((await readImage(paths[at] ?? '', { imageSize: size, colorMode: grey ? 'grayscale' : 'rgb' })).data, at * each); } };
  await Promise.all([work(), work(), work(), work()]);
  notes.push(`${folder}: ${paths.length} images, looked at as ${height} × ${width}${grey ? ', grey' : ''}`);
  return { x: { data, shape: grey ? [paths.length, height, width] : [paths.length, height, width, 3], dtype: 'u8' }, imageSize: size };
}
/** Height and width that most of the images have, brought to at most 128. */
function commonSize(images: readonly ShapedArray[]): readonly [number, number] {
  const counts = new Map<string, number>();
  for (const { shape } of images) { const key = `${shape[0]},${shape[1]}`; counts.set(key, (counts.get(key) ?? 0) + 1); }
  const [most = '1,1'] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [], [height = 1, width = 1] = most.split(',').map(Number), scale = Math.min(1, LARGEST / Math.max(height, width));
  return [Math.max(1, Math.round(height * scale)), Math.max(1, Math.round(width * scale))];
}
const isThree = ({ x }: ImageData | TextData): boolean => 'shape' in x && x.shape.length === 3;
function isGrey({ data, shape }: ShapedArray): boolean {
  if (shape[2] === 1) return true;
  for (let i = 0; i < data.length; i += 3) if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  return true;
}
