/**
 * A study: a space, an objective, what chooses (sampler) and what stops early (scheduler), and the journal in which all of it stands. `optimize` runs trials; `resume` goes on where
 * a killed run was: finished trials are kept, those that ran go on from their checkpoints.
 */
import { createHash } from 'node:crypto';
import { NameError, StateError, ValueError } from '@limelight/core';
import { seedOf } from '../random.ts';
import { getSampler, type Sampler, type SamplerLike } from '../samplers/sampler.ts';
import { getScheduler, type Scheduler, type SchedulerLike } from '../schedulers/scheduler.ts';
import type { Params, Space } from '../space/parameters.ts';
import { checkSpace, draw } from '../space/space.ts';
import { workerRole } from '../workers/messages.ts';
import { Journal } from './journal.ts';
import { Ledger } from './ledger.ts';
import { goalsOf, paretoRanks, signOf, type Goal, type ObjectiveLike } from './objective.ts';
import type { TrialRecord } from './record.ts';
import { Runner, type OptimizeOptions } from './runner.ts';
import type { RunTrial } from './trial.ts';

export interface StudyOptions<S extends Space> {
  readonly space: S;
  /** what is aimed at; the direction follows from the name where it can ('val_accuracy' up, 'val_loss' down) */ readonly objective: ObjectiveLike;
  /** trains one model and says how good it is */ readonly run: RunTrial<Params<S>>;
  /** `import.meta.url` of the module that calls createStudy: then trials run in parallel worker threads, which import it */ readonly module?: string | URL;
  /** default 'study' */ readonly name?: string;
  /** default 'random' */ readonly sampler?: SamplerLike;
  /** default null: every trial runs to its end */ readonly scheduler?: SchedulerLike;
  /** default: that of the journal, else 0 */ readonly seed?: number;
  /** file that keeps the study (Optuna's journal format); default null: in memory only */ readonly journal?: string | null;
  /** how often a trial that throws or returns NaN is tried again; default 1 */ readonly retries?: number;
  /** so many failures one after the other, with none that worked, end the study with an error; default 10 */ readonly maxFailures?: number;
}
/** A finished trial, as it is read. */
export interface TrialResult<P> { readonly number: number; readonly state: TrialRecord['state']; readonly params: P; readonly values: readonly number[] | null; readonly record: TrialRecord }

/** What the runner needs of a study. */
export interface StudySetup {
  readonly space: Space;
  readonly goals: readonly Goal[];
  readonly sampler: Sampler;
  readonly scheduler: Scheduler | null;
  readonly seed: number;
  readonly retries: number;
  readonly maxFailures: number;
  readonly ledger: Ledger;
}

const SEED = 'limelight:seed';
const KNOWN = ['space', 'objective', 'run', 'module', 'name', 'sampler', 'scheduler', 'seed', 'journal', 'retries', 'maxFailures'];

export class Study<S extends Space> {
  readonly options: StudyOptions<S>;
  readonly goals: readonly Goal[];
  readonly name: string;
  /** name under which the module defines it; workers look for that */
  readonly #defined: string;
  #ledger: Ledger | null = null;

  constructor(options: StudyOptions<S>, defined?: string) {
    for (const key of Object.keys(options)) if (!KNOWN.includes(key)) throw new NameError('option of a study', key, KNOWN);
    checkSpace(options.space);
    const { name = 'study', retries = 1, maxFailures = 10, seed = 0 } = options;
    if (typeof options.run !== 'function') throw new ValueError('createStudy: run must be a function (params, trial) that gives the value of the objective.');
    for (const [key, n, least] of [['retries', retries, 0], ['maxFailures', maxFailures, 1], ['seed', seed, 0]] as const) if (!Number.isInteger(n) || n < least) throw new ValueError(`createStudy: ${key} must be a whole number of at least ${least}, not ${n}.`);
    this.options = options;
    this.goals = goalsOf(options.objective);
    this.name = name;
    this.#defined = defined ?? name;
    getSampler(options.sampler ?? 'random');
    if (getScheduler(options.scheduler ?? null) !== null && this.goals.length > 1) throw new ValueError(`A scheduler compares trials by one value, but there are ${this.goals.length} objectives; leave it out.`);
  }
  /** The same study with other options (journal, sampler, …). */
  with(options: Partial<Omit<StudyOptions<S>, 'space' | 'run' | 'module'>>): Study<S> { return new Study({ ...this.options, ...options }, this.#defined); }

  get #open(): Ledger { return (this.#ledger ??= new Ledger(new Journal(this.options.journal ?? null), this.name)); }
  /** All trials so far, also those of the journal. */
  get trials(): TrialResult<Params<S>>[] { return this.#open.trials.map((record) => this.#result(record)); }
  #result(record: TrialRecord): TrialResult<Params<S>> {
    let params: Params<S>;
    try {
      params = draw(this.options.space, (name) => { const x = record.inside.get(name); if (x === undefined) throw new StateError(name); return x; });
    } catch { // of another program, with other parameters
      params = Object.fromEntries(record.params) as Params<S>;
    }
    return { number: record.number, state: record.state, params, values: record.values, record };
  }
  /** The complete trial with the best value. Throws StateError where there is none. */
  get best(): TrialResult<Params<S>> {
    const [goal] = this.goals;
    if (this.goals.length !== 1 || goal === undefined) throw new StateError(`Study '${this.name}' has ${this.goals.length} objectives, so there is no single best trial; see study.front.`);
    const done = this.#complete(), [best] = done.sort((a, b) => signOf(goal.direction) * ((b.values?.[0] ?? 0) - (a.values?.[0] ?? 0)) || a.number - b.number);
    if (best === undefined) {
      const failed = this.#open.trials.findLast((t) => t.state === 'failed');
      throw new StateError(`Study '${this.name}' has no complete trial yet${failed === undefined ? '' : `; the last failure: ${String(failed.userAttributes.get('error'))}`}.`);
    }
    return this.#result(best);
  }
  /** The complete trials that no other one is better than in every objective (the Pareto front). */
  get front(): TrialResult<Params<S>>[] {
    const done = this.#complete(), ranks = paretoRanks(done.map((t) => t.values ?? []), this.goals);
    return done.filter((_, i) => ranks[i] === 0).map((record) => this.#result(record));
  }
  #complete(): TrialRecord[] { return this.#open.trials.filter((t) => t.state === 'complete' && t.values !== null && !t.values.some(Number.isNaN)); }

  /** Plans a trial with these values (by full name); what is not named is drawn. For defaults that are known to work. */
  enqueue(params: Readonly<Record<string, string | number | boolean | null>>): this {
    this.#begin();
    this.#open.plan(params);
    return this;
  }
  #begin(): StudySetup {
    const { options } = this, ledger = this.#open, known = ledger.record?.userAttributes.get(SEED), seed = options.seed ?? (typeof known === 'number' ? known : 0);
    if (options.seed !== undefined && typeof known === 'number' && known !== options.seed) throw new ValueError(`Study '${this.name}' of ${ledger.path ?? 'memory'} was begun with seed ${known}, not ${options.seed}. Leave the seed out, or give the study another name.`);
    ledger.open(this.goals, { [SEED]: seed });
    return {
      space: options.space, goals: this.goals, sampler: getSampler(options.sampler ?? 'random'), scheduler: getScheduler(options.scheduler ?? null),
      seed: seedOf(seed, ...createHash('sha256').update(this.name).digest().subarray(0, 2)), retries: options.retries ?? 1, maxFailures: options.maxFailures ?? 10, ledger,
    };
  }

  /**
   * Runs trials until as many are there as asked for, or time or budget are spent. In a study whose journal already has trials: StateError; call `resume`.
   * In a worker it never ends: the program that defined the study is run there for its definition only.
   */
  async optimize(options: OptimizeOptions = {}): Promise<this> {
    if (workerRole() !== undefined) return new Promise(() => { /* see worker.ts */ });
    if (this.options.journal !== undefined && this.#open.trials.some((t) => t.state !== 'waiting' || t.reports.size > 0)) {
      throw new StateError(`Study '${this.name}' of ${this.#open.path ?? 'memory'} has ${this.#open.trials.length} trials already. Call resume to go on with it, or give another name or file.`);
    }
    return this.#run(options);
  }
  /** Goes on with the study of the journal where it was stopped or killed, or begins it. Trials count together with those that are there. */
  async resume(options: OptimizeOptions = {}): Promise<this> {
    if (workerRole() !== undefined) return new Promise(() => { /* see worker.ts */ });
    return this.#run(options);
  }
  async #run(options: OptimizeOptions): Promise<this> {
    const { module, run } = this.options;
    const runner = new Runner(this.#begin(), options, { run: run as RunTrial<unknown>, module: module === undefined ? null : String(module), defined: this.#defined });
    await runner.run();
    return this;
  }
}

/**
 * A study. Give `module: import.meta.url` and its trials run in parallel: each worker imports that module and takes `run` from the call of createStudy in it, which must stand at the
 * top level. The module may be the whole program: in a worker it stops where `optimize` is called.
 */
export function createStudy<const S extends Space>(options: StudyOptions<S>): Study<S> {
  const study = new Study(options), role = workerRole();
  if (role !== undefined && options.module !== undefined && String(options.module) === role.module && study.name === role.name) role.define(options.run as RunTrial<unknown>);
  return study;
}
