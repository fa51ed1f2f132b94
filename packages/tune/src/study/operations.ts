/**
 * The operations of Optuna's journal (one JSON object a line, op codes as in optuna.storages.journal, versions 3.1 to 5.0) and what they mean: `replay` builds studies and trials
 * from them, in the way in which Optuna does. Python writes NaN and Infinity as bare words, so the reader takes them.
 */
import { FormatError } from '@limelight/core';
import type { Choice, Distribution } from '../space/parameters.ts';
import { outside } from '../space/space.ts';
import type { Direction } from './objective.ts';
import { isFinished, STATES, type TrialRecord } from './record.ts';

export const OP = {
  createStudy: 0, deleteStudy: 1, studyUserAttribute: 2, studySystemAttribute: 3, createTrial: 4, trialParameter: 5, trialState: 6, trialReport: 7, trialUserAttribute: 8,
  trialSystemAttribute: 9, discardTrials: 10,
} as const;
export const DIRECTIONS = ['not set', 'minimize', 'maximize'] as const;

export interface Operation { readonly op_code: number; readonly worker_id: string; readonly [field: string]: unknown }

export interface StudyRecord {
  readonly id: number;
  readonly name: string;
  readonly directions: readonly Direction[];
  readonly userAttributes: Map<string, unknown>;
  readonly systemAttributes: Map<string, unknown>;
  readonly trials: TrialRecord[];
}

/** A distribution as Optuna writes it (a JSON text within the JSON). */
export function packDistribution(d: Distribution): string {
  const attributes = d.kind === 'choice' ? { choices: d.choices } : d.kind === 'float' ? { step: d.step, low: d.low, high: d.high, log: d.log } : { log: d.log, step: d.step, low: d.low, high: d.high };
  return JSON.stringify({ name: { float: 'FloatDistribution', int: 'IntDistribution', choice: 'CategoricalDistribution' }[d.kind], attributes });
}
interface Packed { readonly name: string; readonly attributes: { low: number; high: number; step?: number | null; log?: boolean; q?: number; choices: readonly Choice[] } }
export function unpackDistribution(text: string): Distribution {
  const { name, attributes: a } = parseJson(text) as Packed;
  switch (name) {
    case 'FloatDistribution': return { kind: 'float', low: a.low, high: a.high, step: a.step ?? null, log: a.log === true };
    case 'IntDistribution': return { kind: 'int', low: a.low, high: a.high, step: a.step ?? 1, log: a.log === true };
    case 'CategoricalDistribution': return { kind: 'choice', choices: a.choices };
    // of Optuna before 3.0
    case 'UniformDistribution': return { kind: 'float', low: a.low, high: a.high, step: null, log: false };
    case 'LogUniformDistribution': return { kind: 'float', low: a.low, high: a.high, step: null, log: true };
    case 'DiscreteUniformDistribution': return { kind: 'float', low: a.low, high: a.high, step: a.q ?? null, log: false };
    case 'IntUniformDistribution': return { kind: 'int', low: a.low, high: a.high, step: a.step ?? 1, log: false };
    case 'IntLogUniformDistribution': return { kind: 'int', low: a.low, high: a.high, step: 1, log: true };
    default: throw new FormatError(`journal: unknown distribution '${name}'`);
  }
}

/** JSON with Python's bare NaN, Infinity and -Infinity. */
export function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // outside of strings only: the first alternative eats strings whole
    const plain = line.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (word) => (word.startsWith('"') ? word : JSON.stringify({ $number: word })));
    return JSON.parse(plain, (_key, v: unknown) => (v !== null && typeof v === 'object' && '$number' in v ? Number(v.$number) : v));
  }
}
/** JSON in which numbers that JSON lacks are written as Python does. */
export function formatJson(value: unknown): string {
  const marks = new Map<string, string>();
  const text = JSON.stringify(value, (_key, v: unknown) => {
    if (typeof v !== 'number' || Number.isFinite(v)) return v;
    const mark = `\u0001${String(v)}\u0001`;
    marks.set(JSON.stringify(mark), String(v));
    return mark;
  });
  return [...marks].reduce((all, [mark, word]) => all.replaceAll(mark, word), text);
}

/** All studies of a journal, built operation by operation. */
export class Replay {
  readonly studies = new Map<number, StudyRecord>();
  readonly #trials: TrialRecord[] = [];
  #nextStudy = 0;
  /** trials of studies that were deleted; their ids are not used again */
  get deletedTrials(): number { return this.#trials.length - [...this.studies.values()].reduce((n, s) => n + s.trials.length, 0); }

  apply(op: Operation): void {
    const at = op as unknown as Fields;
    switch (op.op_code) {
      case OP.createStudy:
        if ([...this.studies.values()].some((s) => s.name === at.study_name)) return;
        this.studies.set(this.#nextStudy, {
          id: this.#nextStudy, name: at.study_name, directions: at.directions.map((d) => (d === 2 ? 'maximize' : 'minimize')), userAttributes: new Map(), systemAttributes: new Map(), trials: [],
        });
        this.#nextStudy++;
        return;
      case OP.deleteStudy: this.studies.delete(at.study_id); return;
      case OP.studyUserAttribute: case OP.studySystemAttribute: {
        const study = this.studies.get(at.study_id);
        if (study !== undefined) setAll(op.op_code === OP.studyUserAttribute ? study.userAttributes : study.systemAttributes, op.op_code === OP.studyUserAttribute ? at.user_attr : at.system_attr);
        return;
      }
      case OP.createTrial: this.#create(at); return;
      case OP.discardTrials: return;
      default: {
        const trial = this.#trials[at.trial_id];
        if (trial !== undefined && !isFinished(trial)) this.#change(trial, op.op_code, at);
      }
    }
  }
  #create(at: Fields): void {
    const study = this.studies.get(at.study_id);
    if (study === undefined) return;
    const trial: TrialRecord = {
      number: study.trials.length, id: this.#trials.length, state: STATES[at.state ?? 0] ?? 'running', values: at.values ?? (typeof at.value === 'number' ? [at.value] : null),
      params: new Map(), inside: new Map(), distributions: new Map(), reports: new Map(), userAttributes: new Map(Object.entries(at.user_attrs ?? {})),
      systemAttributes: new Map(Object.entries(at.system_attrs ?? {})), started: dateOf(at.datetime_start), ended: dateOf(at.datetime_complete),
    };
    for (const [name, inside] of Object.entries(at.params ?? {})) setParameter(trial, name, inside, at.distributions?.[name] ?? '');
    for (const [step, report] of Object.entries(at.intermediate_values ?? {})) trial.reports.set(Number(step), report);
    study.trials.push(trial);
    this.#trials.push(trial);
  }
  #change(trial: TrialRecord, code: number, at: Fields): void {
    switch (code) {
      case OP.trialParameter: setParameter(trial, at.param_name, at.param_value_internal, at.distribution); return;
      case OP.trialState: {
        const state = STATES[at.state as number] ?? 'running';
        if (state === 'running' && trial.state !== 'running') trial.started = dateOf(at.datetime_start) ?? trial.started;
        trial.state = state;
        if (isFinished(trial)) trial.ended = dateOf(at.datetime_complete);
        if (at.values !== null && at.values !== undefined) trial.values = at.values;
        return;
      }
      case OP.trialReport: trial.reports.set(at.step, at.intermediate_value); return;
      case OP.trialUserAttribute: setAll(trial.userAttributes, at.user_attr); return;
      case OP.trialSystemAttribute: setAll(trial.systemAttributes, at.system_attr); return;
      default: throw new FormatError(`journal: unknown op_code ${code}`);
    }
  }
}

/** Applies lines of a journal. @param before lines of the file that came earlier; returns that number with these lines. Throws FormatError with the number of the line. */
export function replayLines(replay: Replay, lines: readonly string[], path: string, before: number): number {
  lines.forEach((line, i) => {
    try {
      const op = parseJson(line) as Operation;
      if (typeof op !== 'object' || op === null || typeof op.op_code !== 'number') throw new FormatError('it has no op_code');
      replay.apply(op);
    } catch (error) {
      throw new FormatError(`${path} is not a usable journal: line ${before + i + 1}: ${(error as Error).message}`, { cause: error });
    }
  });
  return before + lines.length;
}

/** Fields of all operations; which of them are there depends on the op code. */
interface Fields {
  readonly study_name: string; readonly directions: readonly number[]; readonly study_id: number; readonly trial_id: number;
  readonly user_attr: Readonly<Record<string, unknown>>; readonly system_attr: Readonly<Record<string, unknown>>;
  readonly user_attrs?: Readonly<Record<string, unknown>>; readonly system_attrs?: Readonly<Record<string, unknown>>;
  readonly state?: number; readonly values?: readonly number[] | null; readonly value?: number | null;
  readonly params?: Readonly<Record<string, number>>; readonly distributions?: Readonly<Record<string, string>>; readonly intermediate_values?: Readonly<Record<string, number>>;
  readonly datetime_start?: string | null; readonly datetime_complete?: string | null;
  readonly param_name: string; readonly param_value_internal: number; readonly distribution: string;
  readonly step: number; readonly intermediate_value: number;
}
function setAll(map: Map<string, unknown>, values: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(values)) map.set(key, value);
}
function setParameter(trial: TrialRecord, name: string, inside: number, packed: string): void {
  const distribution = unpackDistribution(packed);
  trial.inside.set(name, inside);
  trial.distributions.set(name, distribution);
  trial.params.set(name, outside(distribution, inside));
}
const dateOf = (text: string | null | undefined): Date | null => (text === null || text === undefined ? null : new Date(text));
