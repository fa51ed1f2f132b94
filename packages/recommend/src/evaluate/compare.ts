/** Whether one model is better than another on the same users: their differences user by user, with a bootstrap interval and the chance that there is no difference. */
import { NameError, ValueError } from '@limelight/core';
import { bootstrapInterval, bootstrapMeans, type BootstrapOptions } from './bootstrap.ts';
import type { Evaluation } from './evaluation.ts';

export interface Comparison {
  readonly metric: string;
  readonly a: number;
  readonly b: number;
  /** mean of a - b over users */ readonly difference: number;
  readonly interval: readonly [low: number, high: number];
  /** two-sided: how often draws of the users turn the difference round (or make it zero), doubled; at least 1 / draws */ readonly p: number;
  /** the interval does not hold zero */ readonly isSure: boolean;
  readonly users: number;
  /** users for whom a, or b, is better */ readonly wins: readonly [a: number, b: number];
}

/**
 * @param metric a figure that both have for each user, for example 'ndcg@10'
 * @throws NameError where one lacks it; ValueError where they were not made on equally many users
 */
export function compareEvaluations(a: Evaluation, b: Evaluation, metric = 'ndcg@10', options: BootstrapOptions = {}): Comparison {
  const [ours, theirs] = [a.perUser[metric], b.perUser[metric]];
  if (ours === undefined || theirs === undefined) throw new NameError('figure that both have for each user', metric, Object.keys(a.perUser).filter((name) => name in b.perUser));
  if (ours.length !== theirs.length) throw new ValueError(`compareEvaluations: one was made on ${ours.length} users, the other on ${theirs.length}; both must be made on the same set.`);
  const differences = Array.from(ours, (x, i) => x - (theirs[i] as number)).filter((d) => !Number.isNaN(d)), means = bootstrapMeans(differences, options), interval = bootstrapInterval(differences, options);
  const difference = differences.reduce((sum, d) => sum + d, 0) / differences.length;
  let below = 0, above = 0;
  for (const mean of means) { if (mean <= 0) below++; if (mean >= 0) above++; }
  return {
    metric, a: a.get(metric), b: b.get(metric), difference, interval, p: Math.min(1, Math.max(1, 2 * Math.min(below, above)) / means.length), isSure: interval[0] > 0 || interval[1] < 0,
    users: differences.length, wins: [differences.filter((d) => d > 0).length, differences.filter((d) => d < 0).length],
  };
}
