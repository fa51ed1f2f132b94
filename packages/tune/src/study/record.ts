/** A trial as the journal knows it. */
import type { Choice, Distribution } from '../space/parameters.ts';

/** Optuna's numbers of the states are the places in this list. */
export const STATES = ['running', 'complete', 'pruned', 'failed', 'waiting'] as const;
/** 'waiting': it was stopped early and may be promoted, or was planned; 'pruned': it was stopped early for good. */
export type TrialState = (typeof STATES)[number];

export interface TrialRecord {
  /** counted from 0 within the study */ readonly number: number;
  /** within the file */ readonly id: number;
  state: TrialState;
  /** values of the objectives, in their order; null before the end */ values: readonly number[] | null;
  /** parameters by full name, as the user knows them */ readonly params: Map<string, Choice>;
  /** the same in the form of the journal: numbers, and indices of choices */ readonly inside: Map<string, number>;
  readonly distributions: Map<string, Distribution>;
  /** reported values of the first objective by step (epochs done, as a rule) */ readonly reports: Map<number, number>;
  readonly userAttributes: Map<string, unknown>;
  readonly systemAttributes: Map<string, unknown>;
  started: Date | null;
  ended: Date | null;
}

export const isFinished = (trial: { readonly state: TrialState }): boolean => trial.state === 'complete' || trial.state === 'pruned' || trial.state === 'failed';

/** The last step with a report; 0 without any. */
export const lastStep = (trial: TrialRecord): number => Math.max(0, ...trial.reports.keys());

/** What says how good a trial is: its values, or its last report where it was stopped early. null: nothing yet. */
export function scoresOf(trial: TrialRecord): readonly number[] | null {
  if (trial.state === 'complete') return trial.values;
  const report = trial.reports.get(lastStep(trial));
  return report === undefined || Number.isNaN(report) ? null : [report];
}
