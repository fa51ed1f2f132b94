/** What the study and its workers tell each other. */
import type { Outcome, RunTrial, TrialJob } from '../study/trial.ts';

export interface WorkerStart { readonly module: string; readonly name: string }
export type ToWorker = { readonly kind: 'run'; readonly job: TrialJob } | { readonly kind: 'stop' };
export type FromWorker =
  | { readonly kind: 'report'; readonly step: number; readonly values: Readonly<Record<string, number>> | number }
  | { readonly kind: 'note'; readonly key: string; readonly value: unknown }
  | { readonly kind: 'done'; readonly outcome: Outcome | undefined }
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string; readonly aborted: boolean };

/** Set in a worker: the study that it works for, and who waits for its objective. One for all copies of this package in the thread. */
export interface WorkerRole { readonly module: string; readonly name: string; define(run: RunTrial<unknown>): void }
const KEY = Symbol.for('limelight.tune.worker');
export const workerRole = (): WorkerRole | undefined => (globalThis as { [KEY]?: WorkerRole })[KEY];
export const setWorkerRole = (role: WorkerRole): void => { (globalThis as { [KEY]?: WorkerRole })[KEY] = role; };
