/**
 * Data sets that everybody may fetch but nobody may pass on: fetched on demand, under terms that are shown and accepted before.
 *
 * Promises: an archive is opened only when it has the published checksum; the files appear in the cache all at once or not at all; without internet the error says how to bring the archive by hand.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AbortedError, DataError, FormatError, NameError } from '@limelight/core';
import { cacheFolder, fetchWhole } from '../cache.ts';
import { movielens100k } from './movielens.ts';
import type { DatasetFiles, DownloadableDataset, GetDatasetOptions, MadeFiles } from './types.ts';

/** The data sets that `getDataset` knows. */
export const downloads: readonly DownloadableDataset[] = [movielens100k];

/** @throws NameError for an unknown name */
export function downloadNamed(name: string): DownloadableDataset {
  const found = downloads.find((one) => one.name === name);
  if (found === undefined) throw new NameError('data set', name, downloads.map((one) => one.name));
  return found;
}

/** Where the files of a data set are, undefined where it has not been fetched. */
export function findDataset(name: string, cache?: string): DatasetFiles | undefined {
  const { log, catalogue, termsFile } = downloadNamed(name), folder = cacheFolder(name, cache);
  const files = { folder, log: join(folder, log), catalogue: join(folder, catalogue), terms: join(folder, termsFile) };
  return existsSync(files.log) && existsSync(files.catalogue) ? files : undefined;
}

/**
 * Fetches a data set into the cache; what is there already is not fetched again.
 * @throws DataError where the terms are not accepted or the archive cannot be had; FormatError where it has another checksum or is no archive of this data set; AbortedError
 */
export async function getDataset(name: string, options: GetDatasetOptions = {}): Promise<DatasetFiles> {
  const dataset = downloadNamed(name), there = findDataset(name, options.cache);
  if (there !== undefined) return there;
  if (options.acceptTerms !== true) throw new DataError(`${dataset.title} may be used under terms (${dataset.termsInShort}). Read them (downloadNamed('${name}').terms) and accept them: { acceptTerms: true }.`);
  const { bytes, from } = options.file === undefined ? await fetched(dataset, options) : { bytes: fromFile(options.file), from: options.file }, wanted = (options.md5 ?? dataset.md5).toLowerCase();
  const sum = createHash('md5').update(bytes).digest('hex');
  if (sum !== wanted) throw new FormatError(`${from} is not ${dataset.title}: its MD5 is ${sum}, expected ${wanted} (${bytes.length} bytes, expected ${dataset.bytes}). Nothing was kept. Fetch it again; if it stays so, the file there was changed or cut.`);
  keepFolder(cacheFolder(name, options.cache), dataset.make(await unpack(dataset, bytes, from)));
  return findDataset(name, options.cache) as DatasetFiles;
}

/** How an archive gets here where there is no internet. */
const byHand = ({ url, name }: DownloadableDataset): string => {
  const file = url.slice(url.lastIndexOf('/') + 1);
  return `Without internet here: fetch ${url} on a machine that has it, bring the file, and give it (limelight data get ${name} --file ${file} --accept-terms, or { file: '${file}' }).`;
};

async function fetched(dataset: DownloadableDataset, { url = dataset.url, signal, stallMs, onProgress }: GetDatasetOptions): Promise<{ bytes: Uint8Array; from: string }> {
  let done = 0, of: number | null = null;
  try {
    // A server that sends without end is stopped.
    const bytes = await fetchWhole(url, { signal, stallMs, most: 16 * dataset.bytes, onProgress: (now, all) => { done = now; of = all; onProgress?.(now, all); } });
    return { bytes, from: url };
  } catch (error) {
    if (signal?.aborted === true) throw new AbortedError();
    const { cause } = error as Error, why = cause instanceof Error && cause.message !== '' ? cause.message : (cause as { code?: string } | undefined)?.code ?? (error as Error).message;
    const broke = done > 0 ? ` after ${done.toLocaleString('en-US')}${of === null ? '' : ` of ${(of as number).toLocaleString('en-US')}`} bytes` : '';
    throw new DataError(`Cannot download ${url}: ${why}${broke}. Nothing was kept. ${byHand(dataset)}`);
  }
}
function fromFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new DataError(`Cannot read ${path}: ${(error as Error).message}`);
  }
}
async function unpack(dataset: DownloadableDataset, bytes: Uint8Array, from: string): Promise<Record<string, Uint8Array>> {
  const { unzipSync } = await import('fflate');
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(bytes, { filter: ({ name, originalSize }) => dataset.entries.includes(name) && originalSize < 64 * dataset.bytes });
  } catch (error) {
    throw new FormatError(`${from} is no usable zip archive: ${(error as Error).message}.`);
  }
  const lacks = dataset.entries.filter((name) => entries[name] === undefined);
  if (lacks.length > 0) throw new FormatError(`${from} lacks ${lacks.join(', ')}: it is not the archive of ${dataset.title}.`);
  return entries;
}
/** All files or none: they are written into a folder beside, which is renamed. */
function keepFolder(folder: string, files: MadeFiles): void {
  const beside = `${folder}.${process.pid}.part`;
  try {
    mkdirSync(beside, { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(beside, name), content, { flush: true });
    rmSync(folder, { recursive: true, force: true });
    renameSync(beside, folder);
  } catch (error) {
    throw new DataError(`Cannot write ${folder}: ${(error as Error).message}. LIMELIGHT_CACHE names another folder for downloads.`);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}
