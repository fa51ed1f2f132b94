/** The lock of a journal: the symbolic link FILE.lock, as Optuna makes it, so that Python and Node may write to one file at once. Held for a moment only. */
import { lstatSync, renameSync, rmSync, symlinkSync } from 'node:fs';

/** A lock that nobody renewed for so long belongs to a process that died; Optuna waits as long. */
const GRACE_MS = 30_000;
const pause = (ms: number): void => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms); };

/** Runs `work` while holding the lock. Waits for whoever holds it. */
export function withLock<T>(path: string, work: () => T, grace = GRACE_MS): T {
  const lock = `${path}.lock`;
  let seen = 0, since = Date.now();
  for (let wait = 1; ; wait = Math.min(wait * 2, 200)) {
    try {
      symlinkSync(path, lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    try {
      const { mtimeMs } = lstatSync(lock);
      if (mtimeMs !== seen) { seen = mtimeMs; since = Date.now(); }
      if (Date.now() - since > grace || Date.now() - mtimeMs > grace) release(lock);
      else pause(wait);
    } catch { /* it went away meanwhile */ }
  }
  try {
    return work();
  } finally {
    release(lock);
  }
}
/** By renaming first, so that of two who find a dead lock only one removes it. */
function release(lock: string): void {
  const own = `${lock}.${process.pid}.${Math.floor(Math.random() * 1e9).toString(36)}.rename`;
  renameSync(lock, own);
  rmSync(own, { force: true });
}
