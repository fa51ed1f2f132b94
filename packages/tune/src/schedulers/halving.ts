/**
 * Early stopping by rungs: many trials get a little training, the best share of them more, and so on.
 *
 * `successiveHalving`: asynchronous (ASHA, Li et al. 2020): a trial is promoted as soon as it is among the best of those that reached its rung; no worker ever waits.
 * `hyperband` (Li et al. 2018): brackets that begin with different numbers of trials and first budgets, so that slow starters get a chance; within a bracket a rung is promoted
 * when it is full. Workers that would wait begin the next bracket.
 */
import { ValueError } from '@limelight/core';
import { signOf, type Goal } from '../study/objective.ts';
import type { TrialRecord } from '../study/record.ts';
import type { Scheduler } from './scheduler.ts';

export interface HalvingOptions {
  /** steps of the first rung; default 1 */ readonly minEpochs?: number;
  /** steps of a trial that goes to the end; default 27 */ readonly maxEpochs?: number;
  /** one of so many is promoted, and gets so many times the steps; default 3 */ readonly factor?: number;
}

function check(who: string, { minEpochs = 1, maxEpochs = 27, factor = 3 }: HalvingOptions): Required<HalvingOptions> {
  if (!Number.isInteger(minEpochs) || minEpochs < 1 || !Number.isInteger(maxEpochs) || maxEpochs < minEpochs) throw new ValueError(`${who}: minEpochs ${minEpochs} and maxEpochs ${maxEpochs} must be whole numbers, 1 ≤ minEpochs ≤ maxEpochs.`);
  if (!(factor >= 2)) throw new ValueError(`${who}: factor must be at least 2, not ${factor}.`);
  return { minEpochs, maxEpochs, factor };
}
/** Steps at which trials are compared: the last is maxEpochs, each one before it is `factor` times smaller. */
export function rungs(least: number, most: number, factor: number): number[] {
  const list: number[] = [];
  for (let r = most; r >= least - 1e-9; r /= factor) list.unshift(Math.max(1, Math.round(r)));
  return [...new Set(list)];
}

/** Those of a rung that did best, best first; failed trials count as worst, and earlier ones win ties. */
const ranking = (trials: readonly TrialRecord[], step: number, goal: Goal): TrialRecord[] => {
  const scoreOf = (t: TrialRecord): number => { const v = t.reports.get(step); return v === undefined || Number.isNaN(v) ? -Infinity : signOf(goal.direction) * v; };
  return [...trials].sort((a, b) => (scoreOf(a) === scoreOf(b) ? a.number - b.number : scoreOf(b) - scoreOf(a)));
};
const reached = (t: TrialRecord, step: number): boolean => t.reports.has(step) && t.state !== 'failed';
/** System attributes of trials: the bracket; set where another trial takes its place. */
const NOTE = 'limelight:bracket';
export const REPLACED = 'limelight:replaced';
const bracketOf = (t: TrialRecord): number => { const note = t.systemAttributes.get(NOTE); return typeof note === 'number' ? note : -1; };

/** Trials of a bracket; one that failed and is tried again counts once. */
const ofBracket = (trials: readonly TrialRecord[], b: number): TrialRecord[] => trials.filter((t) => bracketOf(t) === b && !t.systemAttributes.has(REPLACED));

export function successiveHalving(options: HalvingOptions = {}): Scheduler {
  const { minEpochs, maxEpochs, factor } = check('successiveHalving', options), steps = rungs(minEpochs, maxEpochs, factor);
  return {
    name: 'asha',
    most: maxEpochs,
    mayGoOn: (step) => step < maxEpochs,
    next: ({ goal, trials, closed }) => {
      for (let k = steps.length - 2; k >= 0; k--) {
        const step = steps[k] as number, there = trials.filter((t) => reached(t, step)), top = ranking(there, step, goal).slice(0, Math.floor(there.length / factor));
        const next = top.find((t) => t.state === 'waiting' && !t.reports.has(steps[k + 1] as number));
        if (next !== undefined) return { kind: 'resume', trial: next, budget: steps[k + 1] as number };
      }
      if (!closed) return { kind: 'begin', budget: steps[0] as number, note: { [NOTE]: 0 } };
      return trials.some((t) => t.state === 'running') ? { kind: 'wait' } : null;
    },
  };
}

/** One bracket of Hyperband: how many trials begin, and the rungs that they climb. */
interface Bracket { readonly count: number; readonly steps: readonly number[] }
export function brackets({ minEpochs = 1, maxEpochs = 27, factor = 3 }: HalvingOptions): Bracket[] {
  const all = rungs(minEpochs, maxEpochs, factor), most = all.length - 1;
  return Array.from({ length: all.length }, (_, i) => {
    const s = most - i;
    return { count: Math.ceil(((most + 1) / (s + 1)) * factor ** s), steps: all.slice(i) };
  });
}

export function hyperband(options: HalvingOptions = {}): Scheduler {
  const checked = check('hyperband', options), { maxEpochs, factor } = checked, plan = brackets(checked);
  return {
    name: 'hyperband',
    most: maxEpochs,
    mayGoOn: (step) => step < maxEpochs,
    next: ({ goal, trials, closed }) => {
      const last = Math.max(-1, ...trials.map(bracketOf));
      for (let b = 0; b <= last; b++) {
        const { count, steps } = plan[b % plan.length] as Bracket, own = ofBracket(trials, b);
        if (own.length < count && !(closed || b < last)) continue; // still filling
        for (let k = 0, size = own.length; k + 1 < steps.length; k++) {
          const step = steps[k] as number, there = ranking(own.filter((t) => reached(t, step)), step, goal);
          if (there.length + own.filter((t) => t.state === 'failed' && !t.reports.has(step)).length < size) break; // the rung is not full
          size = Math.max(1, Math.floor(size / factor));
          const next = there.slice(0, size).find((t) => t.state === 'waiting' && !t.reports.has(steps[k + 1] as number));
          if (next !== undefined) return { kind: 'resume', trial: next, budget: steps[k + 1] as number };
        }
      }
      if (!closed) {
        const b = last < 0 || ofBracket(trials, last).length >= (plan[last % plan.length] as Bracket).count ? last + 1 : last;
        return { kind: 'begin', budget: (plan[b % plan.length] as Bracket).steps[0] as number, note: { [NOTE]: b } };
      }
      return trials.some((t) => t.state === 'running') ? { kind: 'wait' } : null;
    },
  };
}
