/** What the host offers to threads: how many cores, and whether this thread may sleep. */

interface Host {
  readonly navigator?: { readonly hardwareConcurrency?: number };
  readonly process?: { readonly getBuiltinModule?: (name: string) => unknown };
}

/** More threads than this rarely help a training step whose matrices fit a cache. */
const MOST_THREADS = 8;

/** Cores that this process may use, at most 8; 2 where the host does not say. */
export function availableThreads(): number {
  const host = globalThis as unknown as Host;
  const os = host.process?.getBuiltinModule?.('node:os') as { availableParallelism?: () => number } | undefined;
  const cores = os?.availableParallelism?.() ?? host.navigator?.hardwareConcurrency ?? 2;
  return Math.max(1, Math.min(MOST_THREADS, cores));
}

/** False on the main thread of a browser page, which must never block. */
export function mayBlock(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch { return false; }
}
