/** Where trials run: one after the other in this process, or several at a time in worker threads. */
import { AbortedError } from '@limelight/core';
import { makeTrial, type Outcome, type RunTrial, type TrialEvents, type TrialJob } from './trial.ts';

export interface Executor {
  /** how many trials may run at a time */ readonly width: number;
  /** Rejects with what the objective threw; with AbortedError when the signal fired. */
  run(job: TrialJob, events: TrialEvents, signal: AbortSignal): Promise<Outcome | undefined>;
  close(): Promise<void>;
}

export const inProcess = <P>(run: RunTrial<P>): Executor => ({
  width: 1,
  run: async (job, events, signal) => {
    if (signal.aborted) throw new AbortedError();
    return run(job.params as P, makeTrial(job, events, signal));
  },
  close: () => Promise.resolve(),
});
