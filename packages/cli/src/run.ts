/** What is written beside a trained model: how it was trained (.run.json) and its history by epoch (.history.csv). */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

export interface RunRecord {
  readonly dataset: string;
  /** of the dataset's training data that were used, those set aside for validation among them */
  readonly samples: number;
  readonly validationSplit: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
}

export const historyPath = (model: string): string => `${model}.history.csv`;
const recordPath = (model: string): string => `${model}.run.json`;

export function writeRun(model: string, record: RunRecord): void { writeFileSync(recordPath(model), `${JSON.stringify(record, null, 2)}\n`); }

/** null where there is none, or it is no such record: a report can do without. */
export function readRun(model: string): RunRecord | null {
  if (!existsSync(recordPath(model))) return null;
  try {
    const value = JSON.parse(readFileSync(recordPath(model), 'utf8')) as Partial<RunRecord> | null;
    return value !== null && typeof value.dataset === 'string' && typeof value.samples === 'number' ? (value as RunRecord) : null;
  } catch {
    return null;
  }
}

/** Columns of a history by name; null where there is none. */
export function readHistory(path: string): Map<string, number[]> | null {
  if (!existsSync(path)) return null;
  const [head = '', ...rows] = readFileSync(path, 'utf8').trim().split(/\r?\n/), cells = rows.map((row) => row.split(',').map(Number));
  return new Map(head.split(',').map((name, i) => [name, cells.map((row) => row[i] ?? Number.NaN)]));
}
