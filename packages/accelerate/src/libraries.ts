/** The libraries that are known: where they may be, how they tell their version, what must hold before one is used. */
import type { Koffi, NativeLibrary } from './koffi.ts';

export type LibraryKind = 'onednn' | 'openblas';

export interface LibraryFacts {
  /** major, minor, patch as the library says them */
  readonly version: readonly [number, number, number];
  /** what else is worth showing: the processor it was chosen for, its threads */
  readonly detail: string;
  /** why it cannot be used although it is what it says; null: it can */
  readonly obstacle: string | null;
}

export interface LibraryRow {
  readonly name: string;
  /** names for the system's loader, the best first, on Linux and macOS */
  readonly files: { readonly linux: readonly string[]; readonly darwin: readonly string[] };
  /** a symbol that only this library has */
  readonly mark: string;
  /** versions whose interface is the one that is called: from the first on, below the second */
  readonly from: readonly [number, number]; readonly below: readonly [number, number];
  /** version in a file name such as libdnnl.so.2.6 or libopenblasp-r0.3.21.so */
  readonly inName: RegExp;
  /** environment that must be set while the library is loaded; `cpu` are the flags of the processor */
  environment(cpu: ReadonlySet<string>): Readonly<Record<string, string>>;
  facts(library: NativeLibrary, koffi: Koffi): LibraryFacts;
}

/** Runtimes that oneDNN can be built on (dnnl_types.h, dnnl_runtime_t). */
const RUNTIMES: Readonly<Record<number, string>> = { 1: 'no threads', 2: 'OpenMP', 4: 'TBB', 8: 'a thread pool' };

export const LIBRARIES: Readonly<Record<LibraryKind, LibraryRow>> = {
  onednn: {
    name: 'oneDNN',
    files: { linux: ['libdnnl.so.3', 'libdnnl.so.2', 'libdnnl.so'], darwin: ['libdnnl.3.dylib', 'libdnnl.2.dylib', 'libdnnl.dylib'] },
    mark: 'dnnl_sgemm', from: [1, 3], below: [4, 0],
    inName: /libdnnl\.(?:so\.)?(\d+)(?:\.(\d+))?(?:\.(\d+))?/,
    environment: () => ({ OMP_NUM_THREADS: '1' }),
    facts: (library, koffi) => {
      const type = koffi.struct({ major: 'int', minor: 'int', patch: 'int', hash: 'const char *', cpu: 'unsigned int', gpu: 'unsigned int' });
      const v = koffi.decode(library.func('dnnl_version', koffi.pointer(type), [])(), type) as { major: number; minor: number; patch: number; cpu: number };
      const runtime = RUNTIMES[v.cpu] ?? `runtime ${v.cpu}`;
      return {
        version: [v.major, v.minor, v.patch], detail: runtime,
        obstacle: v.cpu === 4 ? 'it is built on TBB, whose threads cannot be held back and would compete with ours' : null,
      };
    },
  },
  openblas: {
    name: 'OpenBLAS',
    files: { linux: ['libopenblas.so.0', 'libopenblas.so'], darwin: ['libopenblas.0.dylib', 'libopenblas.dylib', '/opt/homebrew/opt/openblas/lib/libopenblas.dylib'] },
    mark: 'openblas_get_config', from: [0, 3], below: [1, 0],
    inName: /libopenblas\w*-r(\d+)\.(\d+)(?:\.(\d+))?/,
    // Releases that do not know a processor take kernels of 2004 for it, so it is told what the processor can do.
    environment: (cpu) => ({
      OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1',
      ...(process.env['OPENBLAS_CORETYPE'] !== undefined ? {} : has(cpu, 'avx512f', 'avx512bw', 'avx512vl', 'avx512dq') ? { OPENBLAS_CORETYPE: 'SKYLAKEX' } : has(cpu, 'avx2', 'fma') ? { OPENBLAS_CORETYPE: 'HASWELL' } : {}),
    }),
    facts: (library) => {
      const config = String(library.func('const char *openblas_get_config()')());
      const version = /OpenBLAS (\d+)\.(\d+)\.(\d+)/.exec(config);
      let core = '';
      try { core = String(library.func('const char *openblas_get_corename()')()); } catch { /* older releases do not say */ }
      return {
        version: version === null ? [0, 0, 0] : [Number(version[1]), Number(version[2]), Number(version[3])], detail: core === '' ? '' : `kernels for ${core}`,
        obstacle: /\bUSE64BITINT\b/.test(config) ? 'its integers have 64 bits' : null,
      };
    },
  },
};

const has = (cpu: ReadonlySet<string>, ...flags: readonly string[]): boolean => flags.every((flag) => cpu.has(flag));
