/**
 * Folders of files with one subfolder for each class, as Keras's *_dataset_from_directory read them: names, order and options are Keras's.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, Dataset, ValueError, type ShapedArray } from '@limelight/core';
import { permutation, random } from '../audit/statistics.ts';

export interface FolderOptions {
  /** 'inferred' (default): the subfolder is the class; null: no labels, all files below the folder */
  readonly labels?: 'inferred' | null;
  /** 'int' (default): i32 class numbers; 'categorical': one-hot f32; 'binary': f32 0 or 1 */
  readonly labelMode?: 'int' | 'categorical' | 'binary';
  /** subfolders in the order of their numbers; default: sorted */
  readonly classNames?: readonly string[];
  /** files per batch; null: one file per element; default 32 */
  readonly batchSize?: number | null;
  /** a new order in each iteration; default true */
  readonly shuffle?: boolean;
  /** of the order and of the split; default 0 where there is a split, else random */
  readonly seed?: number;
  /** share of the files, 0 to 1, that is kept to validate */
  readonly validationSplit?: number;
  /** which part, where `validationSplit` is given */
  readonly subset?: 'training' | 'validation';
}

export interface LabelledFiles { readonly paths: readonly string[]; readonly labels: Int32Array; readonly classNames: readonly string[] }

function filesBelow(folder: string, endings: readonly string[]): string[] {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
    if (entry.name.startsWith('.')) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path, endings);
    return endings.some((ending) => entry.name.toLowerCase().endsWith(ending)) ? [path] : [];
  });
}

/**
 * The files of a folder and their classes.
 * @throws DataError where there is no such folder, no class or no file with one of the endings
 */
export function labelledFiles(folder: string, endings: readonly string[], options: FolderOptions = {}): LabelledFiles {
  let isFolder: boolean;
  try {
    isFolder = statSync(folder).isDirectory();
  } catch {
    throw new DataError(`There is no folder '${folder}'.`);
  }
  if (!isFolder) throw new DataError(`'${folder}' is a file, not a folder with a subfolder for each class.`);
  const kinds = `(${endings.join(', ')})`;
  if (options.labels === null) {
    const paths = filesBelow(folder, endings);
    if (paths.length === 0) throw new DataError(`'${folder}' holds no files ${kinds}.`);
    return { paths, labels: new Int32Array(paths.length), classNames: [] };
  }
  const found = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name).sort(), classNames = options.classNames ?? found;
  if (found.length === 0) throw new DataError(`'${folder}' has no subfolders; a class is a subfolder. Without classes: { labels: null }.`);
  const strange = classNames.find((name) => !found.includes(name)), forgotten = found.find((name) => !classNames.includes(name));
  if (strange !== undefined) throw new DataError(`'${folder}' has no subfolder '${strange}' (classNames); there are ${found.join(', ')}.`);
  if (forgotten !== undefined) throw new DataError(`classNames leaves out the subfolder '${forgotten}' of '${folder}'.`);
  const perClass = classNames.map((name) => filesBelow(join(folder, name), endings)), paths = perClass.flat();
  if (paths.length === 0) throw new DataError(`The subfolders of '${folder}' hold no files ${kinds}.`);
  return { paths, labels: Int32Array.from(perClass.flatMap((own, id) => own.map(() => id))), classNames };
}

/** The part that `subset` asks for: the files are shuffled by the seed and cut, as in Keras. */
export function chosenFiles(files: LabelledFiles, options: FolderOptions): LabelledFiles {
  const { validationSplit: share, subset } = options;
  if (share === undefined && subset === undefined) return files;
  if (share === undefined || subset === undefined || !(share > 0 && share < 1)) throw new ValueError(`validationSplit (between 0 and 1, not ${share}) and subset ('training' or 'validation', not ${subset}) go together.`);
  const order = permutation(files.paths.length, random(options.seed ?? 0)), cut = files.paths.length - Math.floor(share * files.paths.length);
  const rows = subset === 'training' ? order.subarray(0, cut) : order.subarray(cut);
  return { paths: Array.from(rows, (row) => files.paths[row] ?? ''), labels: Int32Array.from(rows, (row) => files.labels[row] ?? 0), classNames: files.classNames };
}

export type Label = ShapedArray | null;
/** How a label looks in a batch. */
export function labelWriter(options: FolderOptions, classes: number): (id: number) => Label {
  if (options.labels === null) return () => null;
  if (options.labelMode === 'binary' && classes !== 2) throw new ValueError(`labelMode 'binary' needs two classes; there are ${classes}.`);
  if (options.labelMode === 'categorical') return (id) => ({ data: Float32Array.from({ length: classes }, (_, c) => Number(c === id)), shape: [classes] });
  return (id) => (options.labelMode === 'binary' ? { data: Float32Array.of(id), shape: [1] } : { data: Int32Array.of(id), shape: [] });
}

/** A dataset over files that are read by `read` when their turn comes. */
export function datasetOfFiles<T>(files: LabelledFiles, options: FolderOptions, read: (path: string, index: number) => Promise<T>): Dataset<{ x: T; y: Label }> {
  const label = labelWriter(options, files.classNames.length), seed = options.seed ?? (options.validationSplit === undefined ? undefined : 0);
  const numbers = Dataset.fromArrays({ i: Int32Array.from(files.paths, (_, i) => i) }), order = options.shuffle === false ? numbers : numbers.shuffle(files.paths.length, seed === undefined ? {} : { seed });
  return order.map(async ({ i }) => { const at = Number(i.dataSync()[0] ?? 0); return { x: await read(files.paths[at] ?? '', at), y: label(files.labels[at] ?? 0) }; });
}

/** Files per batch; null: none. */
export const batchOf = (options: FolderOptions): number | null => (options.batchSize === undefined ? 32 : options.batchSize);
