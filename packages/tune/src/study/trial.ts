/** What an objective is given besides its parameters, and what it may give back. Lives where the objective runs: in this process or in a worker. */
import { callbacks, type FitOptions, type Logs, type Model, type ModelData } from '@limelight/core';

/** One value; one for each objective; or values by name, of which the objectives are taken and the rest is kept with the trial. */
export type Outcome = number | readonly number[] | Readonly<Record<string, number>>;

/** A trial as it is sent to where it runs. */
export interface TrialJob {
  readonly number: number;
  readonly params: unknown;
  /** follows from the study's seed and the number */ readonly seed: number;
  /** train until this epoch; null: as long as the objective likes */ readonly budget: number | null;
  /** file that keeps the training between rungs and over a kill; null: none */ readonly checkpoint: string | null;
  /** write it after every epoch, so that a kill loses one at most; false: at the end of the budget (and where the study is stopped), which is all that a promotion needs */ readonly everyEpoch: boolean;
}
export interface TrialEvents {
  report(step: number, values: Readonly<Record<string, number>> | number): void;
  note(key: string, value: unknown): void;
}

export interface Trial extends Omit<TrialJob, 'params' | 'everyEpoch'>, TrialEvents {
  /** Records how good the trial is after `step` epochs: a number (the first objective), or values by name. */
  report(step: number, values: Readonly<Record<string, number>> | number): void;
  /** Keeps something with the trial (JSON). */
  note(key: string, value: unknown): void;
  /** fires when the study is stopped */
  readonly signal: AbortSignal;
  /**
   * `model.fit` for trials: trains until the trial's budget (or `epochs`), reports every epoch, and keeps the run in the checkpoint, so that a promoted trial and one that was killed
   * go on where they were. Give the model `seed: trial.seed`. Returns the logs of the last epoch: loss, metrics, val_….
   */
  fit(model: Model, x: ModelData, y: ModelData, options?: FitOptions): Promise<Logs>;
}

export type RunTrial<P> = (params: P, trial: Trial) => Outcome | undefined | Promise<Outcome | undefined>;

/** A checkpoint between rungs. To write one (with its sync to the disk) takes about as long as a short epoch, so a study that lives in memory alone writes it once a rung. */
class RungCheckpoint extends callbacks.BackupAndRestore {
  readonly #last: number | null;
  /** a finished epoch that is not kept yet */
  #unkept: number | null = null;
  /** @param last epochs after which alone it is written; null: after every one */
  constructor(path: string, last: number | null) {
    super(path, { deleteCheckpoint: false });
    this.#last = last;
  }
  override async onEpochEnd(epoch: number): Promise<void> {
    const now = this.#last === null || epoch + 1 === this.#last;
    this.#unkept = now ? null : epoch;
    if (now) await super.onEpochEnd(epoch);
  }
  /** Also where another callback ended the training before its budget. */
  override async onTrainEnd(): Promise<void> {
    if (this.#unkept !== null) await super.onEpochEnd(this.#unkept);
    await super.onTrainEnd();
  }
}

export function makeTrial(job: TrialJob, events: TrialEvents, signal: AbortSignal): Trial {
  const { number, seed, budget, checkpoint, everyEpoch } = job;
  return {
    number, seed, budget, checkpoint, signal,
    report: (step, values) => { events.report(step, values); },
    note: (key, value) => { events.note(key, value); },
    fit: async (model, x, y, { backup, ...options } = {}) => {
      const reporter = new callbacks.LambdaCallback({ onEpochEnd: (epoch, logs) => { events.report(epoch + 1, logs); } });
      const epochs = budget ?? options.epochs ?? 1, keeper = checkpoint === null ? [] : [new RungCheckpoint(checkpoint, everyEpoch ? null : epochs)];
      const { history } = await model.fit(x, y, { verbose: 0, signal, ...options, epochs, callbacks: [...(options.callbacks ?? []), reporter, ...keeper], ...(checkpoint === null && backup !== undefined ? { backup } : {}) });
      return Object.fromEntries(Object.entries(history).map(([name, values]) => [name, values.at(-1) ?? Number.NaN]));
    },
  };
}
