/** What a study aims at: names of quantities and which way is better, inferred from the name where it can be. */
import { ValueError } from '@limelight/core';

export type Direction = 'minimize' | 'maximize';
/** A name ('val_accuracy'), or names with directions ({ val_loss: 'minimize', size: 'minimize' }), or a list of names. */
export type ObjectiveLike = string | readonly string[] | Readonly<Record<string, Direction>>;
export interface Goal { readonly name: string; readonly direction: Direction }

const MORE = /(acc|auc|precision|recall|sensitivity|specificity|f1|fbeta|fscore|iou|r2|score|similarity|reward|return|bleu|ndcg|hitrate|truepositive|truenegative|likelihood)/;
const LESS = /(loss|error|mse|mae|mape|rmse|msle|crossentropy|divergence|perplexity|distance|regret|cost|time|latency|second|size|bytes|parameter|memory|falsepositive|falsenegative|hinge|logcosh|poisson|deviance)/;
const plain = (name: string): string => name.replaceAll(/[_\s-]/g, '').toLowerCase();

/** The direction that a name tells, or null. A loss stays a loss whatever else the name says ('accuracy_loss'). */
export function directionOf(name: string): Direction | null {
  const word = plain(name);
  if (word.endsWith('loss') || word.endsWith('error')) return 'minimize';
  if (MORE.test(word)) return 'maximize';
  return LESS.test(word) ? 'minimize' : null;
}

/** @throws ValueError where a direction is neither given nor told by the name */
export function goalsOf(objective: ObjectiveLike): Goal[] {
  const given: (readonly [string, Direction | null])[] = typeof objective === 'string' ? [[objective, null]] : isList(objective) ? objective.map((name) => [name, null]) : Object.entries(objective);
  if (given.length === 0) throw new ValueError('A study needs at least one objective, for example "val_accuracy".');
  return given.map(([name, wanted]) => {
    const direction = wanted ?? directionOf(name);
    if (direction === null) throw new ValueError(`Whether '${name}' is better high or low cannot be told from its name; write objective: { ${JSON.stringify(name)}: 'maximize' } (or 'minimize').`);
    if (direction !== 'minimize' && direction !== 'maximize') throw new ValueError(`Objective '${name}': the direction must be 'minimize' or 'maximize', not '${String(direction)}'.`);
    return { name, direction };
  });
}
const isList = (objective: ObjectiveLike): objective is readonly string[] => Array.isArray(objective);

/** A quantity by name; case, underscores and hyphens do not matter. undefined where it is not there. */
export function find(values: Readonly<Record<string, number>>, name: string): number | undefined {
  const exact = values[name];
  if (exact !== undefined) return exact;
  for (const [key, value] of Object.entries(values)) if (plain(key) === plain(name)) return value;
  return undefined;
}

/** 1 where more is better, else -1. */
export const signOf = (direction: Direction): 1 | -1 => (direction === 'maximize' ? 1 : -1);

/** True where `a` is nowhere worse than `b` and somewhere better. */
export function dominates(a: readonly number[], b: readonly number[], goals: readonly Goal[]): boolean {
  let better = false;
  for (const [i, { direction }] of goals.entries()) {
    const difference = signOf(direction) * ((a[i] ?? Number.NaN) - (b[i] ?? Number.NaN));
    if (!(difference >= 0)) return false;
    if (difference > 0) better = true;
  }
  return better;
}

/** Rank of each point: 0 for those that none dominates, 1 for those that only these dominate, … (non-dominated sorting, Deb et al. 2002). */
export function paretoRanks(points: readonly (readonly number[])[], goals: readonly Goal[]): number[] {
  const ranks = new Array<number>(points.length).fill(-1);
  for (let rank = 0, left = points.length; left > 0; rank++) {
    const front = [...points.keys()].filter((i) => ranks[i] === -1 && !points.some((other, j) => (ranks[j] === -1) && dominates(other, points[i] ?? [], goals)));
    if (front.length === 0) break; // NaN: nothing is better than anything
    for (const i of front) ranks[i] = rank;
    left -= front.length;
  }
  return ranks;
}
