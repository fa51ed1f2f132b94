/** Texts from files, one file per sample, in one subfolder for each class. */
import { readFile } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { Dataset, FormatError, tensor, type Tensor } from '@limelight/core';
import { batchOf, chosenFiles, datasetOfFiles, labelledFiles, type FolderOptions } from './folder.ts';

export interface TextFolderOptions extends FolderOptions {
  /** of the bytes; default UTF-8 */ readonly encoding?: string;
  /** endings of the files; default .txt */ readonly endings?: readonly string[];
}

/** One file as text, without a byte order mark. @throws FormatError that names a file which is not of the encoding */
export async function readText(path: string, encoding = 'utf-8'): Promise<string> {
  const bytes = await readFile(path).catch((error: Error) => { throw new FormatError(`Cannot read '${path}': ${error.message}.`, { cause: error }); });
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new FormatError(`'${path}' is not ${encoding} text. Give its encoding, for example { encoding: 'latin1' }.`, { cause: error });
  }
}

export interface TextBatch { readonly x: readonly string[]; readonly y: Tensor | null }
export interface TextFolder {
  /** batches of strings with their labels; map them through TextVectorization before `fit`. Single texts where batchSize is null. */
  readonly data: Dataset<TextBatch>;
  readonly classNames: readonly string[];
  readonly files: readonly string[];
}

/** Text files in subfolders, one for each class, with Keras's options and defaults. @throws DataError for folders without classes or texts */
export function textDatasetFromDirectory(folder: string, options: TextFolderOptions = {}): TextFolder {
  const files = chosenFiles(labelledFiles(folder, options.endings ?? ['.txt'], options), options), single = datasetOfFiles(files, options, (path) => readText(path, options.encoding)), size = batchOf(options) ?? 1;
  const batches = async function* batches(): AsyncGenerator<TextBatch> {
    let x: string[] = [], y: (typeof single extends Dataset<infer E> ? E : never)[] = [];
    const flush = (): TextBatch => {
      const [first] = y, label = first?.y ?? null;
      const out: TextBatch = { x, y: label === null ? null : tensor(concat(y.map((e) => e.y?.data ?? new Float32Array(0))), [x.length, ...label.shape]) };
      x = [];
      y = [];
      return out;
    };
    for await (const element of single) {
      x.push(element.x);
      y.push(element);
      if (x.length === size) yield flush();
    }
    if (x.length > 0) yield flush();
  };
  return { data: Dataset.fromGenerator(batches, { size: Math.ceil(files.paths.length / size) }), classNames: files.classNames, files: files.paths };
}

function concat(parts: readonly ArrayLike<number>[]): Int32Array | Float32Array {
  const all = parts.flatMap((part) => Array.from(part));
  return parts[0] instanceof Int32Array ? Int32Array.from(all) : Float32Array.from(all);
}

/** All texts of a folder in memory, as `audit` takes them. */
export async function readTexts(folder: string, options: TextFolderOptions = {}): Promise<{ x: string[]; y: Int32Array; classNames: readonly string[]; files: readonly string[] }> {
  const files = chosenFiles(labelledFiles(folder, options.endings ?? ['.txt'], options), options), x: string[] = [];
  for (const path of files.paths) x.push(await readText(path, options.encoding));
  return { x, y: files.labels, classNames: files.classNames, files: files.paths };
}
