/**
 * How far each trial is trained. A scheduler reads the trials alone (their reports and the bracket noted in them), so after a kill it knows all that it knew before. Steps are
 * whatever the objective reports, epochs as a rule.
 */
import { NameError } from '@limelight/core';
import type { Goal } from '../study/objective.ts';
import type { TrialRecord } from '../study/record.ts';
import { hyperband, successiveHalving } from './halving.ts';

export interface ScheduleView {
  readonly goal: Goal;
  readonly trials: readonly TrialRecord[];
  /** no new trial will be begun any more */ readonly closed: boolean;
}
/** What to do next: begin a trial, let one go on, wait for one that runs; null: nothing is left to do. */
export type Decision =
  | { readonly kind: 'begin'; readonly budget: number; readonly note: Readonly<Record<string, unknown>> }
  | { readonly kind: 'resume'; readonly trial: TrialRecord; readonly budget: number }
  | { readonly kind: 'wait' } | null;

export interface Scheduler {
  readonly name: string;
  /** steps of a trial that goes to the end */ readonly most: number;
  next(view: ScheduleView): Decision;
  /** Whether a trial with a report at `step` may go further later; else it is complete. */
  mayGoOn(step: number): boolean;
}

export type SchedulerLike = Scheduler | 'hyperband' | 'asha' | null;
const TABLE = { hyperband: () => hyperband(), asha: () => successiveHalving() } as const;
export function getScheduler(like: SchedulerLike): Scheduler | null {
  if (typeof like !== 'string') return like;
  if (!(like in TABLE)) throw new NameError('scheduler', like, Object.keys(TABLE));
  return TABLE[like]();
}
