/** Parquet through hyparquet (plain JavaScript), a few thousand rows at a time, so that files larger than memory stream. */
import { openSync, closeSync, readSync, statSync } from 'node:fs';
import { DataError, FormatError } from '@limelight/core';
import type { Cell } from '../table/cell.ts';
import { checkFile, nameOf } from './text.ts';
import type { RowReader } from './reader.ts';

const ROWS = 1 << 14;

interface Bytes { readonly byteLength: number; slice(from: number, to?: number): ArrayBuffer }
interface OpenFile { readonly bytes: Bytes; close(): void }

function openFile(input: string | URL | Uint8Array): OpenFile {
  if (input instanceof Uint8Array) {
    return { bytes: { byteLength: input.length, slice: (from, to = input.length) => new Uint8Array(input.subarray(from, to)).buffer }, close: () => undefined };
  }
  checkFile(input);
  const handle = openSync(input, 'r'), { size } = statSync(input);
  const slice = (from: number, to = size): ArrayBuffer => {
    const part = new Uint8Array(Math.max(0, to - from));
    for (let got = 0; got < part.length;) {
      const more = readSync(handle, part, got, part.length - got, from + got);
      if (more === 0) throw new Error('the file ended early');
      got += more;
    }
    return part.buffer;
  };
  return { bytes: { byteLength: size, slice }, close: () => closeSync(handle) };
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' || value instanceof Date) return value;
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner));
}

export function parquetReader(input: string | URL | Uint8Array): RowReader {
  return async function* read(sink, log) {
    const [{ parquetMetadataAsync, parquetReadObjects }, { compressors }] = await Promise.all([import('hyparquet'), import('hyparquet-compressors')]);
    const { bytes, close } = openFile(input);
    if (bytes.byteLength === 0) { close(); throw new DataError(`${nameOf(input)} is empty.`); }
    let at = 0;
    try {
      const metadata = await parquetMetadataAsync(bytes), count = Number(metadata.num_rows);
      const names = topLevel(metadata.schema);
      sink.header(names);
      // A row group is unpacked as a whole, so its rows are asked for in few steps.
      let groupStart = 0;
      for (const group of metadata.row_groups) {
        const groupEnd = Math.min(count, groupStart + Number(group.num_rows));
        for (let from = groupStart; from < groupEnd; from += ROWS) {
          const rows = await parquetReadObjects({ file: bytes, metadata, compressors, rowStart: from, rowEnd: Math.min(groupEnd, from + ROWS) });
          for (const row of rows) {
            at++;
            sink.row(names.map((name) => cellOf(row[name])), at);
          }
          yield;
        }
        groupStart = groupEnd;
      }
    } catch (error) {
      if (error instanceof DataError || error instanceof FormatError) throw error;
      throw new FormatError(`${log.file} is no usable Parquet file${at > 0 ? ` (after row ${at})` : ''}: ${(error as Error).message}. It is cut short or of another kind.`, { cause: error });
    } finally {
      close();
    }
  };
}

/** Names of the columns: the schema is a tree in preorder whose root comes first. */
function topLevel(schema: readonly { readonly name: string; readonly num_children?: number | undefined }[]): string[] {
  const names: string[] = [];
  let at = 1;
  const skip = (): void => { const children = schema[at++]?.num_children ?? 0; for (let i = 0; i < children; i++) skip(); };
  while (at < schema.length) {
    names.push(schema[at]?.name ?? '');
    skip();
  }
  return names;
}
