/** What a model is tested on: pasts, and what came after them. */
import { DataError } from '@limelight/core';
import type { History } from '../log/interactions.ts';
import { Vocabulary } from '../log/vocabulary.ts';

export interface EvaluationSet {
  /** ids of the item numbers in histories and targets. A model with another vocabulary is asked by id; an item that it does not know is a miss. */ readonly items: Vocabulary;
  readonly histories: readonly History[];
  /** items that came after each history, one or more */ readonly targets: readonly Int32Array[];
  /** items besides those of the history that are not to be recommended to this user */ readonly seen?: readonly Int32Array[];
  /** events of each item in the training part (novelty, cold items, debiased scores); default: those of the model's log */ readonly counts?: Int32Array;
}

/** @throws DataError where there is nothing to test on, or lengths differ */
export function checkSet(set: EvaluationSet): void {
  const n = set.histories.length;
  if (n === 0) throw new DataError('The evaluation set has no users. Is the split too late, or the log too short?');
  if (set.targets.length !== n) throw new DataError(`The evaluation set has ${n} histories, but ${set.targets.length} lists of targets.`);
  if (set.seen !== undefined && set.seen.length !== n) throw new DataError(`The evaluation set has ${n} histories, but ${set.seen.length} lists of seen items.`);
  const empty = set.targets.findIndex((list) => list.length === 0);
  if (empty >= 0) throw new DataError(`User ${empty + 1} of the evaluation set has no target. Leave users without targets out.`);
}

/**
 * A set from lists of ids in order of time, for example the lines of two files.
 * @param targets for each history one id or several
 * @param items the vocabulary of the training log, so that numbers agree; ids that it lacks get numbers beyond it
 * @throws DataError where the lists differ in number, or there are none
 */
export function setFromSequences(histories: readonly (readonly (string | number)[])[], targets: readonly (string | number | readonly (string | number)[])[], items: Vocabulary = new Vocabulary()): EvaluationSet {
  if (histories.length !== targets.length) throw new DataError(`There are ${histories.length} histories, but ${targets.length} lists of targets; line i of one belongs to line i of the other.`);
  const known = items.copy(), numbers = (ids: readonly (string | number)[]): Int32Array => Int32Array.from(ids, (id) => known.add(id));
  const set: EvaluationSet = {
    items: known,
    histories: histories.map((ids) => ({ items: numbers(ids), times: null })),
    targets: targets.map((ids) => numbers(typeof ids === 'string' || typeof ids === 'number' ? [ids] : ids)),
  };
  checkSet(set);
  return set;
}
