/**
 * Worker threads that run trials. Each imports the module of the study by itself and keeps what it loaded; its engine has one thread, because the trials are what runs side by side.
 * A worker that dies takes its trial with it (it failed, and may be tried again), and another takes its place.
 */
import { Worker } from 'node:worker_threads';
import { AbortedError, DeviceError } from '@limelight/core';
import type { Executor } from '../study/executor.ts';
import type { Outcome, TrialEvents, TrialJob } from '../study/trial.ts';
import type { FromWorker, ToWorker, WorkerStart } from './messages.ts';

/** From the sources (tests) a worker needs a loader of TypeScript; the build has worker.js beside it. */
const fromSource = import.meta.url.endsWith('.ts');
const entry = fromSource ? new URL('../worker.ts', import.meta.url) : new URL('./worker.js', import.meta.url);

class Place {
  #worker: Worker | null = null;
  readonly #start: WorkerStart;
  busy = false;
  constructor(start: WorkerStart) { this.#start = start; }

  #open(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(entry, {
      workerData: this.#start, argv: process.argv.slice(2), env: { ...process.env, LIMELIGHT_THREADS: '1' }, ...(fromSource ? { execArgv: ['--import', 'tsx', '--conditions=limelight-source'] } : {}),
    });
    worker.unref();
    worker.on('exit', () => { if (this.#worker === worker) this.#worker = null; });
    worker.on('error', () => { if (this.#worker === worker) this.#worker = null; });
    this.#worker = worker;
    return worker;
  }
  run(job: TrialJob, events: TrialEvents, signal: AbortSignal): Promise<Outcome | undefined> {
    const worker = this.#open();
    worker.ref();
    return new Promise<Outcome | undefined>((resolve, reject) => {
      const stop = (): void => { worker.postMessage({ kind: 'stop' } satisfies ToWorker); };
      const end = (): void => {
        signal.removeEventListener('abort', stop);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        worker.unref();
      };
      const onMessage = (message: FromWorker): void => {
        if (message.kind === 'report') events.report(message.step, message.values);
        else if (message.kind === 'note') events.note(message.key, message.value);
        else if (message.kind === 'done') { end(); resolve(message.outcome); }
        else if (message.kind === 'failed') { end(); reject(message.aborted ? new AbortedError() : remote(message.message, message.stack)); }
      };
      const onError = (error: Error): void => { end(); reject(new DeviceError(`The worker of trial ${job.number} died: ${error.message}`, { cause: error })); };
      const onExit = (code: number): void => { end(); reject(new DeviceError(`The worker of trial ${job.number} ended with exit code ${code}.`)); };
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) { end(); reject(new AbortedError()); return; }
      worker.postMessage({ kind: 'run', job } satisfies ToWorker);
    });
  }
  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = null;
  }
}
function remote(message: string, stack: string): Error {
  const error = new Error(message);
  error.stack = stack;
  return error;
}

export function workerPool(module: string, name: string, width: number): Executor {
  const places = Array.from({ length: width }, () => new Place({ module, name }));
  return {
    width,
    run: async (job, events, signal) => {
      const place = places.find((p) => !p.busy);
      if (place === undefined) throw new DeviceError('All workers are busy.');
      place.busy = true;
      try {
        return await place.run(job, events, signal);
      } finally {
        place.busy = false;
      }
    },
    close: async () => { await Promise.all(places.map((p) => p.close())); },
  };
}
