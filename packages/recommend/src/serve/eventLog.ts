/**
 * Events on the disk before they are acknowledged: one JSON object a line, only ever appended. Many events that come at once share one write and one fsync.
 *
 * What a kill loses: nothing that was acknowledged, whatever the policy, since written bytes belong to the system. What a power cut loses: with 'always' nothing that was acknowledged, with
 * 'interval' at most that of the last interval, with 'never' what the system had not yet written.
 */
import { closeSync, createReadStream, existsSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { StateError, ValueError } from '@limelight/core';
import { lockFile } from './lock.ts';

export interface LoggedEvent {
  readonly user: string;
  readonly item: string;
  /** seconds since 1970 */ readonly time: number;
  /** kind of event: 'view', 'like', … */ readonly event?: string;
  readonly weight?: number;
}
export interface EventLogOptions {
  /** 'always': each batch is synced before it is acknowledged; 'interval' (default): every `interval` ms; 'never': when the system likes */ readonly fsync?: 'always' | 'interval' | 'never';
  /** ms; default 1,000 */ readonly interval?: number;
  /** told what was found and mended */ readonly onMessage?: (text: string) => void;
}

/** Bytes that may wait for the disk; more are refused, so that a slow disk does not fill the memory. */
const WAITING = 64 * 2 ** 20;
interface Batch { readonly text: Uint8Array; readonly resolve: () => void; readonly reject: (error: Error) => void }

export class EventLog {
  readonly path: string;
  readonly fsync: 'always' | 'interval' | 'never';
  readonly #handle: FileHandle;
  readonly #lock: { release(): void };
  readonly #timer: NodeJS.Timeout | null = null;
  readonly #say: (text: string) => void;
  #queue: Batch[] = [];
  #waiting = 0;
  #size: number;
  #dirty = false;
  #writing: Promise<void> | null = null;
  #broken: Error | null = null;
  #closed = false;

  private constructor(path: string, handle: FileHandle, size: number, lock: { release(): void }, options: EventLogOptions) {
    const { fsync = 'interval', interval = 1000, onMessage = () => {} } = options;
    this.path = path;
    this.fsync = fsync;
    this.#handle = handle;
    this.#size = size;
    this.#lock = lock;
    this.#say = onMessage;
    if (fsync === 'interval') {
      this.#timer = setInterval(() => { this.#sync().catch((error: unknown) => { this.#broken ??= error as Error; }); }, interval);
      this.#timer.unref();
    }
  }

  /** Opens or makes a log. A last line that a kill cut short is cut off. @throws StateError where another process writes it; ValueError for a policy that is not there */
  static async open(path: string, options: EventLogOptions = {}): Promise<EventLog> {
    const { fsync = 'interval', interval = 1000, onMessage = () => {} } = options;
    if (!['always', 'interval', 'never'].includes(fsync)) throw new ValueError(`The event log's fsync is 'always', 'interval' or 'never', not '${String(fsync)}'.`);
    if (!(interval >= 1)) throw new ValueError(`The event log's interval must be at least 1 ms, not ${interval}.`);
    mkdirSync(dirname(path), { recursive: true });
    const lock = lockFile(path);
    try {
      const size = cutTornLine(path, onMessage), handle = await open(path, 'a');
      return new EventLog(path, handle, size, lock, options);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** bytes of the whole lines */
  get size(): number { return this.#size; }
  /** why nothing can be written any more; null while all is well */
  get problem(): Error | null { return this.#broken; }

  /** Resolves when the events are written (with 'always': and synced), all or none. @throws StateError where the log is closed, broken or too far behind */
  append(events: readonly LoggedEvent[]): Promise<void> {
    if (this.#closed) return Promise.reject(new StateError(`The event log ${this.path} is closed.`));
    if (this.#broken !== null) return Promise.reject(new StateError(`The event log ${this.path} cannot be written: ${this.#broken.message}`));
    if (events.length === 0) return Promise.resolve();
    const text = new TextEncoder().encode(`${events.map(({ user, item, time, event, weight }) => JSON.stringify({ user, item, time, event, weight })).join('\n')}\n`);
    if (this.#waiting + text.length > WAITING) return Promise.reject(new StateError('The event log is too far behind: the disk is slower than the events. Send them again later.'));
    this.#waiting += text.length;
    return new Promise((resolve, reject) => {
      this.#queue.push({ text, resolve, reject });
      this.#writing ??= this.#drain();
    });
  }
  async #drain(): Promise<void> {
    // What comes in the same turn of the event loop goes into the same write.
    await new Promise<void>((resolve) => { setImmediate(resolve); });
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      const bytes = batch.length === 1 && batch[0] !== undefined ? batch[0].text : Buffer.concat(batch.map(({ text }) => text));
      try {
        for (let done = 0; done < bytes.length;) done += (await this.#handle.write(bytes, done, bytes.length - done)).bytesWritten;
        this.#dirty = true;
        if (this.fsync === 'always') await this.#sync();
        this.#size += bytes.length;
        for (const { resolve } of batch) resolve();
      } catch (error) {
        await this.#undo(error as Error);
        for (const { reject } of batch) reject(new StateError(`The event log ${this.path} could not be written: ${(error as Error).message}`));
      }
      this.#waiting -= bytes.length;
    }
    this.#writing = null;
  }
  /** Cuts off what a failed write left, so that the next line begins a line; where that fails too, nothing is written any more. */
  async #undo(error: Error): Promise<void> {
    this.#say(`${this.path}: ${error.message}`);
    try { await this.#handle.truncate(this.#size); } catch { this.#broken = error; }
  }
  async #sync(): Promise<void> {
    if (!this.#dirty) return;
    this.#dirty = false;
    try { await this.#handle.datasync(); } catch (error) { this.#dirty = true; throw error; }
  }

  /** The events of the log, oldest first. A line that is none is told and left out. */
  async *read(): AsyncGenerator<LoggedEvent> {
    if (this.#size === 0) return;
    let line = 0;
    for await (const text of createInterface({ input: createReadStream(this.path, { end: this.#size - 1 }), crlfDelay: Infinity })) {
      line++;
      if (text === '') continue;
      const event = parseEvent(text);
      if (event === null) this.#say(`${this.path}: line ${line} holds no event and is left out: ${text.slice(0, 80)}`);
      else yield event;
    }
  }

  /** Writes what waits, syncs, and gives the lock back. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    try {
      await this.#writing;
      if (this.fsync !== 'never') await this.#sync();
    } finally {
      await this.#handle.close();
      this.#lock.release();
    }
  }
}

function parseEvent(text: string): LoggedEvent | null {
  try {
    const found = JSON.parse(text) as LoggedEvent;
    return typeof found.user === 'string' && typeof found.item === 'string' && Number.isFinite(found.time) ? found : null;
  } catch {
    return null;
  }
}

/** Bytes up to the last end of a line; what follows is cut off. */
function cutTornLine(path: string, say: (text: string) => void): number {
  if (!existsSync(path)) return 0;
  const file = openSync(path, 'r+');
  try {
    const { size } = fstatSync(file), part = Buffer.alloc(65_536);
    let end = size;
    while (end > 0) {
      const from = Math.max(0, end - part.length), read = readSync(file, part, 0, end - from, from), at = part.subarray(0, read).lastIndexOf(10);
      if (at >= 0) { end = from + at + 1; break; }
      end = from;
    }
    if (end < size) {
      ftruncateSync(file, end);
      say(`${path}: the last line was cut short when its writer ended (${size - end} bytes); it was never acknowledged and is cut off.`);
    }
    return end;
  } finally {
    closeSync(file);
  }
}
