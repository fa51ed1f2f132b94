/**
 * A journal on the disk (or in memory only, without a path): operations are appended and synced before anything builds on them, so a kill loses none that was told. A last line
 * that a kill cut short is taken off when the file is opened. Others may append to the same file meanwhile; their operations are read first.
 */
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { withLock } from './lock.ts';
import { formatJson, Replay, replayLines, type Operation, type StudyRecord } from './operations.ts';

export class Journal {
  readonly path: string | null;
  readonly #replay = new Replay();
  readonly #worker = `${randomUUID()}-0`;
  #offset = 0;
  #line = 0;

  constructor(path: string | null = null) {
    this.path = path === null ? null : resolve(path);
    if (this.path === null) return;
    if (existsSync(this.path)) withLock(this.path, () => { this.#read(true); });
    else mkdirSync(dirname(this.path), { recursive: true });
  }
  get studies(): readonly StudyRecord[] { return [...this.#replay.studies.values()]; }
  get deletedTrials(): number { return this.#replay.deletedTrials; }
  study(name: string): StudyRecord | undefined { return this.studies.find((s) => s.name === name); }

  /** Appends operations and applies them. */
  append(operations: readonly { readonly op_code: number; readonly [field: string]: unknown }[]): void {
    const all = operations.map((op): Operation => ({ ...op, worker_id: this.#worker })), { path } = this;
    if (path === null) { for (const op of all) this.#replay.apply(op); return; }
    withLock(path, () => {
      this.#read(true);
      const file = openSync(path, 'a');
      try {
        const bytes = Buffer.from(all.map((op) => `${formatJson(op)}\n`).join(''));
        for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
        fsyncSync(file);
        this.#offset += bytes.length;
        this.#line += all.length;
      } finally {
        closeSync(file);
      }
    });
    for (const op of all) this.#replay.apply(op);
  }

  /** Reads what is new in the file; `repair` takes off a last line that has no end (only under the lock: else somebody may be writing it). */
  #read(repair: boolean): void {
    if (this.path === null || !existsSync(this.path)) return;
    const file = openSync(this.path, 'r+');
    try {
      const { size } = fstatSync(file);
      if (size <= this.#offset) return;
      const bytes = Buffer.alloc(size - this.#offset);
      readSync(file, bytes, 0, bytes.length, this.#offset);
      const end = bytes.lastIndexOf(10) + 1;
      if (end < bytes.length && repair) ftruncateSync(file, this.#offset + end);
      this.#line = replayLines(this.#replay, bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1), this.path, this.#line);
      this.#offset += end;
    } finally {
      closeSync(file);
    }
  }
}
