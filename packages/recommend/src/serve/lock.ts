/** One writer for one file: a lock file beside it with the number of the process. The lock of a process that is gone is taken over. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { StateError } from '@limelight/core';

interface Holder { readonly pid: number; readonly host: string; /** when the process began, so that another one with the same number is told from it; null where the system does not say */ readonly began: string | null }

/** Locks of this process: its own number in a lock file that is not here is that of an earlier process (a container gives the same number again). */
const held = new Set<string>();

/** @throws StateError where a living process has the file */
export function lockFile(path: string): { release(): void } {
  const lock = `${path}.lock`, own: Holder = { pid: process.pid, host: hostname(), began: beganAt(process.pid) };
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      writeFileSync(lock, JSON.stringify(own), { flag: 'wx' });
      held.add(lock);
      return { release: () => { if (held.delete(lock)) rmSync(lock, { force: true }); } };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const text = readText(lock), holder = parse(text);
    if (text === null) continue; // released in between
    if (held.has(lock)) throw new StateError(`${path} is already written by this process. One log has one writer.`);
    if (holder !== null && holder.host !== own.host) throw new StateError(`${path} is locked by process ${holder.pid} on the machine '${holder.host}', and whether that is alive cannot be seen from here. If it is not, delete ${lock}.`);
    if (holder !== null && isAlive(holder)) throw new StateError(`${path} is written by process ${holder.pid}. One log has one writer: stop that process, or give this one another log.`);
    takeAway(lock, text);
  }
  throw new StateError(`${path}: its lock ${lock} changes all the time; other processes are starting on the same log.`);
}

/** Removes a lock that was seen to be dead, unless another process has just put its own there. */
function takeAway(lock: string, seen: string): void {
  const aside = `${lock}.${process.pid}.old`;
  try { renameSync(lock, aside); } catch { return; }
  if (readText(aside) !== seen) { try { linkSync(aside, lock); } catch { /* a third one has it */ } }
  rmSync(aside, { force: true });
}
function readText(path: string): string | null {
  try { return readFileSync(path, 'utf8'); } catch { return null; }
}
function parse(text: string | null): Holder | null {
  try { const found = JSON.parse(text ?? '') as Holder; return Number.isInteger(found.pid) ? found : null; } catch { return null; }
}
function isAlive({ pid, began }: Holder): boolean {
  if (pid === process.pid) return false;
  try { process.kill(pid, 0); } catch (error) { return (error as NodeJS.ErrnoException).code === 'EPERM'; }
  const now = beganAt(pid);
  return began === null || now === null || began === now;
}
/** When a process began, in ticks since the machine's start (Linux); null elsewhere. */
function beganAt(pid: number): string | null {
  const stat = readText(`/proc/${pid}/stat`);
  return stat === null ? null : stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}
