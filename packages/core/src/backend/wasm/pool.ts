/**
 * The worker threads of one WASM backend, for Node (worker_threads) and browsers (Worker).
 *
 * Promises: workers start when the first program that needs them appears, and nobody waits for them: until they are ready (and for ever, if they
 * cannot be had) programs run on the calling thread alone, with the same bits. Idle workers sleep and keep no Node process alive. A worker that
 * fails never leaves the calling thread waiting: the run throws DeviceError and the pool closes.
 */
import { DeviceError } from '../../base/errors.ts';
import type { Accelerator } from './accelerator.ts';
import { MAX_ERROR, MAX_SLOTS, SLOT_BITS, WORDS, CONTROL_BYTES } from './control.ts';
import type { WasmMemory, WasmModule } from './engine.ts';
import { WORKER_SOURCE, type WorkerMessage } from './worker-source.ts';

/** Longer than what `fit` does between two steps (assembling a batch: 0.05 to 0.2 ms), so that workers are awake when the next one starts. */
const SPIN_MS = 0.5;

/** What the pool needs of a thread; the Node and browser workers are fitted to it. */
export interface PoolWorker {
  post(message: WorkerMessage): void;
  terminate(): void | Promise<void>;
}
/** Starts a worker that runs `source`; `onError` hears of a failure outside of a program. Throws or rejects where there are no workers. */
export type WorkerFactory = (source: string, name: string, onError: (error: unknown) => void) => PoolWorker | Promise<PoolWorker>;

/** A program known to the workers. */
export interface PoolProgram { readonly slot: number; readonly name: string }

export interface PoolOptions {
  readonly memory: WasmMemory;
  /** address of the control block, zeroed */
  readonly control: number;
  /** threads including the caller's */
  readonly threads: number;
  /** how long an idle worker spins before it sleeps, in ms; default 0.5 */
  readonly spinMs?: number;
  readonly factory?: WorkerFactory;
  /** told once, when the pool cannot work and everything runs on one thread from now on */
  readonly onUnavailable: (reason: string) => void;
}

type State = 'new' | 'running' | 'closed';

export class ThreadPool {
  readonly threads: number;
  private readonly options: PoolOptions;
  private readonly words: Int32Array;
  private workers: PoolWorker[] = [];
  private state: State = 'new';
  private sequence = 0;
  private posted = 0;
  /** the value of `posted` that all workers are known to have reached */
  private settled = -1;
  private readonly freeSlots: number[] = [];
  private nextSlot = 0;
  /** messages to workers that are still being made (an asynchronous factory) */
  private queue: WorkerMessage[] | null = null;

  constructor(options: PoolOptions) {
    this.options = options;
    this.threads = options.threads;
    this.words = new Int32Array(options.memory.buffer, options.control, CONTROL_BYTES / 4);
  }

  /** false once the pool has closed or failed */
  get usable(): boolean { return this.state !== 'closed'; }
  /** Live worker threads. */
  get workerCount(): number { return this.workers.length; }

  /** Hands a module to all workers, with the native product that it imports; null when it cannot (the program then runs on one thread). */
  add(module: WasmModule, name: string, native: Accelerator['worker'] | null = null): PoolProgram | null {
    if (this.state === 'new') this.start();
    if (this.state !== 'running') return null;
    const slot = this.freeSlots.pop() ?? (this.nextSlot < MAX_SLOTS ? this.nextSlot++ : -1);
    if (slot < 0) return null;
    this.broadcast({ kind: 'add', slot, module, native });
    return this.usable ? { slot, name } : null;
  }

  drop(program: PoolProgram): void {
    if (this.state !== 'running') return;
    this.broadcast({ kind: 'drop', slot: program.slot });
    this.freeSlots.push(program.slot);
  }

  /**
   * True when every worker has worked off every message, so has every program and watches the epoch. While a message is under way programs run on the
   * calling thread alone: waiting for a worker's event loop from a thread that blocks its own would be slow at best.
   */
  isReady(): boolean {
    if (this.state !== 'running') return false;
    if (this.settled === this.posted) return true;
    for (let tid = 1; tid < this.threads; tid++) {
      if (Atomics.load(this.words, WORDS.done + tid) !== this.posted) return false;
    }
    this.settled = this.posted;
    return true;
  }

  /** Runs a ready program on all threads; returns when all are done. */
  run(program: PoolProgram, step: (tid: number, threads: number) => void): void {
    this.announce(program.slot + 1);
    try {
      step(0, this.threads);
    } catch (error) {
      throw this.failed(program, error);
    }
  }

  private announce(command: number): void {
    const words = this.words;
    this.sequence = (this.sequence + 1) & ((1 << (32 - SLOT_BITS)) - 1);
    Atomics.store(words, WORDS.epoch, (this.sequence << SLOT_BITS) | command);
    if (Atomics.load(words, WORDS.sleeping) !== 0) Atomics.notify(words, WORDS.epoch);
  }

  /** `posted` is raised first: a worker that sees it leaves its loop and meets the message in its event loop, however late that arrives. */
  private broadcast(message: WorkerMessage): void {
    this.posted++;
    Atomics.store(this.words, WORDS.posted, this.posted);
    this.announce(0);
    if (this.queue !== null) { this.queue.push(message); return; }
    try {
      for (const worker of this.workers) worker.post(message);
    } catch (error) {
      this.giveUp(`a worker refused a message: ${text(error)}`);
    }
  }

  private start(): void {
    this.state = 'running';
    const factory = this.options.factory ?? startWorker;
    const onError = (error: unknown): void => { this.giveUp(`a worker thread failed: ${text(error)}`); };
    const { memory, control } = this.options;
    const init = (tid: number): WorkerMessage => ({ kind: 'init', memory, control, words: CONTROL_BYTES / 4, tid, threads: this.threads, spinMs: this.options.spinMs ?? SPIN_MS });
    this.posted = 1;
    Atomics.store(this.words, WORDS.posted, 1);
    try {
      const made: (PoolWorker | Promise<PoolWorker>)[] = [];
      for (let tid = 1; tid < this.threads; tid++) {
        const worker = factory(WORKER_SOURCE, `limelight-${tid}`, onError);
        made.push(worker);
        if (!(worker instanceof Promise)) this.workers.push(worker);
      }
      const sync = made.filter((w): w is PoolWorker => !(w instanceof Promise));
      if (sync.length === made.length) {
        sync.forEach((worker, i) => { worker.post(init(i + 1)); });
        return;
      }
      this.queue = [];
      Promise.all(made).then((workers) => {
        this.workers = workers;
        const queue = this.queue ?? [];
        this.queue = null;
        if (this.state !== 'running') { void this.stop(); return; }
        workers.forEach((worker, i) => { for (const message of [init(i + 1), ...queue]) worker.post(message); });
      }).catch((error: unknown) => { this.giveUp(text(error)); });
    } catch (error) {
      this.giveUp(text(error));
    }
  }

  /** After a trap on this thread or another: lets every thread go, waits until none touches memory any more, closes the pool. */
  private failed(program: PoolProgram, error: unknown): DeviceError {
    const words = this.words;
    const culprit = Atomics.load(words, WORDS.abort);
    Atomics.compareExchange(words, WORDS.abort, 0, -1);
    Atomics.add(words, WORDS.barrierGeneration, 1);
    Atomics.notify(words, WORDS.barrierGeneration);
    // Workers that had arrived at the last barrier of the step are not parked but done; they are told to look for messages and find none.
    const patience = performance.now() + 200;
    while (Atomics.load(words, WORDS.parked) < this.threads - 1 && performance.now() < patience) { /* others leave their loops within microseconds */ }
    let message = text(error);
    if (culprit > 0) {
      message = '';
      const length = Math.min(MAX_ERROR, Atomics.load(words, WORDS.error));
      for (let i = 0; i < length; i++) message += String.fromCharCode(Atomics.load(words, WORDS.error + 1 + i));
    }
    const who = culprit > 0 ? `Worker thread ${culprit}` : 'The calling thread';
    this.giveUp(`${who} failed: ${message}`);
    return new DeviceError(`${who} failed while program ${program.name} ran: ${message}. Its results and the state it wrote are not valid. Load the state again; the device goes on with one thread.`, { cause: error });
  }

  private giveUp(reason: string): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    void this.stop();
    this.options.onUnavailable(reason);
  }

  private stop(): Promise<void> {
    const workers = this.workers;
    this.workers = [];
    return Promise.all(workers.map((w) => w.terminate())).then(() => undefined, () => undefined);
  }

  /** Stops the workers. */
  close(): Promise<void> {
    this.state = 'closed';
    return this.stop();
  }
}

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));

// ---- workers of the host ----

interface NodeWorker { postMessage(message: unknown): void; terminate(): Promise<number>; unref(): void; on(event: string, listener: (value: unknown) => void): void }
interface NodeThreads { readonly Worker: new (source: string, options: Record<string, unknown>) => NodeWorker; readonly SHARE_ENV: symbol }
interface BrowserWorker { postMessage(message: unknown): void; terminate(): void; onerror: ((event: { message?: string }) => void) | null }
interface Host {
  readonly process?: { readonly versions?: { readonly node?: string }; readonly getBuiltinModule?: (name: string) => unknown };
  readonly Worker?: new (url: string, options?: { name?: string }) => BrowserWorker;
}

/** The host's own threads. */
export const startWorker: WorkerFactory = (source, name, onError) => {
  const host = globalThis as unknown as Host;
  if (host.process?.versions?.node !== undefined) {
    const threads = host.process.getBuiltinModule?.('node:worker_threads') as NodeThreads | undefined;
    if (threads !== undefined) return startInNode(threads, source, name, onError);
    // Node before 20.16 hands out its modules through import only; the name is a variable so that bundlers for browsers leave it alone.
    const module = 'node:worker_threads';
    return import(/* @vite-ignore */ module).then((found) => startInNode(found as NodeThreads, source, name, onError));
  }
  if (host.Worker === undefined) throw new DeviceError('This host has no worker threads.');
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new host.Worker(url, { name });
  worker.onerror = (event) => { onError(event.message ?? 'the worker did not start (does a Content-Security-Policy forbid blob: workers?)'); };
  return { post: (message) => { worker.postMessage(message); }, terminate: () => { worker.terminate(); URL.revokeObjectURL(url); } };
};

function startInNode(threads: NodeThreads, source: string, name: string, onError: (error: unknown) => void): PoolWorker {
  // execArgv is emptied: loaders of the parent (for TypeScript, say) would cost each worker hundreds of milliseconds.
  const worker = new threads.Worker(source, { eval: true, name, execArgv: [], env: threads.SHARE_ENV, trackUnmanagedFds: false });
  worker.on('error', onError);
  worker.unref();
  return { post: (message) => { worker.postMessage(message); }, terminate: async () => { await worker.terminate(); } };
}
