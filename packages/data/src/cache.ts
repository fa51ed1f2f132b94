/**
 * Files that are downloaded once and kept: under LIMELIGHT_CACHE, else under .cache/limelight in the user's home folder.
 *
 * Promises: a file appears under its name only when it is whole and has the expected checksum; a stalled server is given up.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { FormatError } from '@limelight/core';

/** A file that we know: its name and the SHA-256 (hex) of its uncompressed content. */
export interface KnownFile { readonly name: string; readonly sha256: string }

/** The folder of one dataset's files. It need not exist. */
export const cacheFolder = (dataset: string, top: string = process.env['LIMELIGHT_CACHE'] ?? join(homedir(), '.cache', 'limelight')): string => join(top, dataset);

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const plainOrPacked = (folder: string, name: string): string | undefined => [join(folder, name), join(folder, `${name}.gz`)].find((path) => existsSync(path));

/** True when the folder has every file, plain or with gzip. */
export const hasAll = (folder: string, files: readonly KnownFile[]): boolean => files.every((file) => plainOrPacked(folder, file.name) !== undefined);

/**
 * The content of a known file, unpacked and verified.
 * @throws FormatError naming the file and both checksums when the content is not what it should be
 */
export function readVerified(folder: string, file: KnownFile): Uint8Array {
  const path = plainOrPacked(folder, file.name) ?? join(folder, file.name);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
    if (path.endsWith('.gz')) bytes = gunzipSync(bytes);
  } catch (error) {
    throw new FormatError(`Cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
  const found = sha256(bytes);
  if (found !== file.sha256) {
    throw new FormatError(`${path} is corrupted: its SHA-256 is ${found}, expected ${file.sha256} (${bytes.length} bytes). Delete it and fetch it again.`);
  }
  return bytes;
}

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  /** give up when nothing arrives for so long; default 15,000 ms */
  readonly stallMs?: number | undefined;
  /** after each piece: bytes that are here, bytes that there are (null where the server does not say) */
  readonly onProgress?: ((done: number, of: number | null) => void) | undefined;
  /** an answer with more bytes is an error; default: no limit */
  readonly most?: number | undefined;
}

/**
 * Fetches `<mirror>/<name>.gz` from the first mirror that has it whole, and keeps the unpacked file in `folder`.
 * @throws FormatError with one line per mirror when none works
 */
export async function download(folder: string, file: KnownFile, mirrors: readonly string[], options: DownloadOptions = {}): Promise<void> {
  const failures: string[] = [];
  for (const mirror of mirrors) {
    const url = `${mirror}/${file.name}.gz`;
    try {
      const bytes = gunzipSync(await fetchWhole(url, options));
      const found = sha256(bytes);
      if (found !== file.sha256) throw new Error(`its content has SHA-256 ${found}, expected ${file.sha256}`);
      keep(folder, file.name, bytes);
      return;
    } catch (error) {
      if (options.signal?.aborted === true) throw error;
      const cause = (error as Error).cause;
      failures.push(`${url}: ${cause instanceof Error ? cause.message : (error as Error).message}`);
    }
  }
  throw new FormatError(`Cannot download ${file.name}: ${failures.join('; ')}`);
}

function keep(folder: string, name: string, bytes: Uint8Array): void {
  mkdirSync(folder, { recursive: true });
  const beside = join(folder, `${name}.${process.pid}.part`);
  try {
    writeFileSync(beside, bytes, { flush: true });
    renameSync(beside, join(folder, name));
  } finally {
    rmSync(beside, { force: true });
  }
}

/** The whole answer of a server in memory. @throws Error where it is none, stalls, breaks off or is too long */
export async function fetchWhole(url: string, { signal, stallMs = 15_000, onProgress, most = Infinity }: DownloadOptions): Promise<Uint8Array> {
  const stop = new AbortController();
  const pass = (): void => stop.abort(signal?.reason);
  signal?.addEventListener('abort', pass, { once: true });
  if (signal?.aborted === true) pass();
  const stalled = (): void => stop.abort(new Error(`nothing arrived for ${stallMs} ms`));
  let timer = setTimeout(stalled, stallMs);
  try {
    const answer = await fetch(url, { signal: stop.signal });
    if (!answer.ok || answer.body === null) throw new Error(`the server answered ${answer.status}`);
    const chunks: Uint8Array[] = [], length = Number(answer.headers.get('content-length') ?? Number.NaN);
    let done = 0;
    for await (const chunk of answer.body) {
      chunks.push(chunk as Uint8Array);
      done += (chunk as Uint8Array).length;
      if (done > most) throw new Error(`the answer has more than ${most} bytes`);
      onProgress?.(done, Number.isNaN(length) ? null : length);
      clearTimeout(timer);
      timer = setTimeout(stalled, stallMs);
    }
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', pass);
  }
}
