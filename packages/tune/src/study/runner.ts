/** The loop of a study: decides what runs next, keeps the workers busy, and writes down what happens before anything else depends on it. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { AbortedError, LimelightError, StateError, ValueError } from '@limelight/core';
import { seedOf } from '../random.ts';
import type { Choice, Distribution } from '../space/parameters.ts';
import { draw, snap } from '../space/space.ts';
import { REPLACED } from '../schedulers/halving.ts';
import { workerPool } from '../workers/pool.ts';
import { inProcess, type Executor } from './executor.ts';
import type { Drawn } from './ledger.ts';
import { find } from './objective.ts';
import { isFinished, lastStep, type TrialRecord } from './record.ts';
import type { StudySetup } from './study.ts';
import type { Outcome, RunTrial } from './trial.ts';

export interface OptimizeOptions {
  /** how many trials in all (those of a resumed study included, retries not); default 20, or without end where time or budget end it */ readonly trials?: number;
  /** steps (epochs) of all trials together, with a scheduler */ readonly budget?: number;
  /** seconds after which no trial is begun any more; those that run are finished */ readonly timeout?: number;
  /** trials at a time; default with a module: one per core, at most 8; without: 1 */ readonly workers?: number;
  readonly signal?: AbortSignal;
  /** a trial ended, or was stopped early */ readonly onTrial?: (trial: TrialRecord) => void;
  readonly onStart?: (trial: TrialRecord) => void;
  readonly onReport?: (trial: TrialRecord, step: number, value: number) => void;
}
interface Work { readonly run: RunTrial<unknown>; readonly module: string | null; readonly defined: string }
interface Task { readonly trial: TrialRecord; readonly params: unknown; readonly budget: number | null }

/** Raised for what no other trial will do better: the objective's name is wrong. */
class NeverReported extends ValueError {}

export class Runner {
  readonly #setup: StudySetup;
  readonly #options: OptimizeOptions;
  readonly #executor: Executor;
  readonly #running = new Map<number, { readonly task: Task; readonly done: Promise<void> }>();
  readonly #started = Date.now();
  readonly #stop = new AbortController();
  /** those that ran when an earlier process was killed */
  #orphans: TrialRecord[];
  #failures = 0;
  #fatal: Error | null = null;
  #folder: string | null = null;

  constructor(setup: StudySetup, options: OptimizeOptions, work: Work) {
    const { trials, budget, timeout, workers } = options;
    for (const [name, n] of Object.entries({ trials, budget, workers })) if (n !== undefined && (!Number.isInteger(n) || n < 1)) throw new ValueError(`optimize: ${name} must be a whole number of at least 1, not ${n}.`);
    if (timeout !== undefined && !(timeout > 0)) throw new ValueError(`optimize: timeout must be above 0 seconds, not ${timeout}.`);
    if (budget !== undefined && setup.scheduler === null) throw new ValueError('optimize: budget counts the steps that a scheduler gives out; without a scheduler use trials or timeout.');
    if (work.module === null && workers !== undefined && workers > 1) throw new ValueError(`optimize: ${workers} workers need to know where the objective is defined: give createStudy { module: import.meta.url }.`);
    this.#setup = setup;
    this.#options = options;
    const width = workers ?? (work.module === null ? 1 : Math.min(8, availableParallelism()));
    this.#executor = width === 1 || work.module === null ? inProcess(work.run) : workerPool(work.module, work.defined, width);
    this.#orphans = setup.ledger.trials.filter((t) => t.state === 'running');
  }

  async run(): Promise<void> {
    const { ledger } = this.#setup, { signal } = this.#options, abort = (): void => { this.#stop.abort(); };
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted === true) abort();
    try {
      while (!this.#stop.signal.aborted) {
        while (this.#running.size < this.#executor.width) {
          const task = this.#next();
          if (task === null) break;
          this.#start(task);
        }
        if (this.#running.size === 0) break;
        await Promise.race([...this.#running.values()].map((r) => r.done));
      }
      await Promise.all([...this.#running.values()].map((r) => r.done));
      if (this.#fatal !== null) throw this.#fatal;
      if (this.#stop.signal.aborted) throw new AbortedError(`Study '${ledger.name}' was stopped; ${ledger.trials.filter(isFinished).length} trials are finished. resume goes on.`);
      ledger.closeWaiting();
    } finally {
      signal?.removeEventListener('abort', abort);
      await this.#executor.close();
      if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
      for (const trial of ledger.trials) if (isFinished(trial)) this.#forget(trial);
    }
  }

  // What is next

  #next(): Task | null {
    const { ledger, scheduler, goals, space, sampler } = this.#setup, { trials } = ledger;
    const orphan = this.#orphans.shift();
    if (orphan !== undefined) return this.#again(orphan, this.#budgetOf(orphan));
    if (this.#late) return null;
    const planned = trials.find((t) => t.state === 'waiting' && t.systemAttributes.has('fixed_params') && t.reports.size === 0);
    if (planned !== undefined) return this.#again(planned, scheduler === null ? null : this.#firstBudget());
    const retry = trials.find((t) => t.state === 'failed' && t.systemAttributes.has(REPLACED) && !trials.some((o) => o.systemAttributes.get('failed_trial') === t.number));
    if (retry !== undefined) return this.#retry(retry);
    const size = sampler.size(space), begun = trials.filter((t) => !t.systemAttributes.has('failed_trial')).length;
    const most = Math.min(this.#options.trials ?? (this.#options.budget === undefined && this.#options.timeout === undefined ? 20 : Infinity), size ?? Infinity);
    if (scheduler === null) return begun < most ? this.#fresh(null, {}) : null;
    const [goal] = goals;
    if (goal === undefined) throw new StateError('a scheduler needs an objective');
    const left = (this.#options.budget ?? Infinity) - this.#spent();
    const decide = (closed: boolean): Task | null => {
      const decision = scheduler.next({ goal, trials, closed });
      if (decision === null || decision.kind === 'wait') return null;
      if (decision.kind === 'begin') return decision.budget <= left ? this.#fresh(decision.budget, decision.note) : closed ? null : decide(true);
      return decision.budget - lastStep(decision.trial) <= left ? this.#again(decision.trial, decision.budget) : null;
    };
    return decide(begun >= most);
  }
  get #late(): boolean { return this.#fatal !== null || this.#stop.signal.aborted || (this.#options.timeout !== undefined && Date.now() - this.#started > 1000 * this.#options.timeout); }
  /** Steps that were given out, also those that trials still have before them. */
  #spent(): number {
    return this.#setup.ledger.trials.reduce((sum, t) => sum + Math.max(lastStep(t), this.#running.get(t.number)?.task.budget ?? 0), 0);
  }
  #firstBudget(): number {
    const { scheduler, goals, ledger } = this.#setup, [goal] = goals;
    const decision = goal === undefined ? null : scheduler?.next({ goal, trials: ledger.trials, closed: false });
    return decision?.kind === 'begin' ? decision.budget : scheduler?.most ?? 1;
  }
  /** How far a trial that was killed was meant to go. */
  #budgetOf(trial: TrialRecord): number | null {
    const noted = trial.systemAttributes.get('limelight:budget');
    return this.#setup.scheduler === null || typeof noted !== 'number' ? (this.#setup.scheduler === null ? null : this.#firstBudget()) : noted;
  }

  /** Values for a trial: those that are known, the rest as the sampler chooses. */
  #draw(number: number, known: (name: string, d: Distribution) => number | undefined): { readonly params: unknown; readonly drawn: Drawn } {
    const { sampler, space, ledger, goals, seed } = this.#setup, suggest = sampler.begin(space, { goals, trials: ledger.trials, number, seed });
    const inside = new Map<string, number>(), distributions = new Map<string, Distribution>();
    const params = draw(space, (name, d) => {
      const own = suggest(name, d), x = known(name, d) ?? own; // asked for in any case, so that the numbers after it are the same
      inside.set(name, x);
      distributions.set(name, d);
      return x;
    });
    return { params, drawn: { inside, distributions } };
  }
  #fresh(budget: number | null, notes: Readonly<Record<string, unknown>>): Task {
    const { params, drawn } = this.#draw(this.#setup.ledger.trials.length, () => undefined);
    return { trial: this.#setup.ledger.create(drawn, { ...notes, ...(budget === null ? {} : { 'limelight:budget': budget }) }), params, budget };
  }
  #again(trial: TrialRecord, budget: number | null): Task {
    const fixed = (trial.systemAttributes.get('fixed_params') ?? {}) as Readonly<Record<string, Choice>>;
    const { params, drawn } = this.#draw(trial.number, (name, d) => trial.inside.get(name) ?? insideOf(name, d, fixed[name]));
    if (budget !== null && trial.systemAttributes.get('limelight:budget') !== budget) this.#setup.ledger.note(trial, 'limelight:budget', budget, 'system');
    this.#setup.ledger.start(trial, drawn);
    return { trial, params, budget };
  }
  #retry(failed: TrialRecord): Task {
    const { ledger } = this.#setup, { params, drawn } = this.#draw(ledger.trials.length, (name) => failed.inside.get(name)), history = failed.systemAttributes.get('retry_history');
    const own = Object.fromEntries([...failed.systemAttributes].filter(([key]) => key.startsWith('limelight:') && key !== REPLACED));
    const first = failed.systemAttributes.get('failed_trial');
    return { trial: ledger.create(drawn, { ...own, failed_trial: failed.number, retry_history: [...(Array.isArray(history) ? history as number[] : typeof first === 'number' ? [first] : []), failed.number] }), params, budget: this.#budgetOf(failed) };
  }

  // Running one

  #start(task: Task): void {
    const { trial } = task;
    this.#options.onStart?.(trial);
    const done = this.#work(task).catch((error: unknown) => { this.#fatal ??= error as Error; }).finally(() => { this.#running.delete(trial.number); });
    this.#running.set(trial.number, { task, done });
  }
  async #work({ trial, params, budget }: Task): Promise<void> {
    const { ledger, goals, seed, scheduler } = this.#setup, started = performance.now(), first = goals[0]?.name ?? '';
    const events = {
      report: (step: number, values: Readonly<Record<string, number>> | number): void => {
        const value = typeof values === 'number' ? values : find(values, first);
        if (value === undefined || !Number.isInteger(step)) return;
        ledger.report(trial, step, value);
        this.#options.onReport?.(trial, step, value);
      },
      note: (key: string, value: unknown): void => { ledger.note(trial, key, value); },
    };
    const before = trial.userAttributes.get('seconds'), seconds = (): number => Number(((typeof before === 'number' ? before : 0) + (performance.now() - started) / 1000).toFixed(3));
    try {
      const outcome = await this.#executor.run({ number: trial.number, params, seed: seedOf(seed, this.#root(trial)), budget, checkpoint: this.#checkpoint(trial), everyEpoch: ledger.path !== null }, events, this.#stop.signal);
      const { values, others } = this.#values(trial, outcome);
      const [value] = values;
      if (values.some(Number.isNaN) || value === undefined) throw new ValueError(`the objective ${goals.map((g) => g.name).join(', ')} is ${values.join(', ')}`);
      if (scheduler !== null && budget !== null && !trial.reports.has(budget)) ledger.report(trial, budget, value);
      const notes = { ...(others === null ? {} : { metrics: others }), seconds: seconds() };
      if (scheduler !== null && budget !== null && scheduler.mayGoOn(budget)) ledger.finish(trial, 'waiting', null, notes);
      else ledger.finish(trial, 'complete', values, notes);
      this.#failures = 0;
    } catch (error) {
      if (error instanceof AbortedError || (error instanceof LimelightError && error.code === 'aborted') || this.#stop.signal.aborted) return; // it stays as one that runs, for resume
      this.#failed(trial, error instanceof Error ? error : new Error(String(error)), seconds());
    }
    this.#options.onTrial?.(trial);
  }
  #failed(trial: TrialRecord, error: Error, seconds: number): void {
    const { ledger, retries, maxFailures } = this.#setup, history = trial.systemAttributes.get('retry_history'), tried = Array.isArray(history) ? history.length : 0;
    const again = tried < retries && !(error instanceof NeverReported);
    if (again) ledger.note(trial, REPLACED, true, 'system');
    ledger.finish(trial, 'failed', null, { error: error.message, seconds });
    if (error instanceof NeverReported) this.#fatal = error;
    else if (++this.#failures >= maxFailures) this.#fatal = new StateError(`Study '${ledger.name}': ${this.#failures} trials failed one after the other. The last error: ${error.message}`);
  }
  /** A retried trial trains like the one that failed. */
  #root(trial: TrialRecord): number {
    const history = trial.systemAttributes.get('retry_history');
    return Array.isArray(history) && typeof history[0] === 'number' ? history[0] : trial.number;
  }
  #values(trial: TrialRecord, outcome: Outcome | undefined): { readonly values: readonly number[]; readonly others: Readonly<Record<string, number>> | null } {
    const { goals } = this.#setup, names = goals.map((g) => g.name);
    if (typeof outcome === 'number') {
      if (goals.length > 1) throw new NeverReported(`The study has ${goals.length} objectives (${names.join(', ')}), but run gave one number; give { ${names.join(', ')} }.`);
      return { values: [outcome], others: null };
    }
    if (isList(outcome)) {
      if (outcome.length !== goals.length) throw new NeverReported(`The study has ${goals.length} objectives (${names.join(', ')}), but run gave ${outcome.length} numbers.`);
      return { values: outcome, others: null };
    }
    const given = outcome ?? {}, reported = trial.reports.get(lastStep(trial));
    const values = names.map((name, i) => {
      const value = find(given, name) ?? (i === 0 ? reported : undefined);
      if (value === undefined) {
        const there = Object.keys(given);
        throw new NeverReported(`Trial ${trial.number} never reported the objective '${name}': ${there.length === 0 ? 'run gave nothing' : `run gave ${there.join(', ')}`}. Return it from run, or call trial.report(step, value).`);
      }
      return value;
    });
    return { values, others: outcome === undefined ? null : given };
  }

  // Checkpoints

  #checkpoint(trial: TrialRecord): string | null {
    const { ledger, scheduler } = this.#setup;
    if (ledger.path !== null) return join(`${ledger.path}.checkpoints`, `${ledger.name.replaceAll(/[^\w.-]/g, '_')}-${trial.number}.safetensors`);
    if (scheduler === null) return null;
    this.#folder ??= mkdtempSync(join(tmpdir(), 'limelight-tune-'));
    return join(this.#folder, `${trial.number}.safetensors`);
  }
  #forget(trial: TrialRecord): void {
    const path = this.#setup.ledger.path === null ? null : this.#checkpoint(trial);
    if (path !== null && existsSync(path)) rmSync(path, { force: true });
  }
}

const isList = (outcome: Outcome | undefined): outcome is readonly number[] => Array.isArray(outcome);
/** The inside form of a planned value. */
function insideOf(name: string, d: Distribution, value: Choice | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (d.kind === 'choice') {
    const i = d.choices.indexOf(value);
    if (i < 0) throw new ValueError(`Planned value ${JSON.stringify(value)} of '${name}' is none of ${d.choices.map((c) => JSON.stringify(c)).join(', ')}.`);
    return i;
  }
  if (typeof value !== 'number' || snap(d, value) !== value) throw new ValueError(`Planned value ${JSON.stringify(value)} of '${name}' is not in ${d.low}…${d.high}${d.step === null ? '' : ` by ${d.step}`}.`);
  return value;
}
