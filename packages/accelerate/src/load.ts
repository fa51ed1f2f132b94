/**
 * Loads a library so that it stays: it is pinned (a library with threads that is unmapped while the process ends makes Node 20 crash), it is told to use one
 * thread before its own set-up code runs, and it is refused where it is not what it says it is.
 */
import { readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DeviceError } from '@limelight/core';
import { loadKoffi, type NativeLibrary } from './koffi.ts';
import { LIBRARIES, type LibraryFacts, type LibraryKind } from './libraries.ts';

export interface Loaded {
  readonly kind: LibraryKind; readonly name: string;
  /** 'oneDNN 2.6.3' */
  readonly description: string;
  readonly version: string; readonly detail: string;
  /** for the loader */
  readonly path: string;
  /** path of koffi, for other threads */
  readonly koffi: string;
}

const RTLD_NOW = 2, RTLD_NODELETE = process.platform === 'darwin' ? 0x80 : 0x1000;

/** The system's part of a name that is loaded by this package; undefined where it does not know how. */
export const platform = (): 'linux' | 'darwin' | undefined => (process.platform === 'linux' || process.platform === 'darwin' ? process.platform : undefined);

/** Loads the first of a kind's usual names that is there; null: none is. Throws DeviceError for one that is there and must not be used. */
export function findLibrary(kind: LibraryKind): Loaded | null {
  const system = platform();
  if (system === undefined) return null;
  for (const file of LIBRARIES[kind].files[system]) {
    const loaded = open(file, kind);
    if (loaded !== null) return loaded;
  }
  return null;
}

/** Loads the library at `path`, of whichever kind it is. Throws DeviceError where it is none. */
export function loadLibrary(path: string): Loaded {
  if (platform() === undefined) throw new DeviceError(`Native libraries are used on Linux and macOS only, not on ${process.platform}.`);
  const loaded = open(path, null);
  if (loaded === null) throw new DeviceError(`The library '${path}' could not be loaded: ${lastError}. Give the path of oneDNN (libdnnl) or OpenBLAS (libopenblas), or none to have them looked for.`);
  return loaded;
}

let lastError = '';

function open(path: string, wanted: LibraryKind | null): Loaded | null {
  const { koffi, path: koffiPath } = loadKoffi(), c = koffi.load(null), cpu = cpuFlags();
  const environment = Object.assign({}, ...(wanted === null ? Object.values(LIBRARIES) : [LIBRARIES[wanted]]).map((row) => row.environment(cpu))) as Record<string, string>;
  // looked up before: looking up anything clears the message
  const explain = c.func('const char *dlerror()');
  const handle = withEnvironment(c, environment, () => (c.func('void *dlopen(const char *path, int flags)')(path, RTLD_NOW | RTLD_NODELETE)));
  if (handle === null) {
    lastError = String(explain());
    return null;
  }
  const library = koffi.load(path);
  const kind = wanted ?? (Object.keys(LIBRARIES) as LibraryKind[]).find((k) => hasSymbol(library, LIBRARIES[k].mark));
  if (kind === undefined || !hasSymbol(library, LIBRARIES[kind].mark)) {
    throw new DeviceError(`The library '${path}' is neither oneDNN nor OpenBLAS: it has no ${Object.values(LIBRARIES).map((row) => row.mark).join(' and no ')}.`);
  }
  const row = LIBRARIES[kind], facts = row.facts(library, koffi);
  checkVersion(kind, fileOf(path), facts);
  if (facts.obstacle !== null) throw new DeviceError(`${row.name} at '${path}' cannot be used: ${facts.obstacle}.`);
  const version = facts.version.join('.');
  return { kind, name: row.name, version, description: `${row.name} ${version}`, detail: facts.detail, path, koffi: koffiPath };
}

/**
 * Refuses a library whose version is one that is not known, or not the one in its file's name: then its interface may be another one too, and a call through
 * it may write anywhere.
 */
export function checkVersion(kind: LibraryKind, file: string, facts: Pick<LibraryFacts, 'version'>): void {
  const { name, from, below, inName } = LIBRARIES[kind], [major, minor, patch] = facts.version, said = facts.version.join('.');
  const atLeast = ([a, b]: readonly [number, number]): boolean => major > a || (major === a && minor >= b);
  if (!atLeast(from) || atLeast(below)) {
    throw new DeviceError(`'${file}' says that it is ${name} ${said}; versions from ${from.join('.')} on and below ${below.join('.')} are known. Install one of those, or go without it.`);
  }
  const named = inName.exec(basename(file));
  if (named === null) return;
  const parts = named.slice(1).filter((part) => part !== undefined).map(Number);
  if (parts.some((part, i) => part !== [major, minor, patch][i])) {
    throw new DeviceError(`'${file}' says that it is ${name} ${said}, but its name says ${parts.join('.')}. It is not used: install the library anew, or give the path of another one.`);
  }
}

const hasSymbol = (library: NativeLibrary, name: string): boolean => { try { library.symbol(name); return true; } catch { return false; } };

/** The file behind a name that the loader found by itself: of the files that are mapped, the one that stands under that name in its own folder. */
function fileOf(path: string): string {
  const real = (file: string): string => { try { return realpathSync(file); } catch { return ''; } };
  if (path.includes('/')) return real(path);
  try {
    const mapped = new Set(readFileSync('/proc/self/maps', 'utf8').split('\n').map((line) => line.slice(line.indexOf('/'))).filter((file) => file.startsWith('/')));
    return [...mapped].find((file) => real(join(dirname(file), path)) === file) ?? path;
  } catch { return path; }
}

/** Sets variables for the C library (Node's own copy does not reach code in worker threads) while `body` runs. */
function withEnvironment<R>(c: NativeLibrary, variables: Readonly<Record<string, string>>, body: () => R): R {
  const get = c.func('const char *getenv(const char *name)'), set = c.func('int setenv(const char *name, const char *value, int overwrite)'), unset = c.func('int unsetenv(const char *name)');
  const before = Object.keys(variables).map((name) => [name, get(name) as string | null] as const);
  for (const [name, value] of Object.entries(variables)) set(name, value, 1);
  try { return body(); } finally {
    for (const [name, value] of before) if (value === null) unset(name); else set(name, value, 1);
  }
}

function cpuFlags(): ReadonlySet<string> {
  try { return new Set(/^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.trim().split(/\s+/) ?? []); } catch { return new Set(); }
}
