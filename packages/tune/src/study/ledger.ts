/** One study in a journal: what the runner writes, in Optuna's operations. Everything is on the disk when a method returns. */
import { StateError, ValueError } from '@limelight/core';
import type { Distribution } from '../space/parameters.ts';
import { sameDistribution } from '../space/space.ts';
import type { Journal } from './journal.ts';
import { signOf, type Goal } from './objective.ts';
import { OP, packDistribution, type StudyRecord } from './operations.ts';
import { lastStep, STATES, type TrialRecord, type TrialState } from './record.ts';

export interface Drawn { readonly inside: ReadonlyMap<string, number>; readonly distributions: ReadonlyMap<string, Distribution> }

/** Date and time as Python's fromisoformat reads them in every version. */
const now = (): string => new Date().toISOString().replace('Z', '000+00:00');
const LONGEST = 2_000;

export class Ledger {
  readonly #journal: Journal;
  readonly name: string;
  constructor(journal: Journal, name: string) {
    this.#journal = journal;
    this.name = name;
  }
  get record(): StudyRecord | undefined { return this.#journal.study(this.name); }
  get path(): string | null { return this.#journal.path; }
  get #study(): StudyRecord {
    const found = this.record;
    if (found === undefined) throw new StateError(`There is no study '${this.name}'${this.path === null ? '' : ` in ${this.path}`}.`);
    return found;
  }
  get trials(): readonly TrialRecord[] { return this.record?.trials ?? []; }

  /** Makes the study where it is not there yet; one that is there must have the same objectives. */
  open(goals: readonly Goal[], attributes: Readonly<Record<string, unknown>>): void {
    const known = this.record;
    if (known === undefined) {
      this.#journal.append([{ op_code: OP.createStudy, study_name: this.name, directions: goals.map((g) => (signOf(g.direction) > 0 ? 2 : 1)) }]);
      const { id } = this.#study;
      this.#journal.append([
        { op_code: OP.studySystemAttribute, study_id: id, system_attr: { 'study:metric_names': goals.map((g) => g.name) } },
        ...Object.entries(attributes).map(([key, value]) => ({ op_code: OP.studyUserAttribute, study_id: id, user_attr: { [key]: value } })),
      ]);
    } else if (known.directions.length !== goals.length || known.directions.some((d, i) => d !== goals[i]?.direction)) {
      throw new ValueError(`Study '${this.name}' in ${this.path ?? 'memory'} has the directions ${known.directions.join(', ')}, but the objectives ${goals.map((g) => `${g.name} (${g.direction})`).join(', ')} are asked for. Give the study another name.`);
    }
  }
  /** A new trial, running. */
  create(drawn: Drawn, notes: Readonly<Record<string, unknown>>): TrialRecord {
    const id = this.#nextId, { id: study } = this.#study;
    this.#checkRanges(drawn);
    this.#journal.append([
      { op_code: OP.createTrial, study_id: study, datetime_start: now() },
      ...Object.entries(notes).map(([key, value]) => ({ op_code: OP.trialSystemAttribute, trial_id: id, system_attr: { [key]: value } })),
      ...this.#parameters(id, drawn),
    ]);
    const made = this.#study.trials.at(-1);
    if (made === undefined || made.id !== id) throw new StateError(`Another program writes to ${this.path ?? 'the journal'}: the new trial is number ${made?.id}, not ${id}. Only one program at a time may run a study.`);
    return made;
  }
  /** A trial that was planned or stopped early runs (again); parameters that it lacks are added. */
  start(trial: TrialRecord, drawn: Drawn): void {
    this.#checkRanges(drawn);
    const missing: Drawn = { inside: new Map([...drawn.inside].filter(([name]) => !trial.inside.has(name))), distributions: drawn.distributions };
    this.#journal.append([
      ...(trial.state === 'running' ? [] : [{ op_code: OP.trialState, trial_id: trial.id, state: 0, values: null, datetime_start: now() }]),
      ...this.#parameters(trial.id, missing),
    ]);
  }
  /** A trial for later, with these values. */
  plan(params: Readonly<Record<string, unknown>>): void {
    this.#journal.append([{
      op_code: OP.createTrial, study_id: this.#study.id, datetime_start: null, state: 4, value: null, values: null, distributions: {}, params: {}, user_attrs: {},
      system_attrs: { fixed_params: params }, intermediate_values: {},
    }]);
  }
  report(trial: TrialRecord, step: number, value: number): void {
    this.#journal.append([{ op_code: OP.trialReport, trial_id: trial.id, step, intermediate_value: value }]);
  }
  note(trial: TrialRecord, key: string, value: unknown, kind: 'user' | 'system' = 'user'): void {
    this.#journal.append([kind === 'user' ? { op_code: OP.trialUserAttribute, trial_id: trial.id, user_attr: { [key]: value } } : { op_code: OP.trialSystemAttribute, trial_id: trial.id, system_attr: { [key]: value } }]);
  }
  /** The trial's new state; with the notes in one go, so that a kill keeps both or neither. */
  finish(trial: TrialRecord, state: Exclude<TrialState, 'running'>, values: readonly number[] | null, notes: Readonly<Record<string, unknown>> = {}): void {
    this.#journal.append([
      ...Object.entries(notes).map(([key, value]) => ({ op_code: OP.trialUserAttribute, trial_id: trial.id, user_attr: { [key]: typeof value === 'string' ? value.slice(0, LONGEST) : value } })),
      { op_code: OP.trialState, trial_id: trial.id, state: STATES.indexOf(state), values, ...(state === 'waiting' ? {} : { datetime_complete: now() }) },
    ]);
  }
  /** Trials that wait for a promotion that will not come are pruned, with their last report as value. */
  closeWaiting(): void {
    for (const trial of this.trials) {
      if (trial.state !== 'waiting' || trial.reports.size === 0) continue;
      const value = trial.reports.get(lastStep(trial));
      this.finish(trial, 'pruned', value === undefined || Number.isNaN(value) || this.#study.directions.length > 1 ? null : [value]);
    }
  }

  get #nextId(): number { return this.#journal.studies.reduce((n, s) => n + s.trials.length, 0) + this.#journal.deletedTrials; }
  #parameters(id: number, { inside, distributions }: Drawn): { readonly op_code: number; readonly [field: string]: unknown }[] {
    return [...inside].map(([name, value]) => {
      const distribution = distributions.get(name);
      if (distribution === undefined) throw new StateError(`Parameter '${name}' has no distribution.`);
      return { op_code: OP.trialParameter, trial_id: id, param_name: name, param_value_internal: value, distribution: packDistribution(distribution) };
    });
  }
  /** Optuna takes back no parameter whose kind or choices changed; so it is refused here, by name. */
  #checkRanges({ distributions }: Drawn): void {
    for (const [name, d] of distributions) {
      const before = this.trials.find((t) => t.distributions.has(name))?.distributions.get(name);
      if (before !== undefined && (before.kind !== d.kind || (d.kind === 'choice' && !sameDistribution(before, d)))) {
        throw new ValueError(`Parameter '${name}' is ${packDistribution(d)} now, but ${packDistribution(before)} in study '${this.name}'${this.path === null ? '' : ` of ${this.path}`}. Give the changed study another name.`);
      }
    }
  }
}
