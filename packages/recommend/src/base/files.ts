/** Files of the kit: written beside, synced and renamed, so that nothing half-written replaces a good file. */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataError } from '@limelight/core';

export function writeFileWhole(path: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(path), { recursive: true });
  const data = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes, beside = `${path}.${process.pid}.tmp`;
  try {
    const handle = openSync(beside, 'w');
    try {
      for (let done = 0; done < data.length;) done += writeSync(handle, data, done, data.length - done);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/** @throws DataError that names the file where it cannot be read */
export function readFileWhole(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new DataError(`Cannot read '${path}': ${(error as Error).message}`);
  }
}
