/**
 * Files, for those parts of the model floor that write them (save, checkpoints, logs). `core` runs in browsers too, so the file system
 * is asked for when it is needed, and its absence is a clear error.
 *
 * Promise: `writeFileAtomic` never leaves a half-written file under the final name: it writes beside it, syncs, renames.
 */
import { DeviceError, FormatError } from '../base/errors.ts';

type Fs = typeof import('node:fs');
type BuiltinLoader = { getBuiltinModule?: (name: string) => unknown };

const host = (): BuiltinLoader | undefined => (globalThis as { process?: BuiltinLoader }).process;

/** Node's file system; `what` says who needs it. Throws DeviceError in a browser. */
export async function fileSystem(what: string): Promise<Fs> {
  const direct = host()?.getBuiltinModule?.('node:fs');
  if (direct !== undefined) return direct as Fs;
  if (host() !== undefined) {
    // Node before 20.16 has no getBuiltinModule. The name is a variable, so that bundlers for browsers leave it alone.
    const name = 'node:fs';
    try {
      return (await import(/* @vite-ignore */ name)) as Fs;
    } catch { /* reported below */ }
  }
  throw new DeviceError(`${what} needs a file system, and there is none here (a browser?). Use model.toBytes() and modelFromBytes() and store the bytes yourself.`);
}

/** Writes beside `path`, syncs, renames; makes missing folders. */
export async function writeFileAtomic(path: string, bytes: Uint8Array | string, what: string): Promise<void> {
  const fs = await fileSystem(what);
  const folder = folderOf(path);
  if (folder !== '') fs.mkdirSync(folder, { recursive: true });
  const pid = (globalThis as { process?: { pid?: number } }).process?.pid ?? 0;
  const beside = `${path}.${pid}.tmp`;
  try {
    const handle = fs.openSync(beside, 'w');
    try {
      const data = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
      for (let done = 0; done < data.length;) done += fs.writeSync(handle, data, done, data.length - done);
      fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
    fs.renameSync(beside, path);
  } catch (error) {
    fs.rmSync(beside, { force: true });
    throw error;
  }
}

/** The bytes of a file; a missing file is a FormatError that names it. */
export async function readFileBytes(path: string, what: string): Promise<Uint8Array> {
  const fs = await fileSystem(what);
  try {
    return fs.readFileSync(path);
  } catch (error) {
    throw new FormatError(`${what}: cannot read '${path}': ${(error as Error).message}`, { cause: error });
  }
}

export async function fileExists(path: string, what: string): Promise<boolean> {
  return (await fileSystem(what)).existsSync(path);
}

export async function removeFile(path: string, what: string): Promise<void> {
  (await fileSystem(what)).rmSync(path, { force: true });
}

const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'), 0));
