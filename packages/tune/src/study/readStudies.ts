/** Studies of a journal as they stand, for pages and tables: read only, no lock is taken, so a study that runs may be looked at. */
import { readFileSync } from 'node:fs';
import { FormatError } from '@limelight/core';
import { signOf, type Goal } from './objective.ts';
import { Replay, replayLines } from './operations.ts';
import type { TrialRecord } from './record.ts';

export interface StudySummary {
  readonly name: string;
  /** names where the journal has them, else 'value' */ readonly goals: readonly Goal[];
  /** in the order of their numbers */ readonly trials: readonly TrialRecord[];
  /** complete trials, the best by the first objective first */ readonly ranked: readonly TrialRecord[];
}

/**
 * All studies of a journal file, those of Optuna too. A last line that has no end yet is left out.
 * @throws FormatError where the file cannot be read or is no journal; it names the line
 */
export function readStudies(path: string): StudySummary[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new FormatError(`cannot read the journal '${path}': ${(error as Error).message}`, { cause: error });
  }
  const replay = new Replay();
  replayLines(replay, text.split('\n').slice(0, -1), path, 0);
  return [...replay.studies.values()].map(({ name, directions, systemAttributes, trials }) => {
    const names = systemAttributes.get('study:metric_names'), own = Array.isArray(names) ? (names as unknown[]) : [];
    const goals = directions.map((direction, i): Goal => ({ name: String(own[i] ?? (directions.length === 1 ? 'value' : `value ${i + 1}`)), direction })), sign = signOf(goals[0]?.direction ?? 'minimize');
    const ranked = trials.filter((t) => t.state === 'complete' && t.values !== null && !t.values.some(Number.isNaN)).sort((a, b) => sign * ((b.values?.[0] ?? 0) - (a.values?.[0] ?? 0)) || a.number - b.number);
    return { name, goals, trials, ranked };
  });
}
