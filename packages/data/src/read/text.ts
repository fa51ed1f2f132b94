/** Files and streams as pieces of text: decoded, without a byte order mark, unpacked where the name ends in .gz. Memory holds one piece. */
import { createReadStream, statSync } from 'node:fs';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { DataError, FormatError } from '@limelight/core';

/** A path, the bytes, or a stream of bytes (`fetch(…).body`, a file handle's stream). A stream can be read once only. */
export type Input = string | URL | Uint8Array | AsyncIterable<Uint8Array>;

const PIECE = 1 << 19;

export const nameOf = (input: Input): string => (typeof input === 'string' ? input : input instanceof URL ? decodeURIComponent(input.pathname) : 'the data');

/** @throws DataError where there is no such file, or it is a folder */
export function checkFile(path: string | URL): void {
  let isFile: boolean;
  try {
    isFile = statSync(path).isFile();
  } catch {
    throw new DataError(`There is no file '${nameOf(path)}'.`);
  }
  if (!isFile) throw new DataError(`'${nameOf(path)}' is a folder, not a file.`);
}

function bytesOf(input: Input): AsyncIterable<Uint8Array> {
  if (input instanceof Uint8Array) return (async function* pieces() { for (let at = 0; at < input.length; at += PIECE) yield input.subarray(at, at + PIECE); })();
  if (typeof input !== 'string' && !(input instanceof URL)) return input;
  checkFile(input);
  const file = createReadStream(input, { highWaterMark: PIECE });
  if (!nameOf(input).endsWith('.gz')) return file;
  const unpacked = createGunzip({ chunkSize: PIECE });
  file.on('error', (error) => unpacked.destroy(error));
  return file.pipe(unpacked);
}

const markOf = (first: Uint8Array): string | undefined => (first[0] === 0xff && first[1] === 0xfe ? 'utf-16le' : first[0] === 0xfe && first[1] === 0xff ? 'utf-16be' : undefined);

/**
 * The text of the input, piece by piece.
 * @param encoding of the bytes; default UTF-8, or UTF-16 where a byte order mark says so
 * @throws DataError where the file is missing or empty; FormatError where the bytes are not of the encoding
 */
export async function* textPieces(input: Input, encoding?: string): AsyncGenerator<string> {
  const name = nameOf(input);
  let decoder: TextDecoder | null = null, empty = true, used = encoding ?? 'utf-8';
  try {
    for await (const piece of bytesOf(input)) {
      if (decoder === null) {
        used = encoding ?? markOf(piece) ?? 'utf-8';
        decoder = new TextDecoder(used, { fatal: true });
      }
      const text = decoder.decode(piece, { stream: true });
      if (text !== '') { empty = false; yield text; }
    }
    const rest = decoder?.decode() ?? '';
    if (rest !== '') { empty = false; yield rest; }
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw new FormatError(`${name} is not ${used} text. Give its encoding, for example { encoding: 'latin1' }.`, { cause: error });
    if (code !== undefined && /^Z_|^ERR_|^E[A-Z]+$/.test(code)) throw new FormatError(`Cannot read ${name}: ${(error as Error).message}.`, { cause: error });
    throw error;
  }
  if (empty) throw new DataError(`${name} is empty.`);
}
